"""What an exchange sent, as the door has stored it: for tests of its adapters."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from voronka.calls import providers
from voronka.calls.adapters import CHOOSERS, READERS
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, Door
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.records import CallRecord
from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal

START = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
START_TEXT = "20260302T090000Z"


def fixtures(kind: str) -> dict[str, Any]:
    """Give the calls written down beside an adapter."""
    file = Path(providers.__file__).parent / kind / "fixtures.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def event(after: float, fields: dict[str, str], suffix: str = "", **more: Any) -> CallEvent:
    """Make the stored event of one request, which came so many seconds after the start."""
    told = {k: START_TEXT if v == "START" else v for k, v in fields.items()}
    return posted(after, urlencode(told).encode(), suffix=suffix, **more)


def posted(
    after: float,
    body: bytes,
    headers: dict[str, str] | None = None,
    suffix: str = "",
    **more: Any,
) -> CallEvent:
    """Make the stored event of one request out of its body."""
    at = datetime.fromtimestamp(START + after, UTC)
    hook = Hook(method="POST", suffix=suffix, at=at, headers=headers or {}, body=body)
    return CallEvent(source="hook", at=at, body=stored(hook, secrets=()), **more)


def reduced(kind: str, events: Iterable[CallEvent]) -> CallRecord | None:
    """Read and reduce, without a database."""
    exchange = Exchange(kind=kind, zone="Europe/Moscow")
    return reduce(told_by(exchange, events), answers_are_talk=True)


def told_by(exchange: Exchange, events: Iterable[CallEvent]) -> list[Signal]:
    """Read events, and choose what counts of them."""
    kind = exchange.kind
    told = [(one.source, signal) for one in events for signal in READERS[kind](exchange, one)]
    return CHOOSERS[kind](told)


def shown(record: CallRecord | None) -> dict[str, Any]:
    """Give what the fixtures tell of a call."""
    assert record is not None
    return {
        "direction": record.direction, "outcome": record.outcome, "client": record.client,
        "line": record.line, "answered_by": record.answered_by, "talked": list(record.talked),
        "rang": sorted(record.rang), "talk_seconds": record.talk_seconds,
        "recordings": list(record.recordings), "state": record.state,
        "legs": {leg.extension: leg.outcome for leg in record.legs},
    }  # fmt: skip


def heard(
    exchange: Exchange, take: Door, at_door: AtDoor, hooks: Iterable[Hook]
) -> list[tuple[str, str]]:
    """Take requests in at the door, store and read them; give what became of each."""
    for n, hook in enumerate(hooks):
        taken = take(at_door, hook)
        text = stored(hook, secrets=(at_door.secret, at_door.path_key))
        event = CallEvent(
            exchange=exchange, source="hook", source_key=str(n), at=hook.at, body=text
        )
        event.call_ref = taken.ref
        keep_events([event] if taken.keeps else [])
    read_waiting(now=datetime.fromtimestamp(START, UTC))
    rows = CallEvent.objects.filter(exchange=exchange, source="hook").order_by("pk")
    return list(rows.values_list("state", "problem"))
