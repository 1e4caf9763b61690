"""telephony.externalCall.*: requests -> statements about a call."""

import json
from collections.abc import Iterator, Sequence

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import hook_of
from voronka.calls.providers.closing import wound_up
from voronka.calls.providers.external_call.fields import TYPES, Request, request_of
from voronka.calls.providers.external_call.users import extension_of
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.signals import Signal, UnreadableError

CAUSES = {
    "304": "", "603": "rejected", "603-S": "cancelled", "486": "busy", "403": "unreachable",
    "404": "unreachable", "484": "unreachable", "503": "unreachable", "480": "unreachable",
    "402": "unreachable", "423": "unreachable", "OTHER": "",
}  # fmt: skip
CLIENT, LONGEST_NUMBER = "client", 15


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call of an event whose call the door did not know. Raises: UnreadableError."""
    request_of(hook_of(event.body, at=event.at))
    raise UnreadableError("unknown_call")


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event.

    Raises: ValueError, KeyError when it is torn; UnreadableError, with what was understood
    given before, when a person should look at it.
    """
    if event.source == "own":
        own = json.loads(event.body)
        yield Signal(kind=own["kind"], at=float(own["at"]), name=own.get("name", ""))
        return
    request = request_of(hook_of(event.body, at=event.at))
    at = event.at.timestamp()
    if request.act == "register":
        start = request.text("call_start_date")
        own_at = moment_of(start, zone=exchange.zone, near=event.at)
        yield from _began(request, at if own_at is None else own_at)
    elif request.act == "finish":
        yield from _ended(request, at)
    elif request.act in ("show", "hide"):
        yield from _shown(request, at)
    elif request.act == "attachrecord":
        yield Signal(kind="recording", at=at, name=request.text("record_url", 1000))


def _began(request: Request, at: float) -> Iterator[Signal]:
    direction = TYPES[request.text("type")]
    number, line = request.text("phone_number"), request.text("line_number")
    is_out = direction == "out"
    yield Signal(
        kind="began",
        at=at,
        order=0 if is_out else -1,
        leg=CLIENT,
        role="client",
        party=number,
        dialled=line,
        direction=direction,
    )
    for named in request.people:
        yield _person(named, at, order=-1 if is_out else 0, dialled=number if is_out else "")
    if line:
        yield Signal(kind="line", at=at, party=line)
    if sum(sign.isdigit() for sign in number) > LONGEST_NUMBER:
        raise UnreadableError("long_number")


def _person(named: str, at: float, *, order: int = 0, dialled: str = "") -> Signal:
    extension = extension_of(named)
    return Signal(
        kind="began",
        at=at,
        order=order,
        leg=f"ext {extension}",
        role="person",
        party=extension,
        dialled=dialled,
    )


def _ended(request: Request, at: float) -> Iterator[Signal]:
    duration = seconds_of(request.text("duration")) or 0.0
    code = request.text("status_code").upper() or ("200" if duration else "304")
    talk = duration if code == "200" else 0.0
    cause = CAUSES.get(code, "")
    yield Signal(kind="ended", at=at, order=2, leg=CLIENT, cause=cause)
    for named in request.people[:1]:
        # Who took the call may be another than for whom it was registered.
        person = _person(named, at - talk)
        yield person
        yield Signal(kind="ended", at=at, order=2, leg=person.leg, cause=cause)
        yield Signal(kind="summary", at=at, order=3, party=person.party, talk_seconds=talk)
    if not request.people:
        yield Signal(kind="summary", at=at, order=3, talk_seconds=talk)
    yield Signal(kind="closed", at=at, order=4)
    if link := request.text("record_url", 1000):
        yield Signal(kind="recording", at=at, order=5, name=link)
    if code != "200" and code not in CAUSES:
        raise UnreadableError("unknown_status")


def _shown(request: Request, at: float) -> Iterator[Signal]:
    for named in request.people:
        person = _person(named, at)
        if request.act == "show":
            yield person
        else:
            yield Signal(kind="ended", at=at, order=2, leg=person.leg, cause="cancelled")


def whole(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Take all; what the end says of nobody ends with it."""
    return wound_up([one for _, one in told])
