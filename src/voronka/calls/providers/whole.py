"""A call of which a provider's history tells at once, when all is over."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.legs import (
    OUTCOMES,
    TOP_REF,
    answered,
    client,
    demand_number,
    ended,
    leg_of,
    over,
    person,
    short_ref,
)
from voronka.calls.providers.past import PAST
from voronka.calls.signals import Signal
from voronka.foundation.text import storable

Row = Mapping[str, Any]
TOLD_LATE = 1
"""Rank of what is told when all is over: what was told as it happened counts more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A call. `people`: who was rung; `caller`: ours who calls; `taker`: ours who talked, or
    among ourselves who was called; `number`: the client's. `talk`: seconds, None where it is
    not told. Moments in seconds since 1970.
    """

    direction: str
    number: str
    began_at: float
    ended_at: float
    line: str = ""
    caller: str = ""
    people: Sequence[str] = ()
    taker: str = ""
    talk: float | None = None
    cause: str = ""
    recording: str = ""


def signals_of_whole(call: Whole) -> Iterator[Signal]:
    """Tell of a call as of one that was heard, only later.

    Raises: UnreadableError for a number too long, when all else is told.
    """
    end = max(call.began_at, call.ended_at)
    talker = call.caller if call.direction == "out" else call.taker
    yield from _who(call)
    if call.talk and talker:
        begin = max(call.began_at, end - call.talk)
        yield answered(begin, talker, rank=TOLD_LATE)
    if call.cause and len(call.people) == 1:
        yield ended(end, leg_of(call.people[0]), cause=call.cause)
    yield from over(end, cause=call.cause)
    yield Signal(
        kind="summary",
        at=end,
        order=3,
        party=talker,
        talk_seconds=call.talk,
        outcome=OUTCOMES.get(call.cause, "") if call.direction == "out" else "",
    )
    if call.recording:
        yield Signal(kind="recording", at=end, order=5, name=call.recording)
    demand_number(call.number)


def _who(call: Whole) -> Iterator[Signal]:
    at = call.began_at
    rung = [one for one in dict.fromkeys((*call.people, call.taker)) if one]
    if call.direction == "internal":
        dialled = rung[0] if rung else "?"
        yield person(at, call.caller, dialled=dialled, direction="internal", rank=TOLD_LATE)
    else:
        way, line = call.direction, call.line
        yield from client(at, call.number, line=line, direction=way, rank=TOLD_LATE)
    if call.direction == "out":
        yield person(at, call.caller, dialled=call.number or "?", rank=TOLD_LATE)
    else:
        for one in rung:
            yield person(at, one, rank=TOLD_LATE)


def event_of_row(exchange: Exchange, row: Row, *, ref: str, at: datetime) -> CallEvent:
    """Give a row as an event that is not stored yet: told again it is the same one."""
    body = json.dumps(row, sort_keys=True)
    return CallEvent(
        exchange=exchange,
        source=PAST,
        source_key=hashlib.sha256(body.encode()).hexdigest(),
        at=at,
        call_ref=short_ref(ref)[:TOP_REF],
        body=body,
    )


def row_of(event: CallEvent) -> dict[str, Any]:
    """Read a row back. Raises: ValueError when it is none."""
    row = json.loads(event.body)
    if not isinstance(row, dict):
        raise ValueError("no row")
    return row


def rows_of(said: object) -> list[dict[str, Any]]:
    """Give the rows of an answer; what is no row among them is left out.

    Raises: AskingError when it is no list at all.
    """
    if not isinstance(said, list):
        raise AskingError("wrong_answer")
    return [row for row in said if isinstance(row, dict)]


def word(row: Row, *names: str, most: int = 40) -> str:
    """Give the first of these fields that is filled in, as text; "" when none is."""
    for name in names:
        value = row.get(name)
        is_plain = isinstance(value, str | int) and not isinstance(value, bool)
        if is_plain and (text := storable(str(value)).strip()):
            return text[:most]
    return ""


def is_said(row: Row, name: str) -> bool:
    """Say whether a field means yes, whichever way it is written."""
    return str(row.get(name)).strip().lower() in ("1", "true", "yes")


def in_zone(moment: datetime, zone: str, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Write a moment as a provider wants it, in its zone."""
    return moment.astimezone(ZoneInfo(zone)).strftime(form)
