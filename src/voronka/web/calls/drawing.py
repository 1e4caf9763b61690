"""Small drawings of the calls' page: bars by hour, and the week's hours we are rung in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from voronka.calls.sums import Counts, Sums, Tally, together_counts
from voronka.foundation.worktime import WorkCalendar

FEW = 10
SHADES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour's bar in a box of 100 × 30."""

    x: float
    y: float
    width: float
    height: float
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How often we were rung on a weekday at an hour; `shade` 0..4, the busiest darkest."""

    n: int
    shade: int


@dataclass(frozen=True, slots=True)
class Heat:
    """Four weeks of incoming calls; the worst hour is None where too few calls came in all."""

    hours: list[int] = field(default_factory=list)
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    n: int = 0
    worst_hour: int | None = None
    worst_missed: int = 0
    worst_of: int = 0


def hours_of(sums: Sums, calendar: WorkCalendar, day: date) -> list[int]:
    """Give the hours to draw: those of the working day, and any with calls, without gaps."""
    open_ = calendar.hours_on(day) or calendar.week[0] or (9 * 60, 18 * 60)
    found = [hour for hour, counts in sums.hours.items() if any(counts)]
    first = min([open_[0] // 60, *found])
    last = max([(open_[1] - 1) // 60, *found])
    return list(range(first, last + 1))


def bars(sums: Sums, hours: list[int], name: str) -> list[Bar]:
    """Draw one count by the hour; of misses an hour with more than a tenth lost is bad."""
    told = [Tally(*sums.hours[hour]) if hour in sums.hours else Tally() for hour in hours]
    values = [getattr(one, name) for one in told]
    top, step = max([*values, 1]), 100 / max(1, len(hours))
    drawn = []
    for place, (one, value) in enumerate(zip(told, values, strict=True)):
        height = max(0.3, 28 * value / top)
        is_bad = name == "missed" and one.missed * 10 > one.incoming
        x = round(place * step + 0.08 * step, 1)
        drawn.append(
            Bar(x, round(30 - height, 1), round(0.84 * step, 1), round(height, 1), is_bad)
        )
    return drawn


def heat_of(days: Mapping[date, Sums], calendar: WorkCalendar) -> Heat:
    """Lay four weeks of incoming calls out by weekday and hour, and name the worst hour."""
    cells: dict[tuple[int, int], int] = {}
    by_hour: dict[int, Counts] = {}
    for day, sums in days.items():
        for hour, counts in sums.hours.items():
            n = Tally(*counts).incoming
            cells[day.weekday(), hour] = cells.get((day.weekday(), hour), 0) + n
            by_hour[hour] = together_counts(by_hour.get(hour), counts)
    n = sum(cells.values())
    if not n:
        return Heat()
    busy = [hour for (_, hour), count in cells.items() if count]
    open_ = calendar.week[0] or (9 * 60, 18 * 60)
    hours = list(range(min(*busy, open_[0] // 60), max(*busy, (open_[1] - 1) // 60) + 1))
    worked = [place for place, span in enumerate(calendar.week) if span]
    weekdays = sorted({*worked, *(day for (day, _), count in cells.items() if count)})
    top = max(cells.values())
    rows = [
        (day, [_cell(cells.get((day, hour), 0), top) for hour in hours]) for day in weekdays
    ]
    return Heat(hours, rows, n, *_worst(by_hour))


def _cell(n: int, top: int) -> Cell:
    return Cell(n, min(SHADES, (SHADES + 1) * n // (top + 1)))


def _worst(by_hour: dict[int, Counts]) -> tuple[int | None, int, int]:
    """Give the hour in which the largest share is missed, with k and n; n of ten or more."""
    told = [(hour, Tally(*counts)) for hour, counts in by_hour.items()]
    shares = [
        (one.missed / one.incoming, one.incoming, hour, one.missed)
        for hour, one in told
        if one.incoming >= FEW and one.missed
    ]
    if not shares:
        return None, 0, 0
    _, n, hour, missed = max(shares)
    return hour, missed, n
