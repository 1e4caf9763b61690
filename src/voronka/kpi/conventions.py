"""What all figures share: the period, the row behind a figure, intervals for small samples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from voronka.foundation.shares import wilson
from voronka.foundation.worktime import WorkCalendar

FEW = 10
"""Under this n a share gives way to "k of n, too little data" (convention C9)."""


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span [start, end) of whole days in the department's zone (C1)."""

    first_day: date
    last_day: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One case behind a figure: what a click on the figure lists.

    `number`: the telephone number it is about, where no card says more.
    """

    case: str
    at: datetime
    owner_id: int | None
    client_id: int | None
    deal_id: int | None
    value: int
    label: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its n and the rows that sum up to it. `value` is None without data.

    `unit`: count, kopecks, seconds or share. `parts` are further numbers shown beside it.
    """

    code: str
    version: int
    unit: str
    value: float | None
    n: int
    rows: tuple[Row, ...] = ()
    parts: dict[str, Any] = field(default_factory=dict)


def days_period(first: date, last: date, calendar: WorkCalendar) -> Period:
    """Give the period from the first to the last day, both included."""
    after = last + timedelta(days=1)
    return Period(first, last, calendar.midnight(first), calendar.midnight(after))


def month_of(day: date, calendar: WorkCalendar) -> Period:
    """Give the calendar month that holds the day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return days_period(first, following - timedelta(days=1), calendar)


def median(values: Sequence[float]) -> float | None:
    """Give the middle value; None when there is none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    if len(values) % 2:
        return float(ordered[half])
    return (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], share: float) -> float | None:
    """Give the smallest value that `share` of the values do not exceed (nearest rank)."""
    if not values:
        return None
    return float(sorted(values)[max(0, ceil(share * len(values)) - 1)])


def share_parts(part: int, whole: int) -> dict[str, Any]:
    """Give what a share shows beside itself: k, n, the interval, and whether n is small."""
    low, high = wilson(part, whole)
    return {"part": part, "whole": whole, "low": low, "high": high, "is_few": whole < FEW}


def total(rows: Iterable[Row]) -> int:
    """Sum the rows' values."""
    return sum(row.value for row in rows)
