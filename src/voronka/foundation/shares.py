"""How sure a share is, and whether one share is surely greater than another."""

from math import sqrt
from statistics import NormalDist

Z_95 = 1.959964


def wilson(part: float, whole: int, z: float = Z_95) -> tuple[float, float]:
    """Give the Wilson interval of a share, of 95 % unless `z` says otherwise.

    `part` may be no whole number: a share drawn to another one, times `whole`.
    Source: Wilson (1927).
    """
    if not whole:
        return 0.0, 1.0
    p = part / whole
    middle = p + z * z / (2 * whole)
    spread = z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def z_among(comparisons: int) -> float:
    """Give the z with which all of so many comparisons are right together in 95 % of times."""
    return NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons))


def surely_more(one: tuple[int, int], other: tuple[int, int], z: float = Z_95) -> bool:
    """Say whether the share `one` (part, whole) is greater beyond chance.

    By the lower end of the interval of the difference, made of two Wilson intervals; never
    where one of them is of nothing. Source: Newcombe (1998), method 10.
    """
    if not one[1] or not other[1]:
        return False
    p, q = one[0] / one[1], other[0] / other[1]
    low, high = wilson(*one, z)[0], wilson(*other, z)[1]
    return p - q > sqrt((p - low) ** 2 + (high - q) ** 2)
