"""Mango Office: events/call, events/summary, events/record -> statements about a call.

`entry_id` names the whole call, `call_id` one leg of it, `seq` counts within a leg.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.closing import wound_up
from voronka.calls.providers.moments import moment_of
from voronka.calls.providers.telling import (
    CLIENT,
    check_number,
    digits_in,
    in_their_count,
    number_of,
    own_signals,
    short_ref,
    without_legs,
)
from voronka.calls.reducing import SHORTEST_NUMBER
from voronka.calls.signals import Signal, UnreadableError

EVENTS = ("call", "summary", "recording", "record/added")
STATES = ("Appeared", "Connected", "OnHold", "Disconnected")
DIRECTIONS = {"0": "internal", "1": "in", "2": "out"}
CAUSES = {"1121": "busy", "1122": "rejected", "1123": "rejected"}
UNREACHABLE = ("113", "114", "2", "32", "42", "5")
AMONG_US, ORDERED, SUMMED_UP = "among us ", "ordered ", "summed up"
PLACES, TOP_SEQ = 10, 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One events/call, read. `direction`: as this leg alone looks."""

    ref: str
    at: float
    seq: int
    state: str
    place: str
    caller: str
    called: str
    from_extension: str
    to_extension: str
    line: str
    cause: str
    direction: str


def event_of(hook: Hook) -> str:
    """Give which event it is: what follows `events/` in the address."""
    return hook.suffix.rpartition("events/")[2].strip("/").lower()


def said_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """Read what stands in the field `json`. Raises: ValueError when it is no object."""
    try:
        said = json.loads(fields.get("json", ""))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said


def ref_of_said(said: Mapping[str, Any]) -> str:
    """Give the call: `entry_id`, the same for all its legs."""
    return short_ref(str(said.get("entry_id") or ""))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of a stored event. Raises: ValueError when it cannot be read."""
    return ref_of_said(said_of(fields_of(hook_of(event.body, at=event.at))))


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError, TypeError when it is torn; UnreadableError, with what was
    understood given before, when a person should look at it.
    """
    if event.source == "own":
        yield from own_signals(event)
        return
    hook = hook_of(event.body, at=event.at)
    said, what = said_of(fields_of(hook)), event_of(hook)
    if what == "call":
        yield from of_leg(_leg(said, hook, exchange.zone))
    elif what == "summary":
        yield from _of_summary(said, hook, exchange.zone)
    elif what in EVENTS:
        yield from _of_recording(said, hook, exchange.zone)
    else:
        raise UnreadableError("unknown_event")


def _leg(said: dict[str, Any], hook: Hook, zone: str) -> Leg:
    caller, called = _part(said, "from"), _part(said, "to")
    told = moment_of(str(said.get("timestamp", "")), zone=zone, near=hook.at)
    return Leg(
        ref=short_ref(str(said.get("call_id") or "")),
        at=hook.at.timestamp() if told is None else told,
        seq=min(max(int(said.get("seq") or 0), 0), TOP_SEQ),
        state=str(said.get("call_state", "")),
        place=str(said.get("location", "")),
        caller=number_of(caller.get("number")),
        called=number_of(called.get("number")),
        from_extension=number_of(caller.get("extension")),
        to_extension=number_of(called.get("extension")),
        line=number_of(called.get("line_number") or caller.get("line_number")),
        cause=cause_of(str(said.get("disconnect_reason") or "")),
        direction=direction_of(said, caller, called),
    )


