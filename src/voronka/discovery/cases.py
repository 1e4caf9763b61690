"""Cases laid out for being counted: few at once, as a log kept up to date changes."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress, pairwise

from voronka.discovery.deeds import BITS, BURST_MS, CODE_BITS, HOUR_MS, MASK

FIRST = 1 << CODE_BITS
"""Marks the sign of an event that begins a burst."""


@dataclass(frozen=True, slots=True)
class Written:
    """Courses of cases, a column each. `texts`: a sign for each event; `tails`: the bursts with
    which the last hours begin; `starts`: when each burst began, of all cases, eight bytes each;
    `highs`: how many of those there are up to the end of each case.
    """

    names: Sequence[str]
    texts: Sequence[str]
    tails: Sequence[int]
    highs: Sequence[int]
    starts: bytes


class Cases:
    """Cases with their packed events in the order of time; those of one moment as they came.

    `ends`: how many events there are up to the end of each case; none is empty.
    """

    def __init__(self, names: Sequence[str], taken: Sequence[bytes]) -> None:
        self.names, self.ends = names, [size >> 3 for size in accumulate(map(len, taken))]
        self._packed = _in_order(b"".join(taken), self.ends)

    @cached_property
    def moments(self) -> list[int]:
        """When each event was: milliseconds since 1970."""
        return [event >> BITS for event in memoryview(self._packed).cast("q")]

    @cached_property
    def deeds(self) -> list[int]:
        """What was done and by whom."""
        return [event & MASK for event in memoryview(self._packed).cast("q")]

    def written(self, codes: Sequence[int]) -> Written:
        """Write the courses of the cases. `codes`: what was done, by deed."""
        moments, ends = self.moments, self.ends
        begins = [True, *(two - one > BURST_MS for one, two in pairwise(moments))]
        for end in ends[:-1]:
            begins[end] = True
        places = list(compress(range(len(begins)), begins))
        signs = array("H", [codes[deed] for deed in self.deeds])
        for place in places:
            signs[place] |= FIRST
        text = signs.tobytes().decode("utf-16")
        starts = [moments[place] for place in places]
        highs = [bisect_left(places, end) for end in ends]
        tails = [
            bisect_right(starts, moments[end - 1] - HOUR_MS, low, high - 1) - low
            for end, low, high in zip(ends, [0, *highs], highs, strict=False)
        ]
        texts = [text[one:two] for one, two in pairwise([0, *ends])]
        return Written(self.names, texts, tails, highs, array("q", starts).tobytes())


def _in_order(packed: bytes, ends: Sequence[int]) -> bytes:
    events = memoryview(packed).cast("q").tolist()
    early = {n for n, (one, two) in enumerate(pairwise(events), start=1) if one > two}
    cases = {bisect_right(ends, n) for n in early.difference(ends)}
    if not cases:
        return packed
    for case in cases:
        begin, end = ends[case - 1] if case else 0, ends[case]
        events[begin:end] = sorted(events[begin:end], key=_time)
    return array("q", events).tobytes()


def _time(event: int) -> int:
    return event >> BITS
