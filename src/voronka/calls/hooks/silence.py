"""Calls whose end is never told: closed when all is quiet."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from voronka.calls.adapters import DOORS, TELL_THE_END
from voronka.calls.exchange_models import CallEvent
from voronka.calls.models import Call
from voronka.calls.rebuilding import keep_events

ALL_LEFT, TALKED_AND_LEFT = timedelta(seconds=1), timedelta(seconds=30)
END_IS_LATE = timedelta(minutes=2)
NEVER_TOOK, NEVER_LEFT = timedelta(minutes=15), timedelta(hours=4)
LATELY = timedelta(minutes=10)


def close_silent(*, now: datetime, is_whole: bool) -> int:
    """Say the end of calls of which nothing more is heard: all telephones left, or whoever
    talked did, or nothing at all came for very long. Give how many; they are to be read then.

    Calls of the last minutes alone are looked at, in one query and one for each that is
    near its end; with `is_whole` all that go on, which reads the whole table.
    """
    events = [_end(call, now) for call in _over(now, is_whole=is_whole)]
    keep_events(events)
    return len(events)


def _over(now: datetime, *, is_whole: bool) -> Iterator[Call]:
    calls = Call.objects.going_on().filter(exchange__kind__in=list(DOORS))
    calls = calls.select_related("exchange")
    if not is_whole:
        calls = calls.filter(started_at__gte=now - LATELY)
    for call in calls.prefetch_related("legs"):
        quiet = _quiet_wanted(call)
        if (is_whole or quiet <= END_IS_LATE) and now - _last_heard(call) >= quiet:
            yield call


def _quiet_wanted(call: Call) -> timedelta:
    legs = list(call.legs.all())
    if legs and all(leg.ended_at for leg in legs):
        is_told = call.exchange and call.exchange.kind in TELL_THE_END
        return END_IS_LATE if is_told else ALL_LEFT
    if any(leg.answered_at and not leg.ended_at for leg in legs):
        return NEVER_LEFT
    return TALKED_AND_LEFT if any(leg.answered_at for leg in legs) else NEVER_TOOK


def _last_heard(call: Call) -> datetime:
    events = CallEvent.objects.filter(exchange=call.exchange, call_ref=call.call_ref)
    at = events.order_by("-at").values_list("at", flat=True).first()
    return at or call.started_at


def _end(call: Call, now: datetime) -> CallEvent:
    legs = list(call.legs.all())
    # Nobody said that it ended: as after a breakdown, nobody knows when it did.
    is_lost = not legs or any(leg.answered_at and not leg.ended_at for leg in legs)
    at = max([call.started_at, *(leg.ended_at for leg in legs if leg.ended_at)])
    said = {"kind": "lost" if is_lost else "closed", "at": at.timestamp()}
    return CallEvent(
        exchange=call.exchange,
        source="own",
        source_key=f"quiet {call.call_ref}"[:120],
        at=now,
        call_ref=call.call_ref,
        body=json.dumps(said),
    )
