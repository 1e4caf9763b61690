"""What a page of calls is asked for, read from its address."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from voronka.calls.conditions import KINDS, Conditions
from voronka.foundation.worktime import WorkCalendar
from voronka.web import formats

PERIODS = ("today", "week", "month", "custom")
LONGEST = timedelta(days=366)
_NUMBERS = {"stage": "stage_id", "source": "source_id", "client": "client_id"}
_PERIOD = ("from", "to")
_KEPT = ("period", "from", "to", "manager", "what", "line", "stage", "source", "client")


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of whole days and what else narrows a list. `given`: as in the address."""

    period: str
    first: date
    last: date
    where: Conditions
    given: dict[str, str]

    @property
    def plain(self) -> Conditions:
        """The period and whose calls, and nothing else: what the figures count."""
        where = self.where
        return Conditions(start=where.start, end=where.end, manager_id=where.manager_id)

    def link(self, **changes: Any) -> str:
        """Give the same address with other conditions; None takes one out."""
        kept = {name: str(value) for name, value in (self.given | changes).items()
                if value is not None and value != ""}  # fmt: skip
        return f"?{urlencode(kept)}"

    def figure(self, what: str | None, **changes: Any) -> str:
        """Give the address of the list behind a figure of the whole period."""
        # Tables ask this a hundred times.
        bare = _plain(self.period, *(self.given.get(name, "") for name in _PERIOD))
        wanted = {"manager": self.given.get("manager"), "what": what, **changes}
        more = urlencode({name: value for name, value in wanted.items() if value is not None})
        return f"?{bare}&{more}#list" if more else f"?{bare}#list"


@lru_cache(maxsize=256)
def _plain(period: str, first: str, last: str) -> str:
    days = {"from": first, "to": last} if period == "custom" else {}
    return urlencode({"period": period, **days})


def asked_of(request: HttpRequest, calendar: WorkCalendar, at: datetime) -> Asked:
    """Read the address; what cannot be read asks for nothing, and today is the period."""
    given = {name: value.strip()[:80] for name in _KEPT if (value := request.GET.get(name, ""))}
    today = calendar.day_of(at)
    period = given.get("period", "today")
    period = period if period in PERIODS else "today"
    first, last = _days(period, given, today)
    where = Conditions(
        start=calendar.midnight(first), end=calendar.midnight(last + timedelta(days=1))
    )
    return Asked(period, first, last, _narrowed(where, given), given)


def after_of(request: HttpRequest) -> tuple[datetime, int] | None:
    """Read where the page before ended."""
    moment, mark, pk = request.GET.get("after", "").partition("~")
    if not mark or not pk.isdecimal() or len(pk) > 18:
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(pk)) if at.tzinfo else None


def title_days(asked: Asked) -> str:
    """Write the period's days: «24 ноября», «1 ноября – 24 ноября»."""
    if asked.first == asked.last:
        return formats.day(asked.first)
    return f"{formats.day(asked.first)} – {formats.day(asked.last)}"


def _days(period: str, given: dict[str, str], today: date) -> tuple[date, date]:
    if period == "week":
        return today - timedelta(days=today.weekday()), today
    if period == "month":
        return today.replace(day=1), today
    if period == "custom":
        first, last = _day(given.get("from", ""), today), _day(given.get("to", ""), today)
        first, last = min(first, last), max(first, last)
        return max(first, last - LONGEST), last
    return today, today


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1971 <= day.year <= 2098 else otherwise


def _narrowed(where: Conditions, given: dict[str, str]) -> Conditions:
    found: dict[str, Any] = {}
    for name, field in _NUMBERS.items():
        if (value := given.get(name, "")).isdecimal() and len(value) < 12:
            found[field] = int(value)
    manager = given.get("manager", "")
    if manager == "-1" or (manager.isdecimal() and 0 < len(manager) < 9):
        found["manager_id"] = int(manager)
    if (what := given.get("what", "")) in KINDS:
        found["kind"] = what
    if line := given.get("line"):
        found["line"] = line
    return replace(where, **found)
