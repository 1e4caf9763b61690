"""Beeline: an XSI event -> statements about a call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, hook_of
from voronka.calls.providers.beeline.xml import Node, tree_of
from voronka.calls.providers.legs import (
    OUTCOMES,
    answered,
    client,
    demand_number,
    ended,
    is_extension,
    leg_of,
    over,
    own_word,
    person,
    short_ref,
    text_of,
)
from voronka.calls.providers.moments import moment_of
from voronka.calls.signals import Signal, UnreadableError

EVENTS = {
    "CallReceivedEvent": "rings", "CallOriginatingEvent": "rings",
    "CallOriginatedEvent": "rings", "CallAnsweredEvent": "answers",
    "CallReleasedEvent": "over", "CallRedirectedEvent": "leaves",
    "CallTransferredEvent": "leaves", "CallHeldEvent": "held", "CallRetrievedEvent": "resumed",
    "CallUpdatedEvent": "more", "CallCollectingEvent": "more",
}  # fmt: skip
ENDED_SUBSCRIPTION = "SubscriptionTerminatedEvent"
TERMINATOR, GROUP = "Terminator", "Group"
CAUSES = {"Busy": "busy", "Temporarily Unavailable": "unreachable", "Forbidden": "unreachable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One event, read. `own`: the employee it was told of; `is_inner`: the other side is one
    of ours, too.
    """

    at: float
    what: str
    is_out: bool
    is_inner: bool
    own: str
    other: str
    line: str
    started_at: float
    answered_at: float | None
    cause: str


def kind_of(tree: Node) -> str:
    """Give what kind of event it is, without its prefix."""
    data = tree.first("eventData")
    return (data.attributes.get("type", "") if data else "").rpartition(":")[2]


def ref_of_tree(tree: Node) -> str:
    """Give which call is spoken of: the name that both its halves bear."""
    data = tree.first("eventData") or tree
    return short_ref(data.word("extTrackingId") or data.word("callId"))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read,
    UnreadableError when it says that no more will be told.
    """
    tree = tree_of(hook_of(event.body, at=event.at).body)
    if kind_of(tree) == ENDED_SUBSCRIPTION:
        raise UnreadableError("subscription_over")
    return ref_of_tree(tree)


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        yield own_word(event)
        return
    hook = hook_of(event.body, at=event.at)
    said = _said(tree_of(hook.body), hook, exchange)
    if not said.what:
        raise UnreadableError("unknown_event")
    yield from _there(said)
    if said.what == "answers":
        yield from _answered(said, said.answered_at or said.at)
    elif said.what in ("held", "resumed"):
        yield Signal(kind=said.what, at=said.at, order=1, leg=leg_of(said.own))
    elif said.what in ("over", "leaves"):
        yield from _left(said)
    demand_number(said.other)


def _said(tree: Node, hook: Hook, exchange: Exchange) -> Said:
    data = tree.first("eventData") or Node("", {})
    what = EVENTS.get(kind_of(tree), "")
    near, zone = hook.at, exchange.zone
    started, taken, released = (
        moment_of(data.word(name), zone=zone, near=near)
        for name in ("startTime", "answerTime", "releaseTime")
    )
    at = {"rings": started, "answers": taken, "over": released}.get(what)
    other = _number(data.word("remoteParty", "address") or data.word("remoteAddress"))
    redirections = data.first("redirections")
    at = hook.at.timestamp() if at is None else at
    return Said(
        at=at,
        what=what,
        is_out=(data.word("personality") or _side_of(kind_of(tree))) != TERMINATOR,
        is_inner=is_extension(other) or data.word("remoteParty", "callType") == GROUP,
        own=_own(tree, data, exchange.options),
        other=other,
        line=_number(_last_address(redirections)) if redirections else "",
        started_at=at if started is None else started,
        answered_at=taken,
        cause=CAUSES.get(data.word("internalReleaseCause"), ""),
    )


def _side_of(kind: str) -> str:
    return TERMINATOR if kind == "CallReceivedEvent" else ""


def _own(tree: Node, data: Node, options: Mapping[str, Any]) -> str:
    """Give whose event it is: its own number is nearly always empty, so the subscription tells,
    or the one it is for.
    """
    people = options.get("subscriptions") or {}
    names = [tree.word("subscriptionId"), tree.word("targetId")]
    found = [str(people[name]) for name in names if name and name in people]
    found += [data.word("extension"), names[1].partition("@")[0]]
    return text_of({"own": next(filter(None, found), "")}, "own")


def _number(address: str) -> str:
    """Give +79001112233 of tel:+79001112233 or sip:79001112233@host."""
    return text_of({"number": address.partition(":")[2] or address}, "number").partition("@")[0]


def _last_address(node: Node) -> str:
    found = [node.text] if node.name == "address" else []
    found += [_last_address(child) for child in node.children]
    return next(filter(None, (one.strip() for one in reversed(found))), "")


def _there(said: Said) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost."""
    at = said.started_at
    if said.is_inner:
        dialled = (said.other or "?") if said.is_out else ""
        yield person(at, said.own, dialled=dialled, direction="internal")
        return
    direction = "out" if said.is_out else "in"
    yield from client(at, said.other, line=said.line, direction=direction)
    if said.own:
        yield person(at, said.own, dialled=(said.other or "?") if said.is_out else "")


def _answered(said: Said, at: float) -> Iterator[Signal]:
    # Among ourselves the one who is called takes the call, the other half only hears of it.
    if said.own and not (said.is_inner and said.is_out):
        yield answered(at, said.own)


def _left(said: Said) -> Iterator[Signal]:
    """One employee is out. The call may go on: passed on, or to another one of a group."""
    if said.own:
        yield ended(said.at, leg_of(said.own), cause=said.cause)
    if said.answered_at:
        yield from _answered(said, said.answered_at)
    if said.is_out and said.what == "over" and not said.answered_at and not said.is_inner:
        yield from over(said.at, cause=said.cause)
        outcome = OUTCOMES.get(said.cause, "")
        yield Signal(kind="summary", at=said.at, order=3, talk_seconds=0.0, outcome=outcome)
