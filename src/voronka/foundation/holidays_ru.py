"""The Russian production calendar: the days that differ from a plain five-day week.

Feasts and their shifts follow the Labour Code (articles 95 and 112), moved days the yearly
decrees of the Government, 2009 to 2027. Other years hold what the law alone gives. The
`holidays` package says the same for 44 MB of memory and 0.3 s, so only the tests ask it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1991, 2099
_DAY = timedelta(days=1)
_SHORTER_MINUTES = 60
_FEASTS = {(1, 1), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
_NEW_LAW = 2013
_MOVED = {
    2009: "11.01>09.01",
    2010: "27.02>22.02 13.11>05.11",
    2011: "05.03>07.03",
    2012: "11.03>09.03 28.04>30.04 05.05>07.05 12.05>08.05 09.06>11.06 29.12>31.12",
    2013: "05.01>02.05 06.01>03.05 23.02>10.05",
    2014: "04.01>02.05 05.01>13.06 23.02>03.11",
    2015: "03.01>09.01 04.01>04.05",
    2016: "20.02>22.02 02.01>07.03 03.01>03.05",
    2017: "01.01>24.02 07.01>08.05",
    2018: "06.01>09.03 28.04>30.04 07.01>02.05 09.06>11.06 29.12>31.12",
    2019: "05.01>02.05 06.01>03.05 23.02>10.05",
    2020: "04.01>04.05 05.01>05.05",
    2021: "20.02>22.02 02.01>05.11 03.01>31.12",
    2022: "05.03>07.03 01.01>03.05 02.01>10.05",
    2023: "01.01>24.02 08.01>08.05",
    2024: "27.04>29.04 02.11>30.04 06.01>10.05 28.12>30.12 07.01>31.12",
    2025: "04.01>02.05 23.02>08.05 08.03>13.06 01.11>03.11 05.01>31.12",
    2026: "03.01>09.01 04.01>31.12",
    2027: "20.02>22.02 02.01>05.11 03.01>31.12",
}
"""The day off of the first date is given on the second, as the decrees put it."""
_SHORT_AS_WELL = {date(2014, 2, 24)}
"""It gave its rest to 3 November, the eve of a feast, and took over that day's length."""


class RussianDays(Mapping[date, tuple[int, int] | None]):
    """Holidays and moved days off (None), worked Saturdays, shorter days: minutes of a day.

    The working day before a feast is an hour shorter; a Saturday worked for a moved day off
    is as long as the day it stands for. Made a year at a time.
    """

    def __init__(self, *, opens: int, closes: int) -> None:
        shorter = closes - _SHORTER_MINUTES
        self._full = (opens, closes)
        self._short = (opens, shorter) if shorter > opens else None
        self._years: dict[int, dict[date, tuple[int, int] | None]] = {}

    def __getitem__(self, day: date) -> tuple[int, int] | None:
        if day.year not in self._years:
            self._years[day.year] = self._different(day.year)
        return self._years[day.year][day]

    def __iter__(self) -> Iterator[date]:
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            yield from self._different(year)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _different(self, year: int) -> dict[date, tuple[int, int] | None]:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return {}
        off, worked = _days_of(year)
        different: dict[date, tuple[int, int] | None] = dict.fromkeys(off)
        for day, stands_for in worked.items():
            different[day] = self._short if _is_eve(stands_for) else self._full
        eves = {date(year, *feast) - _DAY for feast in _FEASTS} | {date(year, 12, 31)}
        for day in eves | _SHORT_AS_WELL:
            if day.year == year and day.weekday() < 5 and day not in different:
                different[day] = self._short
        return different


def _days_of(year: int) -> tuple[set[date], dict[date, date]]:
    """Give the days off, and each worked weekend day with the day that is off instead."""
    january = set(range(1, 9)) if year >= _NEW_LAW else {1, 2, 3, 4, 5, 7}
    feasts = {date(year, *feast) for feast in _FEASTS} | {date(year, 1, n) for n in january}
    moved = dict(_move(year, text) for text in _MOVED.get(year, "").split())
    worked = {day: instead for day, instead in moved.items() if day not in feasts}
    off = feasts | set(moved.values())
    for feast in sorted(feasts):
        # Since 2013 the weekends of January go only where a decree says.
        goes_by_law = feast.month > 1 or year < _NEW_LAW
        if feast.weekday() > 4 and feast not in moved and goes_by_law:
            off.add(_next_working(feast, off))
    return off, worked


def _next_working(day: date, off: set[date]) -> date:
    while day.weekday() > 4 or day in off:
        day += _DAY
    return day


def _move(year: int, text: str) -> tuple[date, date]:
    since, until = (part.split(".") for part in text.split(">"))
    return date(year, int(since[1]), int(since[0])), date(year, int(until[1]), int(until[0]))


def _is_eve(day: date) -> bool:
    after = day + _DAY
    return (after.month, after.day) in _FEASTS
