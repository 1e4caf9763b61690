"""How cases ended, found in the log itself when nobody wrote it down."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from voronka.discovery.log import Burst, Log, Trace

LOST_WORDS = re.compile(
    r"отказ|отклон|отмен|нецел|без продаж|не куп|проигр|потеря|не реализ|несостоя|не состоя|"
    r"declin|reject|cancel|refus|denied|withdraw|abandon|\blost\b|\blose\b|\bloss\b",
    re.IGNORECASE,
)
AT_END, TOGETHER, ALIKE, REPEATS = 0.75, 0.02, 0.8, 0.5
FEWEST, FEWEST_SHARE, OWN_SHARE, MOST_SHARE, SHORTER = 5, 0.01, 0.05, 0.5, 0.85

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Ends:
    """Activities that end a case well and badly, by code; both may be empty."""

    won: frozenset[int]
    lost: frozenset[int]


def find_ends(log: Log) -> Ends:
    """Find what ends a case, and write won, lost or open on every trace.

    Lost: words like "refused" that stand in the last hour of three cases in four. Won: what
    ends cases too, hardly ever beside a loss, and most often; what nearly always goes with it.
    Where no word tells, ends that shut each other out tell themselves: the cases of a win have
    come furthest. A single end is a win when most cases have it. Outcomes that the log itself
    holds are kept.
    """
    held = any(trace.held for trace in log.traces)
    counts = _counts(log)
    lost = frozenset(
        code
        for code, n in counts.cases.items()
        if counts.late[code] >= AT_END * n and LOST_WORDS.search(log.names[code])
    )
    won = _won(log, lost, counts)
    if not lost:
        won, lost = _by_depth(log, counts) or (won, lost)
    told = {there: _outcome(there, won, lost) for there in log.sets}
    for trace in log.traces:
        trace.outcome = (trace.held or "open") if held else told[trace.activities]
    return Ends(won, lost)


@dataclass(slots=True)
class _Counts:
    """Cases of each activity, those with it in the last hour, those that it ends.

    `work` (calls and the like, done again and again) ends nothing: it goes on after a sale.
    """

    cases: Counter[int]
    late: Counter[int]
    last: Counter[int]
    work: frozenset[int]


def _counts(log: Log) -> _Counts:
    counts = _Counts(Counter(), Counter(), Counter(), frozenset())
    repeated: Counter[int] = Counter()
    for there, n in log.sets.items():
        _add(counts.cases, there, n)
    again: Counter[frozenset[int]] = Counter()
    for trace in log.traces:
        again[trace.again] += trace.n
    for codes, n in again.items():
        _add(repeated, codes, n)
    often_again = [c for c, n in counts.cases.items() if repeated[c] >= REPEATS * n]
    counts.work = frozenset(often_again)
    ways_out: Counter[tuple[tuple[Burst, ...], Burst]] = Counter()
    only_work = {burst for burst in log.bursts if counts.work.issuperset(burst)}
    for trace in log.traces:
        ways_out[trace.bursts[trace.tail :], _last(trace, only_work)] += trace.n
    for (bursts, burst), n in ways_out.items():
        last = set(burst) - counts.work
        _add(counts.last, last, n)
        _add(counts.late, last.union(*bursts), n)
    return counts


def _last(trace: Trace, only_work: set[Burst]) -> Burst:
    """The last burst that is not work alone."""
    for burst in reversed(trace.bursts):
        if burst not in only_work:
            return burst
    return ()


def _won(log: Log, lost: frozenset[int], counts: _Counts) -> frozenset[int]:
    beside: Counter[int] = Counter()
    for there, n in log.sets.items():
        if lost & there:
            _add(beside, there, n)
    least = max(FEWEST, (FEWEST_SHARE if lost else MOST_SHARE) * log.cases)
    fit = [
        code
        for code, n in counts.cases.items()
        if n >= least
        and code not in counts.work
        and not LOST_WORDS.search(log.names[code])
        and counts.last[code] >= AT_END * n
        and beside[code] <= TOGETHER * n
    ]
    return _alike(log, fit, counts.cases)


def _by_depth(log: Log, counts: _Counts) -> tuple[frozenset[int], frozenset[int]] | None:
    """Tell wins from losses by how far their cases came; None where ends do not differ so."""
    ends = [
        code
        for code, n in counts.cases.items()
        if n >= OWN_SHARE * log.cases
        and code not in counts.work
        and counts.last[code] >= AT_END * n
    ]
    steps: Counter[int] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    for there, n in log.sets.items():
        depth = len(there - counts.work)
        here = [code for code in ends if code in there]
        for code in here:
            steps[code] += n * depth
        _add(both, combinations(sorted(here), 2), n)
    far = {code: steps[code] / counts.cases[code] for code in ends}
    if not far or sum(counts.cases[code] for code in ends) < MOST_SHARE * log.cases:
        return None
    best = max(ends, key=lambda code: (far[code], log.names[code]))
    others = [
        code
        for code in ends
        if far[code] <= SHORTER * far[best]
        and both[min(code, best), max(code, best)] <= TOGETHER * counts.cases[code]
    ]
    if not others:
        return None
    won = _alike(log, [code for code in ends if code not in others], counts.cases)
    return (won, frozenset(others)) if best in won else None


def _alike(log: Log, fit: list[int], cases: Counter[int]) -> frozenset[int]:
    """Keep the most frequent one and those that stand in nearly the same cases."""
    if not fit:
        return frozenset()
    best = max(fit, key=lambda code: (cases[code], log.names[code]))
    both: Counter[int] = Counter()
    for there, n in log.sets.items():
        if best in there:
            _add(both, there, n)
    return frozenset(
        code for code in fit if both[code] >= ALIKE * (cases[code] + cases[best] - both[code])
    )


def _add(counts: Counter[Key], codes: Iterable[Key], n: int) -> None:
    for code in codes:
        counts[code] += n


def _outcome(there: frozenset[int], won: frozenset[int], lost: frozenset[int]) -> str:
    if won and 2 * len(there & won) >= len(won):
        return "won"
    return "lost" if there & lost else "open"
