"""What is joined, and how it fares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from voronka.calls.exchange_models import CallEvent, Exchange


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange as pages show it; never its password. `unread`: events for a person."""

    id: int
    kind: str
    name: str
    is_on: bool
    zone: str
    options: dict[str, Any]
    path_key: str
    has_secret: bool
    heard_at: datetime | None
    problem: str
    problem_since: datetime | None
    unread: int
    callers_warned: bool = False


def exchanges() -> list[ExchangeRow]:
    """List what is joined, in the order of joining."""
    rows = Exchange.objects.filter(removed_at=None).order_by("pk")
    rows = rows.annotate(n=Count("events", filter=Q(events__state="unread")))
    return [_row(one) for one in rows]


def unread_events(*, exchange_id: int, most: int = 50) -> list[tuple[int, datetime, str, str]]:
    """List what nobody could read, the newest first: id, when, why, what it said."""
    rows = CallEvent.objects.filter(exchange_id=exchange_id, state="unread").order_by("-pk")
    return list(rows.values_list("pk", "at", "problem", "body")[:most])


def _row(one: Any) -> ExchangeRow:
    return ExchangeRow(
        id=one.pk,
        kind=one.kind,
        name=one.name,
        is_on=one.is_on,
        zone=one.zone,
        options=one.options,
        path_key=one.path_key,
        has_secret=bool(one.secret),
        heard_at=one.heard_at,
        problem=one.problem,
        problem_since=one.problem_since,
        unread=one.n,
        callers_warned=one.callers_warned,
    )
