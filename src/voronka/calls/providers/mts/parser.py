"""MTS Autosecretary: a JSON event -> statements about a call."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.legs import (
    answered,
    client,
    demand_number,
    is_same_number,
    over,
    own_word,
    person,
    short_ref,
    text_of,
)
from voronka.calls.providers.moments import moment_of
from voronka.calls.signals import Signal, UnreadableError

EVENTS = {"callaccepted": "rings", "callanswered": "answers", "endcall": "over"}
NATIONAL_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One event, read. `own`: the employee's extension, or their mobile where the options have
    none for it.
    """

    at: float
    what: str
    direction: str
    number: str
    own: str
    line: str


def ref_of_fields(fields: dict[str, str]) -> str:
    """Give which call is spoken of."""
    return short_ref(fields.get("callid", ""))


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
    said = _said(fields_of(hook), hook, exchange)
    if not said.what:
        raise UnreadableError("unknown_event")
    yield from client(said.at, said.number, line=said.line, direction=said.direction)
    if said.own:
        is_out = said.direction == "out"
        yield person(said.at, said.own, dialled=(said.number or "?") if is_out else "")
    if said.what == "answers" and said.own:
        yield answered(said.at, said.own)
    if said.what == "over":
        yield from over(said.at)
    demand_number(said.number)


def _said(fields: dict[str, str], hook: Hook, exchange: Exchange) -> Said:
    caller = in_full(_inner(fields, "from").get("ani", ""))
    to = _inner(fields, "to")
    called, line = in_full(to.get("dnis", "")), in_full(to.get("virtual", ""))
    people = exchange.options.get("numbers") or {}
    at = moment_of(fields.get("eventtime", ""), zone=exchange.zone, near=hook.at)
    by_us = extension_of(people, caller)
    own = by_us
    if not by_us and called and not is_same_number(called, line):
        own = extension_of(people, called) or called
    return Said(
        at=hook.at.timestamp() if at is None else at,
        what=EVENTS.get(text_of(fields, "eventtype").lower(), ""),
        direction="out" if by_us else "in",
        number=called if by_us else caller,
        own=own,
        line=line,
    )


def _inner(fields: dict[str, str], name: str) -> dict[str, str]:
    """Give the fields of one side. Raises: ValueError when it is no object."""
    said = json.loads(fields.get(name) or "{}")
    if not isinstance(said, dict):
        raise ValueError("a side that is no object")
    return {str(one).lower(): str(value) for one, value in said.items() if value is not None}


def in_full(number: str) -> str:
    """Give +7 before a number of ten digits: so MTS writes those of the country."""
    told = text_of({"number": number}, "number")
    is_national = told.isdecimal() and len(told) == NATIONAL_DIGITS
    return f"+7{told}" if is_national else told


def extension_of(people: dict[str, str], number: str) -> str:
    """Give whose mobile it is, "" when the table does not say."""
    found = (str(own) for mobile, own in people.items() if is_same_number(mobile, number))
    return next(found, "")
