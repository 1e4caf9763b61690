"""Sipuni: fields of a request -> statements about a call."""

import re
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
from voronka.calls.providers.moments import moment_of
from voronka.calls.signals import Signal, UnreadableError

EVENTS = {"1": "rings", "2": "over", "3": "answers", "4": "leaves"}
CAUSES = {
    "ANSWER": "", "NOANSWER": "", "BUSY": "busy", "CANCEL": "cancelled",
    "CONGESTION": "unreachable", "CHANUNAVAIL": "unreachable",
}  # fmt: skip
OURS = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One request, read. `people`: our telephones on the called side; `caller`: ours that
    calls, "" for the client; `number`: the client's, "" among ourselves.
    """

    at: float
    what: str
    direction: str
    number: str
    caller: str
    people: tuple[str, ...]
    line: str
    status: str
    transferred_by: str
    started_at: float
    answered_at: float | None
    link: str

    @property
    def taker(self) -> str:
        """Give whose telephone has the talk, "" when it is not told."""
        if self.direction == "out":
            return self.caller
        return self.people[-1] if self.people else ""


def ref_of_fields(fields: dict[str, str]) -> str:
    """Give which call is spoken of."""
    return short_ref(fields.get("call_id", ""))


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
    if said.what == "over":
        yield from _over(said)
    elif said.what == "leaves":
        # The middle end of a transfer: one telephone is out, the call goes on.
        yield ended(said.at, leg_of(said.transferred_by or said.caller or said.taker))
    elif said.what:
        yield from _there(said)
        if said.what == "answers":
            yield from _answers(said)
    else:
        raise UnreadableError("unknown_event")
    if said.status and said.status not in CAUSES:
        raise UnreadableError("unknown_status")
    demand_number(said.number)


def _said(fields: dict[str, str], hook: Hook, zone: str) -> Said:
    src = text_of(fields, "short_src_num", "src_num")
    dst = text_of(fields, "short_dst_num", "dst_num")
    is_src_ours, is_dst_ours = _ours(src, fields.get("src_type"), dst, fields.get("dst_type"))
    direction = "in" if not is_src_ours else "internal" if is_dst_ours else "out"
    line = text_of(fields, "pbxdstnum")
    people: list[str] = []
    if direction != "out":
        # A number of the outside world is our line; with the line told apart, a mobile.
        is_person = is_dst_ours or (bool(line and dst) and not is_same_number(line, dst))
        people = [dst] if is_person else _last_called(fields)
    at = moment_of(fields.get("timestamp", ""), zone=zone, near=hook.at) or hook.at.timestamp()
    started_at = moment_of(fields.get("call_start_timestamp", ""), zone=zone, near=hook.at)
    return Said(
        at=at,
        what=EVENTS.get(text_of(fields, "event"), ""),
        direction=direction,
        number={"in": src, "out": dst}.get(direction, ""),
        caller=src if is_src_ours else "",
        people=tuple(people),
        line=line or (dst if direction == "in" and dst not in people else ""),
        status=text_of(fields, "status").upper(),
        transferred_by=text_of(fields, "transfer_from"),
        started_at=min(at, started_at or at),
        answered_at=moment_of(fields.get("call_answer_timestamp", ""), zone=zone, near=hook.at),
        link=text_of(fields, "call_record_link", most=1000),
    )


def _ours(src: str, src_type: str | None, dst: str, dst_type: str | None) -> tuple[bool, bool]:
    """Say of both sides whether they are ours: by length where it tells them apart, for open
    code disagrees about which type is which.
    """
    if is_extension(src) != is_extension(dst):
        return is_extension(src), is_extension(dst)
    if is_extension(src):
        return True, True
    return src_type == OURS, dst_type == OURS


def _last_called(fields: dict[str, str]) -> list[str]:
    told = re.split(r"[&,]", text_of(fields, "last_called", most=1000))
    return [one for part in told if (one := part.strip()[:40])]


def _there(said: Said) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost."""
    if said.direction == "internal":
        # While a call is passed on our people speak among themselves within it.
        if not said.transferred_by:
            dialled = said.taker or "?"
            yield person(said.at, said.caller, dialled=dialled, direction="internal")
    else:
        yield from client(said.at, said.number, line=said.line, direction=said.direction)
    if said.direction == "out":
        yield person(said.at, said.caller, dialled=said.number or "?")
    for one in said.people:
        yield person(said.at, one)


def _answers(said: Said) -> Iterator[Signal]:
    if said.taker:
        yield answered(said.at, said.taker)
    if said.transferred_by:
        yield ended(said.at, leg_of(said.transferred_by))


def _over(said: Said) -> Iterator[Signal]:
    """The end tells of the whole call, too."""
    cause = CAUSES.get(said.status, "")
    if said.direction == "internal":
        dialled = said.taker or "?"
        yield person(said.started_at, said.caller, dialled=dialled, direction="internal")
    else:
        number, line = said.number, said.line
        yield from client(said.started_at, number, line=line, direction=said.direction)
    if said.direction == "out":
        yield person(said.started_at, said.caller, dialled=said.number or "?")
    for one in said.people:
        yield person(said.started_at, one, rank=1)
    if cause and len(said.people) == 1:
        yield ended(said.at, leg_of(said.people[0]), cause=cause)
    has_talk = said.status == "ANSWER"
    if has_talk and said.answered_at and said.taker:
        yield answered(said.answered_at, said.taker, rank=1)
    yield from over(said.at, cause=cause)
    talk = max(0.0, said.at - said.answered_at) if said.answered_at else None
    yield Signal(
        kind="summary",
        at=said.at,
        order=3,
        party=said.taker,
        talk_seconds=talk if has_talk else 0.0,
        outcome=OUTCOMES.get(cause, "") if said.direction == "out" else "",
    )
    if said.link:
        yield Signal(kind="recording", at=said.at, order=5, name=said.link)
