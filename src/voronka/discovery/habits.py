"""Skips, moves back and loops of each person's sales beside those of the whole department."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from voronka.discovery.log import Burst, Log, Trace
from voronka.discovery.marks import marks_in, places_of
from voronka.discovery.stages import Stage
from voronka.foundation.shares import surely_more, wilson, z_among

FEW, MOST_PEOPLE, MOST_DEALS = 10, 50, 30
SIGNS = ("skips", "backs", "loops")


@dataclass(frozen=True, slots=True)
class Course:
    """Alike sales of one person: places of the stages as entered, from 1, without a stage
    that follows itself. `again`: an activity that makes a stage was repeated. `deal_id`: 0
    where a case is no deal. `is_whole`: it is seen from its beginning on.
    """

    person: str
    steps: tuple[int, ...]
    again: bool
    n: int = 1
    deal_id: int = 0
    is_whole: bool = True

    @property
    def signs(self) -> list[str]:
        """Which of skips, moves back and loops the sale shows."""
        best, skipped = 0 if self.is_whole else self.steps[0], False
        for step in self.steps:
            skipped |= step > best + 1
            best = max(best, step)
        is_back = any(two < one for one, two in pairwise(self.steps))
        shown = {"skips": skipped, "backs": is_back, "loops": self.again}
        return [sign for sign in SIGNS if shown[sign]]


def courses_of(log: Log, row: Sequence[Stage]) -> Iterator[Course]:
    """Give the courses of a log's cases by who did most in each; automation leads none."""
    marks = _marks(log, places_of(row, first=1))
    numbers: dict[tuple[tuple[int, ...], bool], int] = {}
    course_of = array("I")
    for trace in log.traces:
        course_of.append(numbers.setdefault(_course(trace, marks), len(numbers)))
    courses, crew = list(numbers), log.crew
    led = Counter(zip(map(course_of.__getitem__, crew.places), crew.leaders, strict=True))
    for (place, number), n in led.items():
        steps, again = courses[place]
        if steps:
            yield Course(crew.names[number], steps, again, n)


def _course(
    trace: Trace, marks: Mapping[Burst, tuple[int, tuple[int, ...]]]
) -> tuple[tuple[int, ...], bool]:
    """Give the stages as entered, and whether one's activity came again in a later burst."""
    steps: list[int] = []
    seen = again = 0
    for here, places in [marks[burst] for burst in trace.bursts]:
        if here:
            again |= seen & here
            seen |= here
            # Inside a burst the order of rows means nothing: no move back is read out of it.
            steps += places
    return tuple([step for step, _ in groupby(steps)]), bool(again)


def _marks(log: Log, where: Mapping[int, int]) -> dict[Burst, tuple[int, tuple[int, ...]]]:
    """Give, for each burst, a bit for each activity that makes a stage, and those stages."""
    bits = {code: 1 << n for n, code in enumerate(where)}
    return {
        burst: (sum(bits[code] for code in here), places)
        for burst, (here, places) in marks_in(log, where).items()
    }


def habits_of(courses: Iterable[Course]) -> dict[str, Any]:
    """Tell of each person (at most fifty, most cases first) how many of the cases led show
    each sign, with the deals; and the same of all together.

    `flags`: signs that the person's cases show more than the others' do, beyond chance even
    among so many comparisons; never on fewer than ten cases.
    """
    led: Counter[str] = Counter()
    shown: Counter[tuple[str, str]] = Counter()
    deals: dict[tuple[str, str], list[int]] = {}
    for course in courses:
        led[course.person] += course.n
        for sign in course.signs:
            shown[course.person, sign] += course.n
            if course.deal_id:
                deals.setdefault((course.person, sign), []).append(course.deal_id)
    if not led:
        return {}
    people = sorted(led, key=lambda one: (-led[one], one))
    z = z_among(len(SIGNS) * sum(n >= FEW for n in led.values()))
    whole = {sign: sum(shown[who, sign] for who in people) for sign in SIGNS}
    n = led.total()

    def line(who: str) -> dict[str, Any]:
        mine = led[who]
        found: dict[str, Any] = {"person": who, "n": mine, "is_few": mine < FEW, "flags": []}
        for sign in SIGNS:
            k = shown[who, sign]
            found[sign] = k
            others = (whole[sign] - k, n - mine)
            if mine >= FEW and surely_more((k, mine), others, z):
                found["flags"].append(sign)
        found["deals"] = {
            sign: sorted(deals[who, sign], reverse=True)[:MOST_DEALS]
            for sign in SIGNS
            if (who, sign) in deals
        }
        return found

    return {
        "cases": n,
        "all": {sign: _share(whole[sign], n) for sign in SIGNS},
        "people": [line(who) for who in people[:MOST_PEOPLE]],
        "more": max(0, len(people) - MOST_PEOPLE),
    }


def _share(part: int, whole: int) -> dict[str, Any]:
    low, high = wilson(part, whole)
    return {"n": part, "share": round(part / whole, 4), "low": round(low, 4),
            "high": round(high, 4)}  # fmt: skip
