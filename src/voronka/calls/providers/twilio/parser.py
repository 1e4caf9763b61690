"""Twilio: states of calls and recordings -> statements about a call.

Each leg has a CallSid; those that a call has dialled name it as their ParentCallSid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, fields_of, hook_of
from voronka.calls.providers.closing import wound_up
from voronka.calls.providers.moments import AGO, AHEAD, seconds_of
from voronka.calls.providers.telling import (
    TOP_LINK,
    check_number,
    number_of,
    own_signals,
    short_ref,
)
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.text import storable

STATES = {
    "queued": "", "initiated": "", "ringing": "rang", "in-progress": "joined",
    "answered": "joined", "completed": "ended", "busy": "ended", "no-answer": "ended",
    "failed": "ended", "canceled": "ended",
}  # fmt: skip
CAUSES = {"busy": "busy", "failed": "unreachable", "canceled": "cancelled"}
INNER, ROOM = ("client:", "sip:", "sips:"), "call"
PLACES, TOP_SEQ = 10, 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One state of one leg. `caller`, `called`: a number of the world, or an extension."""

    leg: str
    parent: str
    at: float
    order: int
    state: str
    caller: str
    called: str
    is_from_us: bool
    is_to_us: bool
    is_inbound: bool
    seconds: float


def ref_of_fields(fields: Mapping[str, str]) -> str:
    """Give the call: that which has dialled the others."""
    return short_ref(fields.get("parentcallsid") or fields.get("callsid") or "")


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
    fields = fields_of(hook)
    if fields.get("recordingsid"):
        yield from _recording(fields, hook)
        return
    said = _said(fields, hook, exchange)
    if said.state not in STATES:
        raise UnreadableError("unknown_event")
    yield from _parent(said) if said.parent else _first(said)
    yield from _state(said)
    for number in (said.caller, said.called):
        check_number(number)


def _said(fields: Mapping[str, str], hook: Hook, exchange: Exchange) -> Said:
    known = exchange.options.get("people") or {}
    caller, called = fields.get("from", ""), fields.get("to", "")
    sequence = seconds_of(fields.get("sequencenumber", "")) or 0
    return Said(
        leg=short_ref(fields.get("callsid", "")),
        parent=short_ref(fields.get("parentcallsid", "")),
        at=_moment(fields.get("timestamp", ""), hook),
        order=min(int(sequence), TOP_SEQ) * PLACES,
        state=fields.get("callstatus", "").strip().lower(),
        caller=_party(caller, known),
        called=_party(called, known),
        is_from_us=_is_ours(caller, known),
        is_to_us=_is_ours(called, known),
        is_inbound=fields.get("direction", "").strip().lower() == "inbound",
        seconds=seconds_of(fields.get("callduration", "")) or 0.0,
    )


def _is_ours(address: str, known: Mapping[str, str]) -> bool:
    return address in known or address.lower().startswith(INNER)


def _party(address: str, known: Mapping[str, str]) -> str:
    """Give whom an address names: `client:olga` is olga, `sip:101@firm` is 101."""
    if address in known:
        return number_of(known[address])
    if address.lower().startswith(INNER):
        address = address.partition(":")[2].partition("@")[0]
    return number_of(address)


def _moment(text: str, hook: Hook) -> float:
    try:
        told = parsedate_to_datetime(text)
        is_near = hook.at - AGO <= told <= hook.at + AHEAD
    except (ValueError, TypeError, IndexError, OverflowError):
        is_near = False
    return told.timestamp() if is_near else hook.at.timestamp()


def _first(said: Said) -> Iterator[Signal]:
    """Say whose the leg is that no other has dialled, and which way the call goes."""
    begins = said.at - said.seconds if said.state == "completed" else said.at
    if said.is_inbound and not said.is_from_us:
        yield _began(said, said.leg, begins, "client", said.caller, direction="in")
        yield Signal(kind="line", at=begins, party=said.called)
        return
    if said.is_inbound or said.is_to_us:
        # Somebody of ours calls out, or is rung first on our own order.
        party = said.caller if said.is_inbound else said.called
        yield _began(said, said.leg, begins, "person", party, direction="out")
        return
    yield _began(said, said.leg, begins, "client", said.called, direction="out")
    yield Signal(kind="line", at=begins, party=said.caller)


def _parent(said: Said) -> Iterator[Signal]:
    """Say whose a dialled leg is, and as much of its caller as that tells."""
    at = said.at - said.seconds if said.state == "completed" else said.at
    if said.is_to_us and not said.is_from_us:
        yield _began(said, said.parent, at, "client", said.caller, direction="in")
    elif said.is_from_us:
        way = "internal" if said.is_to_us else "out"
        yield _began(said, said.parent, at, "person", said.caller, direction=way)
    role = "person" if said.is_to_us else "client"
    # Of a call that came in a second number of the world is somebody of ours on a mobile:
    # whoever puts the call together knows.
    yield _began(said, said.leg, at, role, said.called)


def _began(
    said: Said, leg: str, at: float, role: str, party: str, *, direction: str = ""
) -> Signal:
    order = said.order if leg == said.leg else -1
    return Signal(
        kind="began", at=at, order=order, leg=leg, role=role, party=party, direction=direction
    )


def _state(said: Said) -> Iterator[Signal]:
    what = STATES[said.state]
    if what == "rang":
        yield Signal(kind="rang", at=said.at, order=said.order, leg=said.leg)
    elif what == "joined":
        yield from _joined(said, said.at)
    elif what == "ended":
        if said.state == "completed" and said.seconds:
            yield from _joined(said, said.at - said.seconds)
        cause = CAUSES.get(said.state, "")
        yield Signal(kind="ended", at=said.at, order=said.order + 2, leg=said.leg, cause=cause)
        if not said.parent:
            yield Signal(kind="closed", at=said.at, order=TOP_SEQ * PLACES)


def _joined(said: Said, at: float) -> Iterator[Signal]:
    """Who is dialled and answers is put through to the caller, who is there by then."""
    for leg in filter(None, (said.leg, said.parent)):
        yield Signal(kind="joined", at=at, order=said.order + 1, leg=leg, room=ROOM)
    yield Signal(kind="answered", at=at, order=said.order + 1, leg=said.leg)


def _recording(fields: Mapping[str, str], hook: Hook) -> Iterator[Signal]:
    link = storable(fields.get("recordingurl", "")).strip()[:TOP_LINK]
    if link and fields.get("recordingstatus", "completed") == "completed":
        yield Signal(kind="recording", at=hook.at.timestamp(), order=5, name=link)


def straightened(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Take all; whoever is left on the line when the first leg ends, is not."""
    return wound_up([one for _, one in told])
