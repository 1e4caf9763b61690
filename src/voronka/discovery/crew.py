"""Who does what in a log: people's share of each activity, who leads a case, handovers.

What works round the clock in most of the cases, among five people and more none of whom
has a third of its cases, is automation and no person.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from voronka.foundation.shares import wilson

MOST_CASES, TIMES_THE_NEXT, NIGHT_SHARE, NIGHT_HOURS = 0.5, 3, 0.01, 8
FEWEST_PEOPLE = 5
# As in log.py, which imports this file.
BURST_MS, HOUR_MS = 60_000, 3_600_000
TOP, FEW = 3, 10
_BITS = 20
_MASK = (1 << _BITS) - 1


@dataclass(slots=True)
class Crew:
    """People by number (0 is nobody). `led`: cases by (place of their trace, who did most in
    them); `turns`: cases by (place of their trace, how often they changed hands).
    """

    names: list[str] = field(default_factory=lambda: [""])
    automation: frozenset[str] = frozenset()
    led: Counter[tuple[int, int]] = field(default_factory=Counter)
    turns: Counter[tuple[int, int]] = field(default_factory=Counter)


class CrewBuilder:
    """Takes who did something in a case and when; `finish` gives the crew."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}
        self._cases: dict[str, array[int]] = {}

    def adder(self) -> Callable[[str, int, str], None]:
        """Give what takes (case, milliseconds, person), made for millions of calls."""
        numbers, cases = self._numbers, self._cases

        def add(case: str, at_ms: int, person: str) -> None:
            number = numbers.get(person)
            if number is None:
                number = numbers[person] = min(len(numbers), _MASK)
            there = cases.get(case)
            if there is None:
                there = cases[case] = array("q")
            there.append(at_ms << _BITS | number)

        return add

    def finish(self, places: Iterable[tuple[str, int]]) -> Crew:
        """Give the crew. `places`: each case with the place of its trace."""
        names = list(self._numbers)
        robots = self._automation()
        crew = Crew(names, frozenset(names[number] for number in robots))
        for case, place in places:
            hands = _hands(self._cases.get(case, ()), robots)
            if hands:
                most = Counter(number for burst in hands for number in burst)
                crew.led[place, max(most, key=lambda one: (most[one], -one))] += 1
                crew.turns[place, _turns(hands)] += 1
        self._cases.clear()
        return crew

    def _automation(self) -> frozenset[int]:
        cases: Counter[int] = Counter()
        for events in self._cases.values():
            cases.update({event & _MASK for event in events})
        first, second = [*cases.most_common(2), (0, 0), (0, 0)][:2]
        is_everywhere = first[1] > MOST_CASES * len(self._cases)
        is_alone = first[1] >= TIMES_THE_NEXT * second[1] and len(cases) > FEWEST_PEOPLE
        if not is_everywhere or not is_alone:
            return frozenset()
        return frozenset({first[0]} if self._never_sleeps(first[0]) else ())

    def _never_sleeps(self, number: int) -> bool:
        hours = [0] * 24
        for events in self._cases.values():
            for event in events:
                if event & _MASK == number:
                    hours[(event >> _BITS) // HOUR_MS % 24] += 1
        round_the_clock = hours + hours
        quietest = min(sum(round_the_clock[n : n + NIGHT_HOURS]) for n in range(24))
        return quietest >= NIGHT_SHARE * sum(hours)


def _hands(events: Iterable[int], robots: frozenset[int]) -> list[list[int]]:
    """Give who acted in each burst of a case, automation left out."""
    bursts: list[list[int]] = []
    last = None
    for event in sorted(events):
        at, number = event >> _BITS, event & _MASK
        if number in robots:
            continue
        if last is None or at - last > BURST_MS:
            bursts.append([])
        last = at
        bursts[-1].append(number)
    return bursts


def _turns(hands: Sequence[Sequence[int]]) -> int:
    """Count how often a case changed hands; inside a burst the order means nothing."""
    if len(hands) == 1:
        return -1
    turns, holder = 0, None
    for burst in hands:
        if holder not in burst:
            turns += holder is not None
            holder = burst[-1]
    return turns


def who_does_what(
    names: Sequence[str], done: Counter[tuple[int, str]], automation: frozenset[str]
) -> list[dict[str, Any]]:
    """List the activities, the most frequent first, each with the three who do it most.

    `share`: of the events that people did. `n`: those events.
    """
    by_code = sorted((code, n, who) for (code, who), n in done.items() if who not in automation)
    found = []
    for code, group in groupby(by_code, key=lambda one: one[0]):
        rows = sorted(((n, who) for _, n, who in group), key=lambda one: (-one[0], one[1]))
        whole = sum(n for n, _ in rows)
        people = [{"person": who, "n": n, "share": round(n / whole, 4)} for n, who in rows]
        found.append(
            {"activity": names[code], "n": whole, "of": len(rows), "people": people[:TOP]}
        )
    return sorted(found, key=lambda one: -int(str(one["n"])))


def handovers(crew: Crew, outcomes: Sequence[str]) -> dict[str, Any]:
    """Tell how often cases change hands, and what share is won with and without it.

    Only cases that people touched at two moments at least are compared: others have nothing
    to hand over. `outcomes`: of each trace. Nothing where no case has a person.
    """
    cases = crew.turns.total()
    if not cases:
        return {}
    ended: Counter[tuple[bool, str]] = Counter()
    for (place, turns), n in crew.turns.items():
        if turns >= 0:
            ended[turns > 0, outcomes[place]] += n
    turned = sum(max(0, turns) * n for (_, turns), n in crew.turns.items())
    return {
        "cases": cases,
        "per_case": round(turned / cases, 2),
        "with": _won(ended[True, "won"], ended[True, "lost"]),
        "without": _won(ended[False, "won"], ended[False, "lost"]),
        "automation": sorted(crew.automation),
    }


def _won(won: int, lost: int) -> dict[str, Any]:
    n = won + lost
    low, high = wilson(won, n)
    return {
        "n": n, "won": won, "share": round(won / n, 4) if n else None,
        "low": round(low, 4), "high": round(high, 4), "is_few": n < FEW,
    }  # fmt: skip
