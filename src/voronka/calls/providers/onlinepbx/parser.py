"""OnlinePBX: fields of a web hook -> statements about a call."""

from collections.abc import Iterator
from dataclasses import dataclass

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.legs import (
    OUTCOMES,
    answered,
    client,
    demand_number,
    ended,
    is_extension,
    is_same_number,
    leg_of,
    over,
    own_word,
    person,
    short_ref,
    text_of,
)
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.signals import Signal, UnreadableError

EVENTS = ("call_start", "call_answered", "call_missed", "call_end")
DIRECTIONS = {"inbound": "in", "incoming": "in", "outbound": "out", "outgoing": "out"}
CAUSES = {
    "USER_BUSY": "busy", "CALL_REJECTED": "rejected", "ORIGINATOR_CANCEL": "cancelled",
    "UNALLOCATED_NUMBER": "unreachable", "SUBSCRIBER_ABSENT": "unreachable",
    "NO_ROUTE_DESTINATION": "unreachable", "DESTINATION_OUT_OF_ORDER": "unreachable",
    "USER_NOT_REGISTERED": "unreachable", "INVALID_NUMBER_FORMAT": "unreachable",
}  # fmt: skip
"""Of the platform's many causes those that change what a call came to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One web hook, read. `own`: our telephone, "" when none is named; `other`: among
    ourselves, who is called; `number`: the client's.
    """

    at: float
    event: str
    direction: str
    number: str
    own: str
    other: str
    line: str
    cause: str
    whole: float | None
    talk: float | None
    link: str

    @property
    def taker(self) -> str:
        """Give whose telephone has the talk, "" when it is not told."""
        return self.other if self.direction == "internal" else self.own


def ref_of_fields(fields: dict[str, str]) -> str:
    """Give which call is spoken of."""
    return short_ref(fields.get("uuid", ""))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read."""
    return ref_of_fields(fields_of(hook_of(event.body, at=event.at)))


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        yield own_word(event)
        return
    hook = hook_of(event.body, at=event.at)
    said = _said(fields_of(hook), hook, exchange.zone)
    if said.event not in EVENTS:
        raise UnreadableError("unknown_event")
    if said.event == "call_end":
        yield from _whole(said)
    else:
        yield from _there(said, said.at)
    if said.event == "call_answered" and said.taker:
        yield answered(said.at, said.taker)
    if said.event == "call_missed":
        yield from _missed(said)
    demand_number(said.number)


def _said(fields: dict[str, str], hook: Hook, zone: str) -> Said:
    caller, callee = text_of(fields, "caller"), text_of(fields, "callee")
    line = text_of(fields, "gateway")
    direction = DIRECTIONS.get(text_of(fields, "direction").lower(), "")
    if is_extension(caller) and is_extension(callee):
        direction = "internal"
    direction = direction or ("out" if is_extension(caller) else "in")
    # To a number of the outside world it goes on to somebody's mobile, unless it is the line.
    is_person = is_extension(callee)
    is_person |= bool(line and callee) and not is_same_number(line, callee)
    at = moment_of(fields.get("date", ""), zone=zone, near=hook.at)
    return Said(
        at=hook.at.timestamp() if at is None else at,
        event=text_of(fields, "event").lower(),
        direction=direction,
        number={"in": caller, "out": callee}.get(direction, ""),
        own=caller if direction != "in" else callee if is_person else "",
        other=callee if direction == "internal" else "",
        line=line or (callee if direction == "in" and not is_person else ""),
        cause=CAUSES.get(text_of(fields, "hangup_cause").upper(), ""),
        whole=seconds_of(fields.get("call_duration", "")),
        talk=seconds_of(fields.get("dialog_duration", "")),
        link=text_of(fields, "download_url", most=1000),
    )


def _there(said: Said, at: float, *, rank: int = 0) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost."""
    if said.direction == "internal":
        yield person(at, said.own, dialled=said.other, direction="internal", rank=rank)
        yield person(at, said.other, rank=rank)
        return
    yield from client(at, said.number, line=said.line, direction=said.direction, rank=rank)
    if said.own:
        dialled = (said.number or "?") if said.direction == "out" else ""
        yield person(at, said.own, dialled=dialled, rank=rank)


def _missed(said: Said) -> Iterator[Signal]:
    if said.direction == "in" and said.own:
        # Of a group another one may still answer: the end is that all are out.
        yield ended(said.at, leg_of(said.own), cause=said.cause)
    else:
        yield from over(said.at, cause=said.cause)


def _whole(said: Said) -> Iterator[Signal]:
    """The end tells of the whole call, too."""
    yield from _there(said, said.at - (said.whole or said.talk or 0.0), rank=1)
    if said.talk and said.taker:
        yield answered(said.at - said.talk, said.taker, rank=1)
    if said.own and said.cause:
        yield ended(said.at, leg_of(said.own), cause=said.cause)
    yield from over(said.at, cause=said.cause)
    yield Signal(
        kind="summary",
        at=said.at,
        order=3,
        party=said.taker,
        talk_seconds=said.talk,
        outcome=OUTCOMES.get(said.cause, "") if said.direction == "out" else "",
    )
    if said.link:
        yield Signal(kind="recording", at=said.at, order=5, name=said.link)
