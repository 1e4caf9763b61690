"""Anything in the place of a row of a provider's history."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as some

from voronka.calls.adapters import READERS, TELL_OF_ROOMS, chosen
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.reducing import reduce
from voronka.calls.signals import UnreadableError

READ_OR_LEFT: dict[str, Any] = {
    "max_examples": 200, "derandomize": True, "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}  # fmt: skip
VALUES = (
    some.sampled_from(
        ["", "0", "1", "-5", "60", "1e400", "nan", "7" * 40, "79001112233", "+79001112233",
         "101", "102", "client:olga", "sip:1@x", "0003*101", "in", "out", "inbound", "outbound",
         "answered", "completed", "no-answer", "busy", "cancel",
         "Mon, 02 Mar 2026 09:00:00 +0000",
         "2026-03-02 12:00:00", "2026-03-02T12:00:00", "02.03.2026 12:00:00", "1772442000",
         "Входящий", "Исходящий", "Отвечен", "\ud800", "\x00", "x" * 300]
    )
    | some.text(max_size=20)
    | some.none()
    | some.booleans()
    | some.integers()
    | some.lists(some.dictionaries(some.text(max_size=8), some.integers()), max_size=2)
)  # fmt: skip


def demand_calls_or_nothing(exchange: Exchange, events: list[CallEvent]) -> None:
    """Whatever was told: a call as calls are, in any order of telling, or nothing."""
    told = []
    for event in events:
        assert len(event.call_ref) <= 120
        assert "\x00" not in event.call_ref
        event.body.encode()
        with suppress(UnreadableError, ValueError, KeyError, TypeError, AttributeError):
            for one in READERS[exchange.kind](exchange, event):
                told.append((event.source, one))
    talks = exchange.kind not in TELL_OF_ROOMS
    record = reduce(chosen(exchange.kind, told), answers_are_talk=talks)
    assert reduce(chosen(exchange.kind, told[::-1]), answers_are_talk=talks) == record
    if record is not None:
        assert record.talk_seconds >= 0
        assert record.wait_seconds >= 0
        assert datetime.fromtimestamp(record.started_at, UTC).year in (2025, 2026)
