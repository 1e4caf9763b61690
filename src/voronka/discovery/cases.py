"""Many cases at once, their events laid end to end: worked out by whole columns."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from voronka.discovery.deeds import BITS, MASK


class Cases:
    """Cases with their packed events in the order of time; those of one moment as they came.

    `ends`: how many events there are up to the end of each case; none is empty. `packed`:
    the events of all.
    """

    def __init__(self, names: Sequence[str], ends: Sequence[int], packed: bytes) -> None:
        self.names, self.ends, self.packed = names, ends, packed

    @classmethod
    def of(cls, names: Sequence[str], taken: Sequence[bytes]) -> "Cases":
        """Lay out cases whose events may have been taken in any order."""
        ends = [size >> 3 for size in accumulate(map(len, taken))]
        return cls(names, ends, _in_order(b"".join(taken), ends))

    @cached_property
    def moments(self) -> list[int]:
        """When each event was: milliseconds since 1970."""
        return [event >> BITS for event in memoryview(self.packed).cast("q")]

    @cached_property
    def deeds(self) -> list[int]:
        """What was done and by whom."""
        return [event & MASK for event in memoryview(self.packed).cast("q")]


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
