"""The generic protocol: fields of a request -> statements about a call."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.closing import wound_up
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.reducing import SHORTEST_NUMBER
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.text import storable

COMMANDS = ("contact", "event", "history", "record", "ping")
TYPES = {
    "INCOMING": "rings", "OUTGOING": "rings", "ACCEPTED": "answered", "TRANSFERRED": "left",
    "COMPLETED": "over", "CANCELLED": "over",
}  # fmt: skip
CAUSES = {
    "success": "", "missed": "", "noanswer": "", "cancelled": "cancelled",
    "canceled": "cancelled", "cancel": "cancelled", "busy": "busy",
    "notavailable": "unreachable", "notfound": "unreachable", "notallowed": "unreachable",
}  # fmt: skip
OUTCOMES = {"busy": "busy", "unreachable": "failed"}
DIRECTIONS = {"in": "in", "incoming": "in", "out": "out", "outgoing": "out"}
TOP_REF, LONGEST_NUMBER = 120, 15
CLIENT, LATE_SECONDS = "client", 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One request, read. `leg`: the person's telephone, "" where none is named."""

    at: float
    command: str
    kind: str
    direction: str
    phone: str
    extension: str
    line: str
    status: str
    talk: float | None
    wait: float | None
    link: str
    is_passing: bool

    @property
    def leg(self) -> str:
        """Name the telephone within the call."""
        return f"ext {self.extension}" if self.extension else ""

    @property
    def cause(self) -> str:
        """Why a telephone is out of the call, in our words."""
        return "cancelled" if self.kind == "CANCELLED" else CAUSES.get(self.status, "")


def command_of(hook: Hook, fields: dict[str, str]) -> str:
    """Give what is asked for: `cmd`, or the end of the address."""
    return (fields.get("cmd") or hook.suffix.rpartition("/")[2]).strip().lower()


def ref_of_fields(fields: dict[str, str]) -> str:
    """Give which call is spoken of; a long name is told by its fingerprint."""
    ref = storable(fields.get("callid") or fields.get("call_id") or "").strip()
    if len(ref) <= TOP_REF:
        return ref
    return f"{ref[:50]} {hashlib.sha256(ref.encode()).hexdigest()}"


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read."""
    return ref_of_fields(fields_of(hook_of(event.body, at=event.at)))


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        own = json.loads(event.body)
        yield Signal(kind=own["kind"], at=float(own["at"]), name=own.get("name", ""))
        return
    hook = hook_of(event.body, at=event.at)
    fields = fields_of(hook)
    said = _said(fields, hook, exchange.zone)
    if said.command == "record":
        yield from _recording(said)
    elif said.command == "history":
        yield from _history(said)
    elif said.kind in TYPES:
        yield from _event(said)
    else:
        raise UnreadableError("unknown_event")
    if said.status and said.status not in CAUSES:
        raise UnreadableError("unknown_status")
    if len(said.phone.lstrip("+")) > LONGEST_NUMBER:
        raise UnreadableError("long_number")


def _said(fields: dict[str, str], hook: Hook, zone: str) -> Said:
    command = command_of(hook, fields)
    kind = (fields.get("type") or fields.get("event") or "").strip().upper()
    told = fields.get("direction") or fields.get("type") or ""
    start = fields.get("start") if command == "history" else None
    at = moment_of(start or fields.get("timestamp", ""), zone=zone, near=hook.at)
    status = fields.get("status", "").replace("_", "").replace(" ", "").strip().lower()
    return Said(
        at=hook.at.timestamp() if at is None else at,
        command=command,
        kind=kind,
        direction=DIRECTIONS.get(told.strip().lower(), ""),
        phone=storable(fields.get("phone", "")).strip()[:40],
        extension=storable(fields.get("ext") or fields.get("user") or "").strip()[:40],
        line=storable(fields.get("diversion") or fields.get("telnum") or "").strip()[:40],
        status=status,
        talk=seconds_of(fields.get("duration", "")),
        wait=seconds_of(fields.get("wait", "")),
        link=storable(fields.get("record_link") or fields.get("link") or "").strip()[:1000],
        is_passing=fields.get("is_temp", "0").strip().lower() in ("1", "true"),
    )


def _event(said: Said) -> Iterator[Signal]:
    yield from _there(said)
    what, at, leg = TYPES[said.kind], said.at, said.leg
    if what == "answered":
        yield Signal(kind="answered", at=at, order=1, leg=leg)
    elif what == "left":
        yield Signal(kind="ended", at=at, order=2, leg=leg)
    elif what == "over":
        yield from _over(said)
        yield from _recording(said)


def _there(said: Said) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost."""
    is_out = said.direction == "out"
    digits = sum(sign.isdigit() for sign in said.phone)
    # A number as short as an extension is one: our people speak among themselves.
    direction = "internal" if 0 < digits < SHORTEST_NUMBER else said.direction
    yield Signal(
        kind="began",
        at=said.at,
        order=0 if is_out else -1,
        leg=CLIENT,
        role="client",
        party=said.phone,
        dialled=said.line,
        direction=direction,
    )
    if said.extension:
        yield Signal(
            kind="began",
            at=said.at,
            order=-1 if is_out else 0,
            leg=said.leg,
            role="person",
            party=said.extension,
            dialled=said.phone if is_out else "",
        )
    if said.line:
        yield Signal(kind="line", at=said.at, party=said.line)


