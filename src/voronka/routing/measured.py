"""A quantity in which people differ, by segment: seconds to the answer, money of a sale.

Logarithms, so that twice as long is as far from usual as half as long. What is usual (and by
each value: this product, this source) is common to all; a person's own numbers, as a whole and
by value, are drawn to zero until enough was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from voronka.routing.skill import Number, Part

USUAL_SD, VALUE_SD, OWN_SD, OWN_VALUE_SD = 3.0, 0.7, 0.4, 0.2
DRIFT = 0.002
"""People change: with each measurement a number's doubt grows by this share of the first."""


@dataclass(slots=True)
class Measured:
    """What is known of a quantity. `noise_sd`: of one measurement, in logarithms; `usual`:
    the first guess; `own` is by person and part.
    """

    noise_sd: float
    usual: Number
    common: dict[Part, Number] = field(default_factory=dict)
    own: dict[tuple[int, Part], Number] = field(default_factory=dict)

    def learn(self, person_id: int, parts: Sequence[Part], value: float) -> None:
        """Learn from a measurement, which is above zero."""
        common = [self.common.setdefault(one, Number(0, VALUE_SD**2)) for one in parts[1:]]
        own = []
        for part in parts:
            first = _first(part)
            number = self.own.setdefault((person_id, part), Number(0, first))
            number.variance = min(first, number.variance + DRIFT * first)
            own.append(number)
        numbers = [self.usual, *common, *own]
        doubt = self.noise_sd**2 + sum(one.variance for one in numbers)
        step = (log(value) - sum(one.mean for one in numbers)) / doubt
        for one in numbers:
            one.mean += one.variance * step
            one.variance -= one.variance * one.variance / doubt

    def common_of(self, parts: Sequence[Part]) -> float:
        """Give the usual logarithm of such inquiries."""
        known = (self.common.get(one) for one in parts[1:])
        return self.usual.mean + sum(one.mean for one in known if one)

    def beside(self, person_id: int, parts: Sequence[Part]) -> float:
        """Give by how much the logarithm of a person stands above the usual one."""
        if not self.own:
            return 0.0
        known = (self.own.get((person_id, part)) for part in parts)
        return sum(one.mean for one in known if one)


def seconds() -> Measured:
    """Give a measure of waiting that knows nothing yet: an hour, give or take a lot."""
    return Measured(1.2, Number(log(3600), USUAL_SD**2))


def money() -> Measured:
    """Give a measure of sums won, in kopecks, that knows nothing yet."""
    return Measured(0.7, Number(log(50_000_00), USUAL_SD**2))


def _first(part: Part) -> float:
    return OWN_VALUE_SD**2 if part[0] else OWN_SD**2
