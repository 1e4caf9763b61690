"""The n-th smallest of many numbers, without putting all of them in order."""

from bisect import bisect_right
from collections.abc import Sequence

FEW, SAMPLE, BESIDE = 20_000, 1000, 40


def nth(values: Sequence[int], place: int) -> int:
    """Give the number that would stand at a place, from 0, if all were in order.

    A sample tells between which two it lies; only what lies there is put in order.
    """
    if len(values) <= FEW:
        return sorted(values)[place]
    sample = sorted(values[:: len(values) // SAMPLE])
    near = place * len(sample) // len(values)
    low = sample[max(0, near - BESIDE)]
    high = sample[min(len(sample) - 1, near + BESIDE)]
    below = sum(map(low.__gt__, values))
    between = sorted(value for value in values if low <= value <= high)
    if below <= place < below + len(between):
        return between[place - below]
    return sorted(values)[place]


def nth_of_all(columns: Sequence[Sequence[int]], place: int) -> int:
    """Give the n-th smallest of columns each of which is in order; none is empty."""
    low, high = min(one[0] for one in columns), max(one[-1] for one in columns)
    while low < high:
        middle = (low + high) // 2
        if sum(bisect_right(one, middle) for one in columns) > place:
            high = middle
        else:
            low = middle + 1
    return low
