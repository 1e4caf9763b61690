"""A line of working seconds: what is placed on it falls inside working hours by itself.

A position is a whole number of working seconds since the line's first moment, so the
difference of two positions is the working time between them, and needs no calendar.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from voronka.foundation.worktime import WorkCalendar

MINUTE, HOUR = 60, 3600
DAY = 9 * HOUR
"""A usual working day, in working seconds."""

# The department's year: people want cool air before summer comes, and rest in January.
_SEASON = (0.62, 0.82, 0.98, 1.12, 1.32, 1.34, 1.22, 1.06, 1.0, 0.96, 0.9, 0.76)
_WEEKDAY = (1.12, 1.08, 1.04, 1.0, 0.84, 0.5, 0.5)
_GROWTH_PER_DAY = 0.0005


class WorkAxis:
    """The working time between two moments, laid end to end; `now` is its present."""

    def __init__(
        self, calendar: WorkCalendar, *, since: datetime, now: datetime, until: datetime
    ) -> None:
        self._zone = calendar
        self._opens: list[int] = []
        lengths: list[int] = []
        at = since
        while at < until:
            opens, closes = calendar.next_opening(at), calendar.closing(at)
            self._opens.append(_epoch(opens))
            lengths.append(_epoch(closes) - _epoch(opens))
            at = closes
        self._starts = [0, *accumulate(lengths)]
        self.now = self.position(now)

    def position(self, at: datetime) -> int:
        """Give how many working seconds of the line lie before a moment."""
        seconds = _epoch(at)
        i = bisect_right(self._opens, seconds) - 1
        if i < 0:
            return 0
        return min(self._starts[i] + seconds - self._opens[i], self._starts[i + 1])

    def epoch(self, position: int) -> int:
        """Give the moment of a position in seconds since 1970."""
        i = bisect_right(self._starts, position) - 1
        return self._opens[i] + position - self._starts[i]

    def moment(self, position: int) -> datetime:
        """Give the moment of a position, in UTC."""
        return moment_of(self.epoch(position))

    def ahead(self, position: int) -> int:
        """Give the nearest quarter of an hour after a position: a likely deadline."""
        return position // 900 * 900 + 900

    def arrivals(self, rng: Random, n: int, *, since: int) -> list[int]:
        """Scatter `n` positions from `since` to now: by season, day of week and hour."""
        first = bisect_right(self._starts, since) - 1
        last = bisect_right(self._starts, self.now - 1) - 1
        days = range(first, last + 1)
        weights = list(accumulate(self._weight(day, first) for day in days))
        found: list[int] = []
        while len(found) < n:
            day = rng.choices(days, cum_weights=weights)[0]
            length = self._starts[day + 1] - self._starts[day]
            # Two waves, before and after lunch.
            peak = 0.22 if rng.random() < 0.56 else 0.68
            at = self._starts[day] + int(length * rng.triangular(0, 1, peak))
            if since <= at < self.now:
                found.append(at)
        return sorted(found)

    def _weight(self, day: int, first: int) -> float:
        on = self._zone.day_of(moment_of(self._opens[day]))
        length = min(self._starts[day + 1], self.now) - self._starts[day]
        season = _SEASON[on.month - 1] * _WEEKDAY[on.weekday()]
        return season * (1 + _GROWTH_PER_DAY * (day - first)) * length / DAY


def line(calendar: WorkCalendar, *, now: datetime, months: int) -> WorkAxis:
    """Lay out the months before `now` and a half-year after it."""
    return WorkAxis(
        calendar,
        since=now - timedelta(days=round(30.44 * months)),
        now=now,
        until=now + timedelta(days=180),
    )


def moment_of(epoch: int) -> datetime:
    """Give the moment so many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(epoch, UTC)


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
