"""The days of a working calendar laid out for counting: microseconds since 1970, UTC.

Sums stand ready before each day, so that a question about any span costs two look-ups.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

DAY = 86_400_000_000
EPOCH_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Day:
    """A day's midnight and working hours [opens, closes) less [pause_from, pause_to)."""

    starts: int
    opens: int
    closes: int
    pause_from: int
    pause_to: int

    @property
    def length(self) -> int:
        """Its working microseconds; a day off has none."""
        return self.closes - self.opens - (self.pause_to - self.pause_from)


class DayTable:
    """Whole years of days from `first` on; a moment outside counts as the nearest end.

    `years` are its first and last ones; without days it is empty and holds no moment.
    """

    def __init__(self, first: date | None, days: Sequence[Day], end: int) -> None:
        first = first or date(1970, 1, 1)
        self.first = first.toordinal() - EPOCH_DAY
        last = first + timedelta(days=len(days) - 1)
        self.years: tuple[int, ...] = (first.year, last.year) if days else ()
        self.starts = [day.starts for day in days] + [end]
        self.opens = [day.opens for day in days]
        self.closes = [day.closes for day in days]
        has_pause = any(day.pause_to > day.pause_from for day in days)
        self.pauses = [(day.pause_from, day.pause_to) for day in days] if has_pause else None
        self.before = list(accumulate((day.length for day in days), initial=0))
        self.days_before = list(accumulate((day.length > 0 for day in days), initial=0))
        self.low, self.high = self.starts[0], end
        self._shift = self.first * DAY - self.low

    def worked(self, at: int) -> int:
        """Give the working microseconds from the table's first day up to a moment."""
        if not self.low <= at < self.high:
            return 0 if at < self.low else self.before[-1]
        i = self.index(at)
        total = self.before[i]
        opens = self.opens[i]
        if at > opens:
            closes = self.closes[i]
            total += (at if at < closes else closes) - opens
            if self.pauses and at > self.pauses[i][0]:
                pause_from, pause_to = self.pauses[i]
                total -= min(at, pause_to) - pause_from
        return total

    def index(self, at: int) -> int:
        """Give the place of the day that holds a moment within the table."""
        # The zone's offset moves by the season, by law, or by a whole day: hence the steps.
        i = min(max((at + self._shift) // DAY - self.first, 0), len(self.opens) - 1)
        while at < self.starts[i]:
            i -= 1
        while at >= self.starts[i + 1]:
            i += 1
        return i

    def reached(self, total: int) -> int:
        """Give the first moment by which `total` (0 < total <= all there is) is worked."""
        i = bisect_left(self.before, total) - 1
        at = self.opens[i] + total - self.before[i]
        if self.pauses and at > self.pauses[i][0]:
            at += self.pauses[i][1] - self.pauses[i][0]
        return at

    def opening(self, at: int) -> tuple[int, int] | None:
        """Give the next working moment (`at` itself, if it is one) and that day's closing."""
        i = self.index(at)
        if at >= self.closes[i] or self.before[i] == self.before[i + 1]:
            i = bisect_right(self.days_before, self.days_before[i + 1]) - 1
            if i >= len(self.opens):
                return None
            at = self.opens[i]
        at = max(at, self.opens[i])
        if self.pauses and self.pauses[i][0] <= at < self.pauses[i][1]:
            at = self.pauses[i][1]
        return at, self.closes[i]


def lay_out(
    day: date, hours: tuple[int, int] | None, lunch: tuple[int, int] | None, zone: ZoneInfo
) -> Day:
    """Place a day's hours on the time line; the clock on the wall decides, summer or winter."""
    starts = moment(day, 0, zone)
    if hours is None:
        return Day(starts, starts, starts, starts, starts)
    opens, closes = moment(day, hours[0], zone), moment(day, hours[1], zone)
    if lunch is None:
        return Day(starts, opens, closes, closes, closes)
    pause_from = max(moment(day, lunch[0], zone), opens)
    pause_to = min(moment(day, lunch[1], zone), closes)
    if pause_from >= pause_to:
        return Day(starts, opens, closes, closes, closes)
    # A break at an end of the day is no break: the day begins later or ends earlier.
    if pause_to == closes:
        return Day(starts, opens, pause_from, pause_from, pause_from)
    if pause_from == opens:
        return Day(starts, pause_to, closes, closes, closes)
    return Day(starts, opens, closes, pause_from, pause_to)


def moment(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Give the moment at which the wall clock shows `minutes` past midnight."""
    days, minutes = divmod(minutes, 1440)
    day += timedelta(days=days)
    offset = datetime.combine(day, time(minutes // 60, minutes % 60), zone).utcoffset()
    local = (day.toordinal() - EPOCH_DAY) * DAY + minutes * 60_000_000
    return local - (offset or timedelta(0)) // timedelta(microseconds=1)
