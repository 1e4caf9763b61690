"""Requests as each provider makes them, out of the calls written beside its adapter."""

import json
import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from voronka.calls.adapters import CHOOSERS, DOORS, READERS
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.records import CallRecord
from voronka.calls.reducing import reduce
from voronka.calls.tests.hooked import START, shown

SECRET = "a-secret-of-the-address"
PROVIDERS = ["sipuni", "onlinepbx", "telphin", "mts", "beeline"]
BY_QUERY, BY_JSON = ("sipuni",), ("onlinepbx", "mts")
OPTIONS: dict[str, dict[str, Any]] = {
    "mts": {"numbers": {"+7 900 555-01-01": "101", "89005550102": "102"}},
    "beeline": {"subscriptions": {"sub-101": "101", "sub-102": "102"}},
}


def hook_of_told(kind: str, after: float, told: Any, **more: Any) -> Hook:
    """Make the request that came so many seconds after the start."""
    at = datetime.fromtimestamp(START + after, UTC)
    if kind in BY_QUERY:
        return Hook(method="GET", suffix="", at=at, query=urlencode(told), **more)
    body = json.dumps(told) if kind in BY_JSON else told
    body = body if isinstance(body, str) else urlencode(body)
    return Hook(method="POST", suffix="", at=at, body=body.encode(), **more)


def event_of(hook: Hook, **more: Any) -> CallEvent:
    """Store a request as the door does."""
    return CallEvent(source="hook", at=hook.at, body=stored(hook, secrets=()), **more)


def call_of(kind: str, events: list[CallEvent]) -> CallRecord | None:
    """Read and reduce, without a database."""
    exchange = Exchange(kind=kind, zone="Europe/Moscow", options=OPTIONS.get(kind, {}))
    told = [(one.source, signal) for one in events for signal in READERS[kind](exchange, one)]
    found = reduce(CHOOSERS[kind](told), answers_are_talk=True)
    if found is None or found.state == "ended":
        return found
    # Its end is that all telephones are out: the door closes it then.
    ends = [leg.ended_at for leg in found.legs]
    said = {"kind": "closed", "at": max(end for end in ends if end)}
    own = CallEvent(source="own", at=events[0].at, body=json.dumps(said))
    told += [("own", signal) for signal in READERS[kind](exchange, own)]
    return reduce(CHOOSERS[kind](told), answers_are_talk=True)


def shown_with_wait(record: CallRecord | None) -> dict[str, Any]:
    """Give what the fixtures tell of a call."""
    assert record is not None
    return shown(record) | {"wait_seconds": record.wait_seconds}


def mixed_up(kind: str, says: list[Any], rng: random.Random) -> list[CallEvent]:
    """Tell a call in any order, some of it twice, each up to ten seconds late."""
    told = says + rng.choices(says, k=3)
    rng.shuffle(told)
    return [
        event_of(hook_of_told(kind, after + rng.uniform(0, 10), one)) for after, one in told
    ]


def brought(kind: str, hook: Hook, secret: str = "", **options: Any) -> Taken:
    """Bring a request to the door."""
    exchange = AtDoor(
        id=1, kind=kind, path_key="k", secret=secret, zone="Europe/Moscow", options=options
    )
    return DOORS[kind](exchange, hook)


def xsi(kind: str, inside: str, before: str = "") -> bytes:
    """Write the least event of Beeline."""
    data = f'<eventData xsi1:type="xsi:{kind}">{inside}</eventData>'
    return f'{before}<Event xmlns:xsi1="urn:one">{data}</Event>'.encode()
