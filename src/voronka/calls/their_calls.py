"""What calls an exchange had, by what it says of days gone by; nothing is written."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from voronka.calls.adapters import READERS, TELL_OF_ROOMS, chosen
from voronka.calls.binding import clean_number
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.histories import Past
from voronka.calls.providers.past import PAST
from voronka.calls.records import CallRecord
from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal, UnreadableError
from voronka.people.queries import own_numbers


@dataclass(frozen=True, slots=True)
class TheirCall:
    """One call of an exchange. `at`: when it began, in seconds since 1970."""

    ref: str
    at: float
    is_internal: bool
    is_over: bool


def calls_of(exchange: Exchange, past: Past, begin: datetime, end: datetime) -> list[TheirCall]:
    """Give the calls that began in [begin, end), as far as anybody can make them out.

    A provider may be asked for whole days only: what it tells beside them is left out.
    """
    own = set(own_numbers())
    found = []
    for ref, events in past.events.items():
        record = _record(exchange, events)
        if record is None:
            continue
        is_of = begin.timestamp() <= record.started_at < end.timestamp()
        if is_of or past.source != PAST:
            is_internal = record.direction == "internal" or clean_number(record.client) in own
            is_over = record.is_closed or record.state == "ended"
            found.append(TheirCall(ref, record.started_at, is_internal, is_over))
    return found


def _record(exchange: Exchange, events: Sequence[CallEvent]) -> CallRecord | None:
    told: list[tuple[str, Signal]] = []
    for event in events:
        # What was understood before it became unreadable counts.
        with suppress(UnreadableError, ValueError, KeyError, TypeError, AttributeError):
            for one in READERS[exchange.kind](exchange, event):
                told.append((event.source, one))
    signals = chosen(exchange.kind, told)
    return reduce(signals, answers_are_talk=exchange.kind not in TELL_OF_ROOMS)
