"""Calls for screens: the list, what became of the missed, the numbers dialled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import (
    Case,
    Q,
    QuerySet,
    Subquery,
    When,
)

from voronka.calls.conditions import Conditions, calls_where, later_talks
from voronka.calls.models import Call, InternalCall
from voronka.calls.sums import BROKEN_OFF, Norms
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.viewer import Viewer

PAGE = 20


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call of the list. Seconds. `returned_at`: of a missed one, the first talk since."""

    id: int
    at: datetime
    direction: str
    outcome: str
    is_answered: bool
    phone: str
    wait_seconds: int
    talk_seconds: int
    manager_id: int | None
    line: str
    stage: str
    client_id: int | None
    client: str
    deal_id: int | None
    returned_at: datetime | None

    def is_given_up(self, norms: Norms) -> bool:
        """Say that the caller hung up before anybody could answer."""
        is_short = self.wait_seconds < norms.short and self.outcome not in BROKEN_OFF
        return self.direction == "in" and not self.is_answered and is_short


@dataclass(frozen=True, slots=True)
class Returns:
    """What became of the numbers that were missed (K6, K7).

    `numbers`: how many of them can be called back; `lost`: without a talk since; `by_client`:
    who rang again first; `median_seconds`: working time from the first miss to the talk.
    """

    numbers: int
    lost: int
    by_client: int
    median_seconds: float | None


def call_list(
    *,
    viewer: Viewer,
    asked: Conditions,
    norms: Norms,
    after: tuple[datetime, int] | None = None,
    most: int = PAGE + 1,
) -> list[CallRow]:
    """List calls, the newest first, one query. `after`: the last row of the page before."""
    rows = calls_where(viewer, asked, norms)
    if after is not None:
        at, pk = after
        rows = rows.filter(started_at__lte=at)
        rows = rows.filter(Q(started_at__lt=at) | Q(pk__lt=pk))
    return list(_rows(rows.order_by("-started_at", "-pk")[:most], norms))


def all_calls(*, viewer: Viewer, asked: Conditions, norms: Norms) -> Iterator[CallRow]:
    """Give every call that fits, the newest first, read piece by piece."""
    after: tuple[datetime, int] | None = None
    while found := call_list(viewer=viewer, asked=asked, norms=norms, after=after, most=1000):
        yield from found
        after = found[-1].at, found[-1].id


def _rows(rows: "QuerySet[Call]", norms: Norms) -> Iterator[CallRow]:
    first = later_talks(norms).order_by("started_at").values("started_at")[:1]
    is_missed = Q(direction="in", is_answered=False)
    found = rows.annotate(back=Case(When(is_missed, then=Subquery(first)))).values_list(
        "pk", "started_at", "direction", "outcome", "is_answered", "phone", "wait_seconds",
        "talk_seconds", "manager_id", "line", "stage__name", "client_id", "client__name",
        "deal_id", "back",
    )  # fmt: skip
    row: tuple[Any, ...]
    for row in found:
        yield CallRow(*row[:10], row[10] or "", row[11], row[12] or "", *row[13:])


def returns(
    *, viewer: Viewer, asked: Conditions, norms: Norms, calendar: WorkCalendar
) -> Returns:
    """Follow the missed calls of a period to the first talk with the number, one query."""
    missed = calls_where(viewer, replace(asked, kind="missed"), norms)
    later = later_talks(norms).order_by("started_at", "pk")
    found = missed.filter(phone__startswith="+").annotate(
        back=Subquery(later.values("started_at")[:1]),
        back_direction=Subquery(later.values("direction")[:1]),
    )
    first: dict[str, tuple[datetime, datetime | None, str | None]] = {}
    lost: set[str] = set()
    rows = found.order_by("started_at").values_list(
        "phone", "started_at", "back", "back_direction"
    )
    for phone, at, back, direction in rows:
        first.setdefault(phone, (at, back, direction))
        if back is None:
            lost.add(phone)
    waits = [
        calendar.between(at, back).total_seconds()
        for at, back, _ in first.values()
        if back is not None
    ]
    by_client = sum(direction == "in" for _, _, direction in first.values())
    return Returns(len(first), len(lost), by_client, median(waits) if waits else None)


def internal_calls(*, start: datetime, end: datetime) -> int:
    """Count the calls within the firm in [start, end): they are no figure of sales (C10)."""
    return InternalCall.objects.filter(started_at__gte=start, started_at__lt=end).count()