def _over(said: Said) -> Iterator[Signal]:
    at, cause = said.at, said.cause
    if said.leg:
        yield Signal(kind="ended", at=at, order=2, leg=said.leg, cause=cause)
    is_out = said.direction == "out"
    if said.status == "success" and said.talk:
        yield Signal(
            kind="summary", at=at, order=3, party=said.extension, talk_seconds=said.talk
        )
    # Of a group the others hear "cancelled" or "missed" while one still rings or talks: the
    # end of such a call is that all are out of it.
    if is_out or said.status in ("success", "") and said.kind == "COMPLETED":
        yield Signal(kind="ended", at=at, order=2, leg=CLIENT, cause=cause)
    elif not said.leg:
        yield Signal(kind="ended", at=at, order=2, leg=CLIENT, cause=cause)
        yield Signal(kind="closed", at=at, order=4)


def _history(said: Said) -> Iterator[Signal]:
    """The whole call, told once more when it is over: the truest of all."""
    talk = said.talk or 0.0 if said.status in ("success", "") else 0.0
    end = said.at + (said.wait or 0.0) + talk
    yield from _there(said)
    yield Signal(kind="ended", at=end, order=2, leg=CLIENT, cause=said.cause)
    if said.leg:
        yield Signal(kind="ended", at=end, order=2, leg=said.leg, cause=said.cause)
    yield Signal(
        kind="summary",
        at=end,
        order=3,
        party=said.extension,
        direction=said.direction,
        talk_seconds=talk,
        wait_seconds=said.wait,
        outcome=OUTCOMES.get(said.cause, "") if said.direction == "out" else "",
    )
    yield from _recording(said)
    yield Signal(kind="closed", at=end, order=4)


def _recording(said: Said) -> Iterator[Signal]:
    if said.link:
        yield Signal(
            kind="recording", at=said.at, order=5, name=said.link, rank=int(said.is_passing)
        )


def straightened(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Put right what the way to us has mixed up: an event without a time of its own counts
    from its arrival, and the second may arrive before the first.
    """
    signals = wound_up([one for _, one in told])
    ends: dict[str, float] = {}
    for one in signals:
        if one.kind == "ended":
            ends[one.leg] = max(one.at, ends.get(one.leg, one.at))
    answers = [one for one in signals if one.kind == "answered"]
    first = min((min(one.at, ends.get(one.leg, one.at)) for one in answers), default=None)
    return [_in_order(one, ends, first) for one in signals if _counts(one, signals)]


def _counts(one: Signal, signals: list[Signal]) -> bool:
    """A lasting link beats a passing one, a talk beats the word that there was none."""
    same = [other for other in signals if other.kind == one.kind]
    if one.kind == "recording":
        return one.rank == min(other.rank for other in same)
    if one.kind == "summary" and not one.talk_seconds:
        return not any(other.talk_seconds for other in same)
    return True


def _in_order(one: Signal, ends: dict[str, float], first_answer: float | None) -> Signal:
    if one.kind == "answered" and one.at > ends.get(one.leg, one.at):
        return replace(one, at=ends[one.leg])
    is_late = first_answer is not None and 0 < one.at - first_answer <= LATE_SECONDS
    if one.kind == "began" and is_late and first_answer is not None:
        return replace(one, at=first_answer)
    return one
