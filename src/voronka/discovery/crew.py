"""Who does what in a log: people's share of each activity, who leads a case, handovers.

What works round the clock in most of the cases, among five people and more none of whom
has a third of its cases, is automation and no person.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from voronka.discovery.deeds import BITS, BURST_MS, HOUR_MS, MASK
from voronka.foundation.shares import wilson

MOST_CASES, TIMES_THE_NEXT, NIGHT_SHARE, NIGHT_HOURS = 0.5, 3, 0.01, 8
FEWEST_PEOPLE = 5
TOP, FEW = 3, 10
ALONE = -1
"""In place of the turns of a case in which people acted within one minute only."""


@dataclass(slots=True)
class Crew:
    """People by number (0 is nobody), and the cases in which people acted, a column each:
    `places` of their traces in the log, `leaders`: who did most there (of equals whom the
    log named first), `turns`: how often they changed hands.
    """

    names: list[str] = field(default_factory=lambda: [""])
    automation: frozenset[str] = frozenset()
    places: "array[int]" = field(default_factory=lambda: array("I"))
    leaders: "array[int]" = field(default_factory=lambda: array("I"))
    turns: "array[int]" = field(default_factory=lambda: array("i"))


def hands_of(
    events: Sequence[int], people: Sequence[int], quiet: Iterable[int]
) -> tuple[int, int]:
    """Tell who did most in a case, and how often it changed hands; (0, 0) without people.

    `events`: packed, in the order of time; `people` by deed; `quiet`: nobody and automation.
    """
    whos = [people[event & MASK] for event in events]
    few = set(whos).difference(quiet)
    if not few:
        return 0, 0
    if len(few) == 1:
        one = few.pop()
        turns = 0 if _parted(events, whos, one) else ALONE
        return one, turns
    pairs = zip(events, whos, strict=True)
    acted = [(event >> BITS, who) for event, who in pairs if who in few]
    return max(few, key=lambda one: (whos.count(one), -one)), _turns(acted)


def _parted(events: Sequence[int], whos: Sequence[int], one: int) -> bool:
    """Say whether a person acted at two moments more than a minute apart."""
    first, last = whos.index(one), len(whos) - 1 - whos[::-1].index(one)
    if (events[last] >> BITS) - (events[first] >> BITS) > BURST_MS * (whos.count(one) - 1):
        return last > first
    moments = [event >> BITS for event, who in zip(events, whos, strict=True) if who == one]
    return any(two - before > BURST_MS for before, two in pairwise(moments))


def _turns(acted: Sequence[tuple[int, int]]) -> int:
    """Count how often a case changed hands; inside a burst the order means nothing."""
    turns, bursts = 0, 1
    holder, last = 0, acted[0][0]
    burst: list[int] = []
    for at, who in acted:
        if at - last > BURST_MS:
            if holder not in burst:
                turns += holder > 0
                holder = burst[-1]
            burst, bursts = [], bursts + 1
        burst.append(who)
        last = at
    turns += holder > 0 and holder not in burst
    return turns if bursts > 1 else ALONE


def automation_in(
    cases: Mapping[int, int], n: int, hours_of: Callable[[int], Sequence[int]]
) -> frozenset[int]:
    """Tell who is no person. `cases`: how many each person acted in, of `n` that people acted
    in at all; `hours_of`: a person's events by the hour of the day.
    """
    there = Counter({who: k for who, k in cases.items() if k > 0})
    first, second = [*there.most_common(2), (0, 0), (0, 0)][:2]
    is_everywhere = first[1] > MOST_CASES * n
    is_alone = first[1] >= TIMES_THE_NEXT * second[1] and len(there) > FEWEST_PEOPLE
    if not is_everywhere or not is_alone:
        return frozenset()
    hours = hours_of(first[0])
    round_the_clock = [*hours, *hours]
    quietest = min(sum(round_the_clock[n : n + NIGHT_HOURS]) for n in range(24))
    return frozenset({first[0]} if quietest >= NIGHT_SHARE * sum(hours) else ())


def automation_of(
    cases: Collection[bytes | bytearray], people: Sequence[int]
) -> frozenset[int]:
    """Tell who is no person in packed cases; one pass over them, two where somebody may be."""
    if len(set(people)) <= FEWEST_PEOPLE:
        return frozenset()
    there: Counter[int] = Counter()
    n = 0
    for one in cases:
        few = {people[event & MASK] for event in memoryview(one).cast("q")}
        few.discard(0)
        there.update(few)
        n += bool(few)

    def hours_of(who: int) -> list[int]:
        hours = [0] * 24
        for one in cases:
            for event in memoryview(one).cast("q"):
                if people[event & MASK] == who:
                    hours[(event >> BITS) // HOUR_MS % 24] += 1
        return hours

    return automation_in(there, n, hours_of)


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
    cases = len(crew.turns)
    if not cases:
        return {}
    ended: Counter[tuple[bool, str]] = Counter()
    met = Counter(zip(map(outcomes.__getitem__, crew.places), crew.turns, strict=True))
    for (outcome, turns), n in met.items():
        if turns != ALONE:
            ended[turns > 0, outcome] += n
    turned = sum(max(0, turns) * n for (_, turns), n in met.items())
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
