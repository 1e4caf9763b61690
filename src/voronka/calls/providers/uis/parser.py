"""UIS, CoMagic, CallGear: notifications of our templates -> statements about a call.

`call_session_id` names the call. Each template bears a word of ours, `event`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.generic import parser as generic
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.telling import (
    TOP_LINK,
    check_number,
    handed_over,
    leg_of,
    number_of,
    over,
    own_signals,
    short_ref,
    there,
)
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.text import storable

EVENTS = (
    "incoming", "outgoing", "waiting", "talk", "talk_over", "finished", "lost", "recorded",
)  # fmt: skip
DIRECTIONS = {"in": "in", "out": "out", "incoming": "in", "outgoing": "out", "lost": "in"}
RECKONED = 1
"""Rank of a telephone of which the end alone tells: when it rang is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One notification, read. `people`: extensions, or what stands for them."""

    event: str
    at: float
    direction: str
    number: str
    line: str
    people: tuple[str, ...]
    talk: float | None
    wait: float | None
    total: float | None
    link: str


def ref_of_fields(fields: Mapping[str, str]) -> str:
    """Give the call: `call_session_id`, the same in all notifications."""
    return short_ref(fields.get("call_session_id", ""))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read."""
    return ref_of_fields(fields_of(hook_of(event.body, at=event.at)))


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        yield from own_signals(event)
        return
    hook = hook_of(event.body, at=event.at)
    said = _said(fields_of(hook), hook, exchange)
    if said.event not in EVENTS:
        raise UnreadableError("unknown_event")
    if said.event == "recorded":
        if said.link:
            yield Signal(kind="recording", at=said.at, order=5, name=said.link)
        return
    yield from _who(said)
    yield from _what(said)
    check_number(said.number)


def _said(fields: Mapping[str, str], hook: Hook, exchange: Exchange) -> Said:
    event = fields.get("event", "").strip().lower()
    told = moment_of(fields.get("notification_time", ""), zone=exchange.zone, near=hook.at)
    direction = DIRECTIONS.get(fields.get("direction", "").strip().lower(), "")
    named = re.findall(
        r"\w+", fields.get("employee_id", "") + " " + fields.get("employee_ids", "")
    )
    known = exchange.options.get("people") or {}
    return Said(
        event=event,
        at=hook.at.timestamp() if told is None else told,
        direction=direction or DIRECTIONS.get(event, ""),
        number=number_of(fields.get("contact_phone_number")),
        line=number_of(fields.get("virtual_phone_number")),
        people=tuple(dict.fromkeys(number_of(known.get(one, one)) for one in named)),
        talk=seconds_of(fields.get("talk_time_duration", "")),
        wait=seconds_of(fields.get("wait_time_duration", "")),
        total=seconds_of(fields.get("total_time_duration", "")),
        link=storable(fields.get("file_link", "")).strip()[:TOP_LINK],
    )


def _who(said: Said) -> Iterator[Signal]:
    """Say who is in the call, as far as this notification tells."""
    at = said.at
    if said.event == "finished":
        at -= said.total or (said.talk or 0.0) + (said.wait or 0.0)
    elif said.event == "lost":
        at -= said.wait or 0.0
    is_seen = said.event not in ("finished", "lost")
    for extension in said.people or ("",):
        for one in there(
            at, said.direction, number=said.number, line=said.line, extension=extension
        ):
            yield one if is_seen or one.role != "person" else replace(one, rank=RECKONED)


def _what(said: Said) -> Iterator[Signal]:
    for leg in map(leg_of, said.people):
        if said.event == "waiting":
            yield Signal(kind="rang", at=said.at, order=0, leg=leg)
        elif said.event == "talk":
            yield Signal(kind="answered", at=said.at, order=1, leg=leg)
        elif said.event == "talk_over":
            yield Signal(kind="ended", at=said.at, order=2, leg=leg)
    if said.event == "finished":
        yield Signal(
            kind="summary",
            at=said.at,
            order=3,
            party=said.people[0] if said.people else "",
            direction=said.direction,
            talk_seconds=said.talk or 0.0,
            wait_seconds=said.wait,
        )
    if said.event in ("finished", "lost"):
        yield from over(said.at, cause="")


def straightened(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Believe what was seen on the way more than the lengths told at the end: those who rang
    or talked are known by name, the end names one of them.
    """
    signals = handed_over([one for _, one in told])
    seen = {one.leg for one in signals if one.kind == "began" and one.rank != RECKONED}
    signals = [one for one in signals if one.rank != RECKONED or one.leg not in seen]
    if any(one.kind == "rang" for one in signals):
        signals = [
            replace(one, wait_seconds=None) if one.kind == "summary" else one for one in signals
        ]
    return generic.straightened([("hook", one) for one in signals])
