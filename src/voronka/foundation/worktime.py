"""Working time: what counts between two moments, and when a deadline falls.

W(t1, t2) is the sum of the overlaps of [t1, t2) with the working intervals. Days are
those of the calendar's zone. Pure and quick: per-day sums are made once a year asked for.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Hours = tuple[int, int] | None
"""A day's working minutes from midnight, [opens, closes), or None for a day off."""


@dataclass(frozen=True)
class WorkCalendar:
    """Weekly hours (Monday first) with single days that differ: holidays, moved, short."""

    zone: str
    week: tuple[Hours, ...]
    days: Mapping[date, Hours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_year_sums", {})
        object.__setattr__(self, "_tz", ZoneInfo(self.zone))

    def hours_on(self, day: date) -> Hours:
        """Give the working minutes of a day, or None when it is off."""
        if day in self.days:
            return self.days[day]
        return self.week[day.weekday()]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the working time in [start, end); none when it is empty or turned round."""
        if end <= start:
            return timedelta(0)
        return timedelta(seconds=self._since_epoch(end) - self._since_epoch(start))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """Give the earliest moment by which `working` time has passed since `start`.

        Zero gives the next working moment. Raises: ValueError when ten years are too few.
        """
        left = working.total_seconds()
        day = self._local(start).date()
        at = start
        for _ in range(3660):
            opens, closes = self._bounds(day)
            at = max(at, opens)
            room = (closes - at).total_seconds()
            if room > 0 and left <= room:
                return at + timedelta(seconds=left)
            left -= max(0.0, room)
            day += timedelta(days=1)
            at = max(at, closes)
        raise ValueError("no working time in ten years")

    def is_working(self, at: datetime) -> bool:
        """Say whether the moment lies in working hours."""
        opens, closes = self._bounds(self._local(at).date())
        return opens <= at < closes

    def next_opening(self, at: datetime) -> datetime:
        """Give `at` itself when it is working time, else the next opening."""
        return self.add(at, timedelta(0))

    def working_days(self, start: date, end: date) -> int:
        """Count the working days in [start, end)."""
        days = ((start + timedelta(days=n)) for n in range((end - start).days))
        return sum(self.hours_on(day) is not None for day in days)

    def day_of(self, at: datetime) -> date:
        """Give the calendar day of a moment in the department's zone."""
        return self._local(at).date()

    def midnight(self, day: date) -> datetime:
        """Give the moment at which a day begins, in UTC."""
        return datetime.combine(day, time(), self._zone()).astimezone(UTC)

    def _zone(self) -> ZoneInfo:
        return self.__dict__["_tz"]  # type: ignore[no-any-return]

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone())

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        hours = self.hours_on(day)
        midnight = datetime.combine(day, time(), self._zone())
        if hours is None:
            return midnight.astimezone(UTC), midnight.astimezone(UTC)
        opens, closes = (midnight + timedelta(minutes=minutes) for minutes in hours)
        return opens.astimezone(UTC), closes.astimezone(UTC)

    def _since_epoch(self, at: datetime) -> float:
        """Working seconds from the first day of the moment's year 1970 up to it."""
        local = self._local(at)
        before = self._sum_before(local.year)[local.timetuple().tm_yday - 1]
        hours = self.hours_on(local.date())
        if hours is None:
            return before
        opens, closes = hours[0] * 60, hours[1] * 60
        now = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
        return before + min(max(now - opens, 0), closes - opens)

    def _sum_before(self, year: int) -> list[float]:
        sums: dict[int, list[float]] = self.__dict__["_year_sums"]
        if year in sums:
            return sums[year]
        known = sorted(sums)
        place = bisect_right(known, year)
        base_year = known[place - 1] if place else min(year, 1990)
        total = sums[base_year][-1] if place else 0.0
        for each in range(base_year + 1 if place else base_year, year + 1):
            line = [total]
            day = date(each, 1, 1)
            while day.year == each:
                hours = self.hours_on(day)
                total += (hours[1] - hours[0]) * 60 if hours else 0
                line.append(total)
                day += timedelta(days=1)
            sums[each] = line
        return sums[year]


@lru_cache(maxsize=16)
def russian_calendar(
    zone: str = "Europe/Moscow", opens: str = "09:00", closes: str = "18:00"
) -> WorkCalendar:
    """Give a five-day week with Russian holidays, moved days and working Saturdays.

    The working day before a holiday is an hour shorter (Labour Code, article 95).
    """
    hours = (_minutes(opens), _minutes(closes))
    return WorkCalendar(zone, (hours,) * 5 + (None, None), RussianDays(hours))


class RussianDays(Mapping[date, Hours]):
    """The days of the production calendar that differ from the week, made a year at a time."""

    def __init__(self, hours: tuple[int, int]) -> None:
        self._hours = hours
        self._years: dict[int, dict[date, Hours]] = {}

    def __getitem__(self, day: date) -> Hours:
        return self._year(day.year)[day]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self._year(day.year)

    def __iter__(self) -> Any:
        return (day for days in self._years.values() for day in days)

    def __len__(self) -> int:
        return sum(map(len, self._years.values()))

    def _year(self, year: int) -> dict[date, Hours]:
        if year not in self._years:
            self._years[year] = _different_days(year, self._hours)
        return self._years[year]


# Saturdays worked in return for moved days off: decrees of the Government of Russia.
_WORKED_SATURDAYS = {
    date(2010, 2, 27), date(2010, 11, 13), date(2011, 3, 5), date(2012, 3, 11),
    date(2012, 4, 28), date(2012, 5, 5), date(2012, 5, 12), date(2012, 6, 9),
    date(2012, 12, 29), date(2016, 2, 20), date(2018, 4, 28), date(2018, 6, 9),
    date(2018, 12, 29), date(2021, 2, 20), date(2022, 3, 5), date(2024, 4, 27),
    date(2024, 11, 2), date(2024, 12, 28), date(2025, 11, 1),
}  # fmt: skip


def _different_days(year: int, hours: tuple[int, int]) -> dict[date, Hours]:
    import holidays  # noqa: PLC0415  (costs 5 MB; only calendars need it)

    off = holidays.country_holidays("RU", years=[year, year + 1], observed=True)
    different: dict[date, Hours] = {day: None for day in off if day.year == year}
    different |= {day: hours for day in _WORKED_SATURDAYS if day.year == year}
    short = (hours[0], hours[1] - 60)
    different |= {day: short for day in _SHORT_SATURDAYS if day.year == year}
    for feast in off:
        eve = feast - timedelta(days=1)
        is_fixed = (feast.month, feast.day) in _FEASTS
        is_worked = eve.weekday() < 5 and different.get(eve, hours) is not None
        if eve.year == year and is_fixed and is_worked:
            different[eve] = short
    return different


# Working Saturdays that the production calendar made an hour shorter as well.
_SHORT_SATURDAYS = {date(2021, 2, 20), date(2022, 3, 5), date(2024, 11, 2), date(2025, 11, 1)}
_FEASTS = {(1, 1), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
