"""What Asterisk said, read back from the store: its record (CEL), or its live events (AMI)."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from voronka.calls.asterisk.ami_events import signals_of_event
from voronka.calls.asterisk.cel import signals_of_row
from voronka.calls.asterisk.endpoints import Endpoints
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.signals import Signal


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event. Raises: ValueError, KeyError when it is torn."""
    said = json.loads(event.body)
    endpoints = endpoints_of(exchange)
    if event.source == "cel":
        yield from signals_of_row(said, endpoints)
    elif event.source == "ami":
        at = float(said.get("Timestamp") or event.at.timestamp())
        yield from signals_of_event(said, endpoints, at, int(said.get("order", 0)))
    elif event.source == "own":
        yield Signal(kind=said["kind"], at=float(said["at"]), name=said.get("name", ""))


def ref_of(_exchange: Exchange, event: CallEvent) -> str:
    """Give the call that an event speaks of: Asterisk's linkedid."""
    said = json.loads(event.body)
    return str(said.get("linkedid") or said.get("Linkedid") or said.get("DestLinkedid") or "")


def best_of(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Take of each thing said whichever way told it more often, the record where both did.

    The record loses rows when the exchange's disk is busy (52 of 750 were seen lost), the live
    line what passed while we were away. What we added ourselves counts beside both.
    """
    ways: dict[tuple[str, str, str], dict[str, list[Signal]]] = {}
    chosen = []
    for source, one in told:
        if source == "own":
            chosen.append(one)
        else:
            by_way = ways.setdefault((one.kind, one.leg, one.room), {"cel": [], "ami": []})
            by_way[source].append(one)
    for by_way in ways.values():
        record, live = by_way["cel"], by_way["ami"]
        # Each way tells a thing once; only what it told twice was two things.
        chosen += record if len(set(record)) >= len(set(live)) else live
    return chosen


def endpoints_of(exchange: Exchange) -> Endpoints:
    """Give the administrator's table of endpoints."""
    return _endpoints(json.dumps(exchange.options.get("endpoints", {}), sort_keys=True))


@lru_cache(maxsize=16)
def _endpoints(told: str) -> Endpoints:
    rows: dict[str, Any] = json.loads(told)
    roles = {name: str(row.get("role", "")) for name, row in rows.items()}
    extensions = {
        name: str(row["extension"]) for name, row in rows.items() if row.get("extension")
    }
    return Endpoints(roles, extensions)
