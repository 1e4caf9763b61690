"""Which time a page speaks of: a month, a year, or all of it. `?month=2026-11|2026|all`."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from voronka.foundation.recent import kept_for
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.queries import known_span
from voronka.kpi.conventions import Period, days_period, month_of
from voronka.web import words

ALL = "all"


@kept_for(600)
def _span() -> tuple[datetime, datetime] | None:
    return known_span()


def period_of(request: HttpRequest, calendar: WorkCalendar, at: datetime) -> Period:
    """Read the period from the address; anything unreadable is the current month."""
    wanted = request.GET.get("month", "")
    today = calendar.day_of(at)
    if wanted == ALL:
        span = _span()
        first = calendar.day_of(span[0]) if span else today
        return days_period(first, max(first, today), calendar)
    if len(wanted) == 4 and wanted.isdecimal() and 1970 <= int(wanted) <= today.year:
        return days_period(date(int(wanted), 1, 1), date(int(wanted), 12, 31), calendar)
    try:
        day = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        day = today
    is_known = 1970 <= day.year <= today.year + 1
    return month_of(day if is_known else today, calendar)


def mark_of(request: HttpRequest, period: Period) -> str:
    """Give the period as the address writes it."""
    wanted = request.GET.get("month", "")
    if wanted == ALL or (len(wanted) == 4 and period.first_day.month != period.last_day.month):
        return wanted
    return period.first_day.strftime("%Y-%m")


def choices(request: HttpRequest, period: Period, at: datetime) -> list[tuple[str, str]]:
    """List what may be chosen: 24 months, the years that hold facts, and all of them."""
    day = at.date().replace(day=1)
    found = []
    for _n in range(24):
        found.append((day.strftime("%Y-%m"), words.month(day)))
        day = (day - timedelta(days=1)).replace(day=1)
    span = _span()
    first = span[0].year if span else at.year
    found += [(str(year), _year(year)) for year in range(at.year, first - 1, -1)]
    found.append((ALL, _("Всё время")))
    mark = mark_of(request, period)
    if mark not in dict(found):
        found.insert(0, (mark, words.month(period.first_day)))
    return found


def last_known(period: Period, at: datetime) -> date | None:
    """Give the month of the last fact when the period holds none and the past does."""
    span = _span()
    if span is None or span[1] >= period.start or period.start > at:
        return None
    return span[1].date().replace(day=1)


def _year(year: int) -> str:
    return _("%(year)s год") % {"year": year}
