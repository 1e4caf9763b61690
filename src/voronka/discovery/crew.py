"""Who does what in a log: people's share of each activity, who leads a case, handovers.

What works round the clock in most of the cases, among five people and more none of whom
has a third of its cases, is automation and no person.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, groupby, pairwise
from typing import Any

from voronka.discovery.cases import Cases
from voronka.discovery.deeds import BURST_MS
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
    cases: Cases, people: Sequence[int], quiet: frozenset[int]
) -> tuple["array[int]", "array[int]"]:
    """Tell who did most in each case, and how often it changed hands; 0 and 0 where nobody
    acted. `people` by deed; `quiet`: nobody and automation.
    """
    moments, ends = cases.moments, cases.ends
    whos = [people[deed] for deed in cases.deeds]
    if not quiet.isdisjoint(whos):
        acted = [who not in quiet for who in whos]
        upto = list(accumulate(acted))
        ends = [upto[end - 1] for end in ends]
        whos, moments = list(compress(whos, acted)), list(compress(moments, acted))
    parted = bytes([two - one > BURST_MS for one, two in pairwise(moments)])
    leaders, turns = array("I"), array("i")
    begin = 0
    for end in ends:
        leader, turned = (
            _led(whos[begin:end], parted[begin : end - 1]) if end > begin else (0, 0)
        )
        leaders.append(leader)
        turns.append(turned)
        begin = end
    return leaders, turns


def _led(acted: Sequence[int], parted: bytes) -> tuple[int, int]:
    """`parted` as of `turns_in`."""
    one, is_together = acted[0], 1 not in parted
    if acted.count(one) == len(acted):
        return one, ALONE if is_together else 0
    leader = min(set(acted), key=lambda who: (-acted.count(who), who))
    return leader, ALONE if is_together else turns_in(acted, parted)


def turns_in(acted: Sequence[int], parted: bytes) -> int:
    """Count how often a case changed hands; inside a burst the order means nothing.

    `parted`: 1 where more than a minute passed between one who acted and the next.
    """
    turns, holder, begin = 0, 0, 0
    while begin < len(acted):
        end = parted.find(1, begin) + 1 or len(acted)
        burst = acted[begin:end]
        if holder not in burst:
            turns += holder > 0
            holder = burst[-1]
        begin = end
    return turns


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
