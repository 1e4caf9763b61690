"""Zadarma and Novofon: NOTIFY_* -> statements about a call. `pbx_call_id` names the call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.generic import parser as generic
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.telling import (
    CLIENT,
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

EVENTS = (
    "NOTIFY_START", "NOTIFY_INTERNAL", "NOTIFY_ANSWER", "NOTIFY_END", "NOTIFY_OUT_START",
    "NOTIFY_OUT_END", "NOTIFY_RECORD",
)  # fmt: skip
CAUSES = {
    "answered": "", "no answer": "", "cancel": "cancelled", "busy": "busy",
    "failed": "unreachable", "call failed": "unreachable", "no money": "unreachable",
    "unallocated number": "unreachable", "no limit": "unreachable",
    "no day limit": "unreachable", "line limit": "unreachable",
    "no money, no limit": "unreachable",
}  # fmt: skip
OUTCOMES = {"busy": "busy", "unreachable": "failed"}
RECKONED = 1
"""Rank of an answer that nobody told: the end less the length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One notification, read. `at`: its arrival; `start`: of the call, as it is told."""

    event: str
    at: float
    start: float
    direction: str
    number: str
    line: str
    extension: str
    disposition: str
    seconds: float
    recording: str


def event_of(fields: Mapping[str, str]) -> str:
    """Give which notification it is."""
    return fields.get("event", "").strip().upper()


def ref_of_fields(fields: Mapping[str, str]) -> str:
    """Give the call: `pbx_call_id`, the same from its start to its recording."""
    return short_ref(fields.get("pbx_call_id", ""))


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
    said = _said(fields_of(hook), hook, exchange.zone)
    if said.event not in EVENTS:
        raise UnreadableError("unknown_event")
    if said.event != "NOTIFY_RECORD":
        yield from there(
            said.at,
            said.direction,
            number=said.number,
            line=said.line,
            extension=said.extension,
            client_at=said.start,
        )
    if said.event == "NOTIFY_ANSWER" and said.extension:
        yield Signal(kind="answered", at=said.at, order=1, leg=leg_of(said.extension))
    if said.event in ("NOTIFY_END", "NOTIFY_OUT_END"):
        yield from _ended(said)
    if said.recording:
        yield Signal(kind="recording", at=said.at, order=5, name=said.recording)
    if said.disposition and said.disposition not in CAUSES:
        raise UnreadableError("unknown_status")
    check_number(said.number)


def _said(fields: Mapping[str, str], hook: Hook, zone: str) -> Said:
    event, at = event_of(fields), hook.at.timestamp()
    is_out = "_OUT_" in event or fields.get("pbx_call_id", "").startswith("out_")
    number = number_of(fields.get("destination" if is_out else "caller_id"))
    start = moment_of(fields.get("call_start", ""), zone=zone, near=hook.at)
    is_recorded = event == "NOTIFY_RECORD" or fields.get("is_recorded") in ("1", "true")
    return Said(
        event=event,
        at=at,
        # A start that is told in another zone than ours may lie ahead.
        start=at if start is None else min(start, at),
        direction="out" if is_out else "in",
        number="" if number.strip("+0") == "" else number,
        line=number_of(fields.get("caller_id" if is_out else "called_did")).removeprefix("0"),
        extension=number_of(fields.get("internal") or fields.get("last_internal")),
        disposition=fields.get("disposition", "").strip().lower(),
        seconds=seconds_of(fields.get("duration", "")) or 0.0,
        recording=short_ref(fields.get("call_id_with_rec", "")) if is_recorded else "",
    )


def _ended(said: Said) -> Iterator[Signal]:
    cause = CAUSES.get(said.disposition, "")
    talk = said.seconds if said.disposition == "answered" else 0.0
    if talk and said.extension:
        yield Signal(
            kind="answered", at=said.at - talk, order=1, leg=leg_of(said.extension),
            rank=RECKONED,
        )  # fmt: skip
    yield Signal(
        kind="summary",
        at=said.at,
        order=3,
        party=said.extension,
        direction="",
        talk_seconds=talk,
        outcome=OUTCOMES.get(cause, "") if said.direction == "out" else "",
    )
    if said.extension:
        leg = leg_of(said.extension)
        yield Signal(kind="ended", at=said.at, order=2, leg=leg, cause=cause)
    yield from over(said.at, cause=cause)


def straightened(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Put right what the way to us has mixed up: only the start has a time of its own. An
    answer that was told counts more than one that is reckoned from the end.
    """
    signals = [one for _, one in told]
    ends = [one.at for one in signals if one.kind == "ended" and one.leg == CLIENT]
    heard = {
        one.leg
        for one in signals
        if one.kind == "answered" and one.rank == 0 and one.at < min(ends, default=one.at + 1)
    }
    counted = [
        one
        for one in signals
        if one.kind != "answered" or one.rank != RECKONED or one.leg not in heard
    ]
    return generic.straightened([("hook", one) for one in handed_over(counted)])
