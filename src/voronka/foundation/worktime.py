"""Working time: what counts between two moments, and when a deadline falls.

W(t1, t2) is the sum of the overlaps of [t1, t2) with the working intervals. Days are
those of the calendar's zone. Pure, exact to the microsecond, and quick: see `day_table`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from voronka.foundation.day_table import EPOCH_DAY, Day, DayTable, lay_out, moment
from voronka.foundation.holidays_ru import FIRST_YEAR, LAST_YEAR, RussianDays

Hours = tuple[int, int] | None
"""A day's working minutes from midnight, [opens, closes), or None for a day off."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_NOTHING = timedelta(0)
_YEAR = 31_556_952_000_000
"""Microseconds of a mean Gregorian year."""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Weekly hours (Monday first), a lunch break, and single days that differ.

    Nothing is worked before 1991 and after 2099. Moments are aware, of any zone. Compared by
    identity. Raises: ValueError for hours beyond 0..1440 or turned round,
    ZoneInfoNotFoundError for an unknown zone.
    """

    zone: str
    week: tuple[Hours, ...]
    days: Mapping[date, Hours] = field(default_factory=dict)
    lunch: Hours = None
    _tz: ZoneInfo = field(init=False, repr=False)
    _table: DayTable = field(init=False, repr=False)
    _years: dict[int, list[Day]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for hours in (*self.week, self.lunch):
            if hours is not None and not 0 <= hours[0] < hours[1] <= 1440:
                raise ValueError(f"hours {hours}")
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        object.__setattr__(self, "_tz", ZoneInfo(self.zone))
        object.__setattr__(self, "_table", DayTable(None, [], 0))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the working time in [start, end); none when it is empty or turned round."""
        since, until = (start - _EPOCH) // _MICRO, (end - _EPOCH) // _MICRO
        if until <= since:
            return _NOTHING
        table = self._table
        if since < table.low or until >= table.high:
            table = self._covering(since, until)
        return timedelta(microseconds=table.worked(until) - table.worked(since))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """Give the earliest moment by which `working` time has passed since `start`, in UTC.

        Zero gives the next working moment. Raises: ValueError when negative, or when ten
        years are too few.
        """
        if working < _NOTHING:
            raise ValueError("working time cannot be negative")
        if working == _NOTHING:
            return self.next_opening(start)
        since = (start - _EPOCH) // _MICRO
        for years in range(11):
            table = self._covering(since, since + years * _YEAR)
            target = table.worked(since) + working // _MICRO
            if target <= table.before[-1]:
                return _EPOCH + table.reached(target) * _MICRO
        raise ValueError("no such working time in ten years")

    def is_working(self, at: datetime) -> bool:
        """Say whether the moment lies in working hours (lunch is not)."""
        since = (at - _EPOCH) // _MICRO
        table = self._covering(since, since + 1)
        return table.worked(since + 1) > table.worked(since)

    def next_opening(self, at: datetime) -> datetime:
        """Give `at` itself when it is working time, else the next working moment, in UTC.

        Raises: ValueError when nobody works for ten years.
        """
        return self._opening(at)[0]

    def closing(self, at: datetime) -> datetime:
        """Give the end of the working day that goes on at `at`, or that begins next, in UTC.

        Raises: ValueError when nobody works for ten years.
        """
        return self._opening(at)[1]

    def working_days(self, start_on: date, end_on: date) -> int:
        """Count the working days in [start_on, end_on); none when it is turned round."""
        if end_on <= start_on:
            return 0
        table = self._covering(self._midnight(start_on), self._midnight(end_on))
        top = len(table.opens)
        first, last = (
            table.days_before[min(max(day.toordinal() - EPOCH_DAY - table.first, 0), top)]
            for day in (start_on, end_on)
        )
        return last - first

    def hours_on(self, day: date) -> Hours:
        """Give the working minutes of a day, lunch included, or None when it is off."""
        return self.days[day] if day in self.days else self.week[day.weekday()]

    def day_of(self, at: datetime) -> date:
        """Give the calendar day of a moment in the department's zone."""
        return at.astimezone(self._tz).date()

    def midnight(self, day: date) -> datetime:
        """Give the moment at which a day begins, in UTC."""
        return datetime.combine(day, time(), self._tz).astimezone(UTC)

    def _midnight(self, day: date) -> int:
        return moment(day, 0, self._tz)

    def _opening(self, at: datetime) -> tuple[datetime, datetime]:
        since = (at - _EPOCH) // _MICRO
        for years in range(11):
            table = self._covering(since, since + years * _YEAR)
            inside = min(max(since, table.low), table.high - 1)
            if (found := table.opening(inside)) and found[0] >= since:
                return _EPOCH + found[0] * _MICRO, _EPOCH + found[1] * _MICRO
        raise ValueError("no working time in ten years")

    def _covering(self, since: int, until: int) -> DayTable:
        """Give a table that holds both moments, as far as the calendar's years go."""
        table = self._table
        if table.low <= since and until < table.high:
            return table
        # A year to spare on both sides: local years begin at other moments than mean ones.
        years = [1970 + since // _YEAR - 1, 1970 + until // _YEAR + 1, *table.years]
        first, last = (
            min(max(year, FIRST_YEAR), LAST_YEAR) for year in (min(years), max(years))
        )
        if table.years == (first, last):
            return table
        days = [day for year in range(first, last + 1) for day in self._days(year)]
        table = DayTable(date(first, 1, 1), days, self._midnight(date(last + 1, 1, 1)))
        object.__setattr__(self, "_table", table)  # Whole and at once: threads share it.
        return table

    def _days(self, year: int) -> list[Day]:
        if year not in self._years:
            start = date(year, 1, 1)
            count = (date(year + 1, 1, 1) - start).days
            days = (start + timedelta(days=n) for n in range(count))
            self._years[year] = [
                lay_out(day, self.hours_on(day), self.lunch, self._tz) for day in days
            ]
        return self._years[year]


@lru_cache(maxsize=16)
def russian_calendar(
    zone: str = "Europe/Moscow", opens: str = "09:00", closes: str = "18:00"
) -> WorkCalendar:
    """Give a five-day week with Russian holidays, moved days and working Saturdays.

    The working day before a holiday is an hour shorter. The same arguments give the same
    calendar. Raises: ValueError for hours that are no "HH:MM" or turned round,
    ZoneInfoNotFoundError.
    """
    hours = (_minutes(opens), _minutes(closes))
    days = RussianDays(opens=hours[0], closes=hours[1])
    return WorkCalendar(zone, (hours,) * 5 + (None, None), days)


def _minutes(text: str) -> int:
    hours, minutes = (int(part) for part in text.split(":"))
    if not 0 <= minutes < 60:
        raise ValueError(f"no time of day: {text[:20]}")
    return hours * 60 + minutes
