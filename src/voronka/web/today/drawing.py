"""Points of the small charts: shapes in SVG, words in HTML around them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voronka.foundation.worktime import WorkCalendar
from voronka.kpi.conventions import Period, Row


@dataclass(frozen=True, slots=True)
class Chart:
    """A line of the month in a box of 100 × 120, with the scale of the axis in kopecks."""

    fact: str
    plan: str
    top_kopecks: int
    first: date
    today_at: float
    last: date


def month_chart(
    *, rows: Iterable[Row], plan: int, calendar: WorkCalendar, month: Period, now: datetime
) -> Chart:
    """Draw money won day by day against the plan spread over working days."""
    days = [
        month.first_day + timedelta(days=n)
        for n in range((month.last_day - month.first_day).days + 1)
    ]
    working = [day for day in days if calendar.hours_on(day) is not None]
    won: dict[date, int] = {}
    for row in rows:
        day = calendar.day_of(row.at)
        won[day] = won.get(day, 0) + row.value
    today = calendar.day_of(now)
    top = max(plan, sum(won.values()), 1)
    points, total, step = ["0,119"], 0, 100 / max(1, len(working))
    for n, day in enumerate(working, start=1):
        if day > today:
            break
        previous = working[n - 2] if n > 1 else month.first_day - timedelta(days=1)
        total += sum(value for at, value in won.items() if previous < at <= day)
        points.append(f"{n * step:.1f},{119 - 118 * max(0, total) / top:.1f}")
    passed = sum(day <= today for day in working)
    line = f"M0 119L100 {119 - 118 * plan / top:.1f}" if plan else ""
    return Chart(" ".join(points), line, top, month.first_day, passed * step, month.last_day)