def _part(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = said.get(name) or {}
    if not isinstance(part, dict):
        raise TypeError(name)
    return part


def direction_of(
    said: Mapping[str, Any], caller: Mapping[str, Any], called: Mapping[str, Any]
) -> str:
    """Say which way a leg goes, as it alone looks."""
    is_ordered = said.get("command_id") and not caller.get("taken_from_call_id")
    if said.get("callback_initiator") or said.get("task_id") or is_ordered:
        return "out"
    if caller.get("extension"):
        return "internal" if called.get("extension") else "out"
    return "in"


def cause_of(code: str) -> str:
    """Say in our words why a leg is out: by the code, or by the group of codes it is of."""
    if code in CAUSES:
        return CAUSES[code]
    return "unreachable" if len(code) == 4 and code.startswith(UNREACHABLE) else ""


def of_leg(leg: Leg) -> Iterator[Signal]:
    """Translate one state of one leg. Raises: UnreadableError."""
    if leg.state not in STATES:
        raise UnreadableError("unknown_event")
    extension = leg.from_extension or leg.to_extension
    number = leg.called if leg.direction == "out" else leg.caller
    if leg.direction == "out" and not leg.from_extension:
        # A call that was ordered rings our telephone first: whom it is for stands on the left.
        number = leg.caller
    if leg.direction == "internal":
        yield from _person(leg, AMONG_US + leg.ref, leg.to_extension)
        return
    order = leg.seq * PLACES
    is_out = leg.direction == "out"
    yield Signal(
        kind="began",
        at=leg.at,
        order=order if is_out else order - 1,
        leg=CLIENT,
        role="client",
        party=number if digits_in(number) >= SHORTEST_NUMBER else "",
        dialled="" if is_out else leg.line,
        direction=leg.direction,
    )
    if leg.line and digits_in(leg.line):
        yield Signal(kind="line", at=leg.at, order=order, party=leg.line)
    if is_out or leg.place == "abonent":
        is_first = is_out and not leg.from_extension
        yield from _person(leg, ORDERED + leg.ref if is_first else leg.ref, extension)
    if is_out and leg.state == "Disconnected" and leg.cause:
        yield Signal(kind="ended", at=leg.at, order=order + 2, leg=CLIENT, cause=leg.cause)
    check_number(number)


def _person(leg: Leg, name: str, extension: str) -> Iterator[Signal]:
    order = leg.seq * PLACES
    yield Signal(
        kind="began",
        at=leg.at,
        order=order - 2 if leg.direction == "out" else order,
        leg=name,
        role="person",
        party=extension,
        dialled=leg.called if leg.direction == "out" else "",
        direction=leg.direction,
    )
    kinds = {"Connected": ("answered", "resumed"), "OnHold": ("held",)}
    for kind in kinds.get(leg.state, ()):
        yield Signal(kind=kind, at=leg.at, order=order + 1, leg=name)
    if leg.state == "Disconnected":
        yield Signal(kind="ended", at=leg.at, order=order + 2, leg=name, cause=leg.cause)


def _of_summary(said: dict[str, Any], hook: Hook, zone: str) -> Iterator[Signal]:
    """The end of a call: alone it is enough to know it, with its legs it closes it."""
    caller, called = _part(said, "from"), _part(said, "to")
    direction = DIRECTIONS.get(str(said.get("call_direction")), "")
    times = {
        name: moment_of(str(said.get(f"{name}_time") or ""), zone=zone, near=hook.at)
        for name in ("create", "forward", "talk", "end")
    }
    end = times["end"] or hook.at.timestamp()
    start, talk = times["create"] or end, times["talk"]
    is_out = direction == "out"
    inner, outer = (caller, called) if is_out else (called, caller)
    number = number_of(outer.get("number")) if direction != "internal" else ""
    line = number_of(said.get("line_number"))
    cause = cause_of(str(said.get("disconnect_reason") or ""))
    extension = number_of(inner.get("extension"))
    yield Signal(
        kind="began",
        at=start,
        order=0 if is_out else -1,
        leg=CLIENT,
        role="client",
        party=number if digits_in(number) >= SHORTEST_NUMBER else "",
        dialled="" if is_out else line,
        direction=direction,
    )
    if extension:
        began = start if is_out else times["forward"] or start
        yield Signal(
            kind="began", at=began, order=-1 if is_out else 0, leg=SUMMED_UP, role="person",
            party=extension, dialled=number if is_out else "",
        )  # fmt: skip
    if digits_in(line):
        yield Signal(kind="line", at=start, party=line)
    yield Signal(
        kind="summary",
        at=end,
        order=TOP_SEQ * PLACES,
        party=extension,
        direction=direction,
        talk_seconds=max(0.0, end - talk) if talk else 0.0,
        outcome={"busy": "busy", "rejected": "busy", "unreachable": "failed"}.get(cause, "")
        if is_out
        else "",
    )
    yield Signal(kind="ended", at=end, order=TOP_SEQ * PLACES, leg=CLIENT, cause=cause)
    yield Signal(kind="closed", at=end, order=TOP_SEQ * PLACES)
    check_number(number)


def _of_recording(said: dict[str, Any], hook: Hook, zone: str) -> Iterator[Signal]:
    name = short_ref(str(said.get("recording_id") or ""))
    is_whole = said.get("recording_state", "Completed") == "Completed"
    is_kept = str(said.get("completion_code") or "1000") == "1000"
    if name and is_whole and is_kept and said.get("recipient") != "Mail":
        told = moment_of(str(said.get("timestamp", "")), zone=zone, near=hook.at)
        at = hook.at.timestamp() if told is None else told
        yield Signal(kind="recording", at=at, order=TOP_SEQ * PLACES, name=name)


def straightened(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Count what is told twice once: the legs know the talk, a summary without them does;
    what our people say among themselves before a transfer is no call of its own.
    """
    signals = in_their_count(_seen(told))
    among_us = {one.leg for one in signals if one.leg.startswith(AMONG_US)}
    persons = {one.leg for one in signals if one.role == "person"} - among_us - {SUMMED_UP}
    if any(one.direction in ("in", "out") for one in signals):
        signals = without_legs(signals, list(among_us))
    elif among_us:
        signals = without_legs(signals, [CLIENT])
    ordered = {leg for leg in persons if leg.startswith(ORDERED)}
    if persons - ordered:
        # Our own telephone was picked up first: the talk is on the leg that rang the client.
        signals = without_legs(signals, list(ordered))
    if persons or among_us:
        signals = without_legs(signals, [SUMMED_UP])
    if any(one.kind == "answered" for one in signals):
        signals = [
            replace(one, talk_seconds=None)
            if one.kind == "summary" and one.talk_seconds
            else one
            for one in signals
        ]
    return _links_once(wound_up(signals))


def _seen(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Rows of the statistics name no legs: they count where no event told of any."""
    is_seen = any(source == "hook" and one.role == "person" for source, one in told)
    return [
        one
        for source, one in told
        if source != "history" or not is_seen or one.kind in ("recording", "closed")
    ]


def _links_once(signals: list[Signal]) -> list[Signal]:
    """A recording is told of when it is made and when it is stored: name it once."""
    first: dict[str, Signal] = {}
    for one in signals:
        if one.kind == "recording":
            first[one.name] = min(one, first.get(one.name, one), key=lambda one: one.at)
    return [one for one in signals if one.kind != "recording" or first[one.name] is one]
