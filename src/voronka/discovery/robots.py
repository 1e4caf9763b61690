"""Who is no person in a whole log, found by whole columns before its cases are counted."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from voronka.discovery.crew import FEWEST_PEOPLE, MOST_CASES, TIMES_THE_NEXT, automation_in
from voronka.discovery.deeds import BITS, HOUR_MS, MASK
from voronka.discovery.gathering import Gathered
from voronka.discovery.texts import Ints


def automation_of(
    gathered: Gathered, n: int, people: Ints, times: Mapping[int, int]
) -> frozenset[int]:
    """Tell who is no person in `n` cases; no pass over them where nobody did so much, one
    where one stands out, three where it is not plain. `people` by deed; `times`: how often
    each was done.
    """
    done: Counter[int] = Counter()
    for deed, k in times.items():
        done[int(people[deed])] += k
    nobody = done.pop(0, 0)
    if len(done) <= FEWEST_PEOPLE:
        return frozenset()
    # Nobody acts in more cases than times; at most so many cases have nobody at all.
    (best, most), (_, second) = done.most_common(2)
    if most <= MOST_CASES * (n - nobody):
        return frozenset()

    def times_of(who: int) -> tuple[int, list[int]]:
        return _times_of(gathered, people == who)

    there, hours = times_of(best)
    if nobody or TIMES_THE_NEXT * second > there:
        return automation_in(*_presence(gathered, people), lambda who: times_of(who)[1])
    return automation_in(done | {best: there}, n, lambda _: hours)


def _presence(gathered: Gathered, people: Ints) -> tuple[Counter[int], int]:
    """Count the cases that each person acted in, and those that anybody did."""
    there: Counter[int] = Counter()
    n = 0
    for _, owners, events in gathered:
        pairs = np.unique(owners.astype(np.int64) << BITS | people[events & MASK])
        pairs = pairs[pairs & MASK != 0]
        n += len(np.unique(pairs >> BITS))
        who, k = np.unique(pairs & MASK, return_counts=True)
        there.update(dict(zip(who.tolist(), k.tolist(), strict=True)))
    return there, n


def _times_of(gathered: Gathered, is_own: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> (
    tuple[int, list[int]]
):  # fmt: skip
    """Count the cases with one of these deeds, and the deeds by the hour of the day."""
    there, hours = 0, np.zeros(24, np.int64)
    for _, owners, events in gathered:
        mine = is_own[events & MASK]
        there += len(np.unique(owners[mine]))
        hours += np.bincount((events[mine] >> BITS) // HOUR_MS % 24, minlength=24)
    return there, hours.tolist()
