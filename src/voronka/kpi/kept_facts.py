"""The facts behind the figures: those of this and the last weeks stay in memory.

Facts are only ever added, so a page reads what came since. Whatever takes facts out of the
count (an undone load) moves the stamp, and everything is read anew.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from voronka.foundation.recent import Recent
from voronka.inquiries.strangers import PREFIX
from voronka.journal.models import Fact

KINDS = (
    "inquiry.registered", "inquiry.assigned", "inquiry.answered", "inquiry.classified",
    "deal.won", "deal.lost", "deal.reopened", "deal.refusal_clarified",
    "call_back.due", "call_back.closed", "call_back.reopened",
)  # fmt: skip
COLUMNS = (
    "at", "pk", "kind", "case", "owner_id", "client_id", "deal_id", "stage_id", "source_id",
    "measure", "body", "recorded_at",
)  # fmt: skip
KEPT_DAYS, MOST = 62, 20_000
# PostgreSQL gives numbers out before it commits: what is younger is read again.
SETTLES = timedelta(minutes=10)
TAIL = 300


class Event(NamedTuple):
    """A fact as figures read it."""

    at: datetime
    id: int
    kind: str
    case: str
    owner_id: int | None
    client_id: int | None
    deal_id: int | None
    stage_id: int | None
    source_id: int | None
    measure: int
    body: dict[str, Any]


Events = dict[str, list[Event]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Facts since `start` by kind, oldest first, up to the fact `last_id`."""

    start: datetime
    last_id: int
    events: Events


def _nothing() -> dict[datetime, _Kept]:
    return {}


_known = Recent(_nothing, seconds=60)
_lock = Lock()


def facts_since(
    start: datetime, *, now: datetime, owners: frozenset[int] | None = None
) -> Events:
    """Give the counted facts of [start, now] by kind, oldest first; one query.

    `owners`: only theirs. Of calls only those without a talk, of slips only those about
    numbers that nobody wrote down: they are what figures list.
    """
    if now - start > timedelta(days=KEPT_DAYS):
        events = _sorted(event for event, _ in _read(start, 0, owners))
    else:
        events = _with_news(start)
    return {kind: _narrowed(rows, now, owners) for kind, rows in events.items()}


def _with_news(start: datetime) -> Events:
    kept = _known().get(start) or _Kept(start, 0, {})
    settled = datetime.now(UTC) - SETTLES
    news = list(_read(start, kept.last_id, None))
    if not news:
        return kept.events
    if len(news) > TAIL:
        old = [event for event, recorded_at in news if recorded_at <= settled]
        _keep(start, kept, old)
    return _joined(kept.events, (event for event, _ in news))


def _keep(start: datetime, kept: _Kept, news: list[Event]) -> None:
    """Keep what will not change any more; two starts at most, and none that is huge."""
    events = _joined(kept.events, iter(news))
    if not news or sum(map(len, events.values())) > MOST:
        return
    last_id = max(event.id for event in news)
    with _lock:
        known = _known()
        known[start] = _Kept(start, last_id, events)
        for other in sorted(known)[:-2]:
            del known[other]


def _joined(events: Events, news: Iterator[Event]) -> Events:
    joined = dict(events)
    for kind, rows in _sorted(news).items():
        joined[kind] = sorted([*events.get(kind, ()), *rows])
    return joined


def _sorted(events: Iterator[Event]) -> Events:
    found: Events = {}
    for event in events:
        found.setdefault(event.kind, []).append(event)
    return {kind: sorted(rows) for kind, rows in found.items()}


def _narrowed(rows: list[Event], now: datetime, owners: frozenset[int] | None) -> list[Event]:
    known = rows[: bisect_right(rows, now, key=attrgetter("at"))]
    return known if owners is None else [row for row in known if row.owner_id in owners]


def _read(
    start: datetime, after_id: int, owners: frozenset[int] | None
) -> Iterator[tuple[Event, datetime]]:
    wanted = Q(kind__in=KINDS) | Q(kind="call.ended", measure=0)
    wanted |= Q(kind__in=("slip.opened", "slip.closed"), case__startswith=PREFIX)
    facts = Fact.objects.counted().filter(wanted, at__gte=start)
    if after_id:
        facts = facts.filter(pk__gt=after_id)
    if owners is not None:
        facts = facts.filter(owner_id__in=owners)
    sql, params = facts.values_list(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    bodies = [row[-2] for row in rows]
    if bodies and isinstance(bodies[0], str):
        bodies = json.loads(f"[{','.join(bodies)}]")
    for row, body in zip(rows, bodies, strict=True):
        at, *middle, measure, _, recorded_at = row
        yield Event._make((_aware(at), *middle, measure or 0, body)), _aware(recorded_at)


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
