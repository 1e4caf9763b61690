"""Some thousand cases at once, their events laid end to end: worked out by whole columns."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voronka.discovery.cases import FIRST, Written
from voronka.discovery.crew import ALONE, turns_in
from voronka.discovery.deeds import BITS, BURST_MS, HOUR_MS, MASK
from voronka.discovery.gathering import Owners
from voronka.discovery.texts import Ints

Flags = NDArray[np.bool_]


class Bundle:
    """Cases with their events in the order of time; those of one moment as they came.

    `owners`: which case each event belongs to, `ends`: how many events there are up to the
    end of each case; none is empty. `moments`: milliseconds since 1970, `deeds`: what was
    done and by whom.
    """

    def __init__(self, owners: Owners, events: Ints) -> None:
        order = np.argsort(owners, kind="stable")
        owners, events = owners[order], events[order]
        moments = events >> BITS
        if bool(np.any((moments[1:] < moments[:-1]) & (owners[1:] == owners[:-1]))):
            order = np.lexsort((moments, owners))
            events, moments = events[order], moments[order]
        self.owners, self.moments, self.deeds = owners, moments, events & MASK
        self.ends = np.append(np.flatnonzero(np.diff(owners)) + 1, len(owners))

    def written(self, names: Sequence[str], codes: Ints) -> Written:
        """Write the courses of the cases. `codes`: what was done, by deed."""
        moments, ends = self.moments, self.ends
        places = np.flatnonzero(self._parted(self.owners, moments))
        signs = codes[self.deeds].astype(np.uint16)
        signs[places] |= FIRST
        text = signs.tobytes().decode("utf-16")
        starts, highs = moments[places], np.searchsorted(places, ends)
        lows = np.concatenate(([0], highs[:-1]))
        early = starts <= np.repeat(moments[ends - 1] - HOUR_MS, highs - lows)
        tails = np.minimum(np.add.reduceat(early, lows, dtype=np.int64), highs - lows - 1)
        return Written(
            names,
            [text[one:two] for one, two in pairwise([0, *ends.tolist()])],
            tails.tolist(),
            highs.tolist(),
            starts.tobytes(),
        )

    def hands(self, people: Ints, quiet: frozenset[int]) -> tuple[Ints, Ints]:
        """Tell who did most in each case, of equals who was named first, and how often it
        changed hands; 0 and 0 where nobody acted. `people` by deed; `quiet`: who is nobody.
        """
        leaders, turns = np.zeros((2, len(self.ends)), np.int64)
        whos = people[self.deeds]
        acted = np.flatnonzero(~np.isin(whos, list(quiet)))
        if not len(acted):
            return leaders, turns
        whos, owners, moments = whos[acted], self.owners[acted], self.moments[acted]
        pairs, n = np.unique(owners.astype(np.int64) << BITS | whos, return_counts=True)
        begins = np.flatnonzero(np.diff(pairs >> BITS, prepend=-1))
        # The most events, and of so many the lowest number.
        best = np.maximum.reduceat(n << BITS | (MASK - (pairs & MASK)), begins)
        there = pairs[begins] >> BITS
        leaders[there] = MASK - (best & MASK)
        turns[there] = _turns(owners, whos, self._parted(owners, moments))
        return leaders, turns

    @staticmethod
    def _parted(owners: Owners, moments: Ints) -> Flags:
        """Tell which events begin a burst."""
        found = np.ones(len(owners), np.bool_)
        found[1:] = (owners[1:] != owners[:-1]) | (moments[1:] - moments[:-1] > BURST_MS)
        return found


def _turns(owners: Owners, whos: Ints, begin: Flags) -> Ints:
    """Count how often each case changed hands; `begin`: the events that begin a burst."""
    cases = np.flatnonzero(np.diff(owners.astype(np.int64), prepend=-1))
    ends = np.append(cases[1:], len(owners))
    changed = np.diff(whos, prepend=0) != 0
    changed[cases] = False
    bursts = np.add.reduceat(begin, cases, dtype=np.int64)
    turns = np.add.reduceat(changed, cases, dtype=np.int64)
    # Where two act in one burst, their order means nothing: looked at one by one.
    mixed = np.logical_or.reduceat(changed & ~begin, cases) & (bursts > 1)
    for n in np.flatnonzero(mixed).tolist():
        one, two = cases[n], ends[n]
        turns[n] = turns_in(whos[one:two].tolist(), begin[one + 1 : two].tobytes())
    turns[bursts == 1] = ALONE
    return turns
