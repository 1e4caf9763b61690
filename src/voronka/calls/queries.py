"""Calls for screens: the list, what became of the missed, the numbers dialled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When

from voronka.calls.call_back_models import BY_US, CallBack
from voronka.calls.conditions import Conditions, call_backs_where, calls_where
from voronka.calls.missing import BROKEN_OFF
from voronka.calls.models import Call, InternalCall
from voronka.calls.sums import Lengths, Norms, middle
from voronka.journal.viewer import Viewer

PAGE = 20


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call of the list. Seconds. Of a missed one that is to be called back: `waits`, nobody
    talked with the number since; `returned_at`: the first talk since. `is_recorded`: its
    recording is with us.
    """

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
    is_recorded: bool
    waits: bool
    returned_at: datetime | None

    def is_given_up(self, norms: Norms) -> bool:
        """Say that the caller hung up before anybody could answer."""
        is_short = self.wait_seconds < norms.short and self.outcome not in BROKEN_OFF
        return self.direction == "in" and not self.is_answered and is_short


@dataclass(frozen=True, slots=True)
class Returns:
    """What became of who rang in vain, by their call-backs (K6, K7).

    `whole`: of the period, by the first missed call of each; `lost`: nobody talked with them
    to this day; `by_client`: who rang again first; `median_seconds`: working time from the
    first missed call to the talk, of those whom we rang.
    """

    whole: int
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
    return list(_rows(rows.order_by("-started_at", "-pk")[:most]))


def all_calls(*, viewer: Viewer, asked: Conditions, norms: Norms) -> Iterator[CallRow]:
    """Give every call that fits, the newest first, read piece by piece."""
    after: tuple[datetime, int] | None = None
    while found := call_list(viewer=viewer, asked=asked, norms=norms, after=after, most=1000):
        yield from found
        after = found[-1].at, found[-1].id


def _rows(rows: "QuerySet[Call]") -> Iterator[CallRow]:
    waits = CallBack.objects.that_stand().filter(
        phone=OuterRef("phone"),
        first_call__started_at__lte=OuterRef("started_at"),
        last_missed_at__gte=OuterRef("started_at"),
    )
    wait = waits.order_by("last_missed_at", "pk")
    # Hidden and erased numbers are nobody's.
    is_missed = Q(direction="in", is_answered=False, phone__startswith="+")
    found = rows.annotate(
        wait=Case(When(is_missed, then=Subquery(wait.values("pk")[:1]))),
        back=Case(When(is_missed, then=Subquery(wait.values("closed_at")[:1]))),
    ).values_list(
        "pk", "started_at", "direction", "outcome", "is_answered", "phone", "wait_seconds",
        "talk_seconds", "manager_id", "line", "stage__name", "client_id", "client__name",
        "deal_id", "recording__state", "wait", "back",
    )  # fmt: skip
    row: tuple[Any, ...]
    for row in found:
        recording, wait, back = row[14:]
        ends = (recording == "stored", wait is not None and back is None, back)
        yield CallRow(*row[:10], row[10] or "", row[11], row[12] or "", row[13], *ends)


def returns(*, viewer: Viewer, asked: Conditions) -> Returns:
    """Count the call-backs of a period by how they ended, one query.

    Of the conditions only the period and the person are asked.
    """
    rows = call_backs_where(viewer, asked).order_by().values_list("how", "wait_seconds")
    ends: dict[str, int] = {}
    waits: Lengths = {}
    for how, seconds, n in rows.annotate(n=Count("pk")):
        ends[how] = ends.get(how, 0) + n
        if how in BY_US:
            waits[seconds] = waits.get(seconds, 0) + n
    lost, by_client = ends.get("", 0), ends.get("they", 0)
    return Returns(sum(ends.values()), lost, by_client, middle(waits))


def internal_calls(*, start: datetime, end: datetime) -> int:
    """Count the calls within the firm in [start, end): they are no figure of sales (C10)."""
    return InternalCall.objects.filter(started_at__gte=start, started_at__lt=end).count()
