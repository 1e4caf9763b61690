"""What one person is known to win: a number for each source, product, band, with its doubt.

Numbers are logits of the chance to win, beside what is common to all. Each is drawn to zero
until outcomes say otherwise (a Gaussian prior, as wide as people differ: `Spreads`); they are
learned together, so that a win with a product from a source is shared between both. Pairs of
values (this product from this source) have numbers of their own, whose doubts are kept apart.
Source: the extended Kalman step for logistic regression, with the probit correction of MacKay
(1992).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, pi, sqrt

Part = tuple[str, str]
"""A factor and its value: ("product", "пленка"). ("", "") is the person as a whole."""
WHOLE: Part = ("", "")
Spreads = Mapping[str, float]
"""By factor: the variance of its numbers from person to person."""


def sigmoid(x: float) -> float:
    """Give the chance of a logit."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


@dataclass(slots=True)
class Number:
    """A number that is known so far: mean and variance."""

    mean: float
    variance: float


@dataclass(slots=True)
class Skill:
    """A person's numbers. `n`: outcomes learned from; `pairs`: numbers of pairs of values."""

    n: int = 0
    places: dict[Part, int] = field(default_factory=dict)
    means: list[float] = field(default_factory=list)
    covariance: list[list[float]] = field(default_factory=list)
    pairs: dict[Part, Number] = field(default_factory=dict)

    def of(self, parts: Sequence[Part], spreads: Spreads) -> tuple[list[float], float]:
        """Give the mean of each part, and the variance of their sum."""
        means, variance = [], 0.0
        there = []
        for part in parts:
            place = self.places.get(part)
            if place is None:
                means.append(0.0)
                variance += spreads[part[0]]
            else:
                means.append(self.means[place])
                there.append(place)
        for one in there:
            row = self.covariance[one]
            for two in there:
                variance += row[two]
        return means, max(0.0, variance)

    def of_pairs(self, pairs: Sequence[Part], spreads: Spreads) -> Number:
        """Give the sum of the numbers of pairs."""
        mean, variance = 0.0, 0.0
        for pair in pairs:
            number = self.pairs.get(pair)
            if number is None:
                variance += spreads[pair[0]]
            else:
                mean += number.mean
                variance += number.variance
        return Number(mean, variance)

    def learn(
        self,
        parts: Sequence[Part],
        pairs: Sequence[Part],
        is_won: bool,
        rest: Number,
        spreads: Spreads,
        drift: float,
    ) -> tuple[float, float]:
        """Learn from an outcome. `rest`: what is common to all; `drift`: by what
        share numbers first go back to what is known of nobody: skills change.

        Gives what the common numbers learn by: the step and the share of their variance.
        """
        places = [self._place(part, spreads) for part in parts]
        self._drift(spreads, drift)
        crossed = [self.pairs.setdefault(pair, Number(0.0, spreads[pair[0]])) for pair in pairs]
        gains = [sum([row[place] for place in places]) for row in self.covariance]
        own = sum([gains[place] for place in places])
        spread = own + rest.variance + sum([one.variance for one in crossed])
        logit = rest.mean + sum([self.means[place] for place in places])
        logit += sum([one.mean for one in crossed])
        chance = sigmoid(logit / sqrt(1 + pi * spread / 8))
        weight = max(chance * (1 - chance), 1e-4)
        share = 1 / (1 / weight + spread)
        step = (is_won - chance) / weight * share
        for place, gain in enumerate(gains):
            self.means[place] += gain * step
            row, moved = self.covariance[place], gain * share
            for other, more in enumerate(gains):
                row[other] -= moved * more
        for number in crossed:
            number.mean += number.variance * step
            number.variance -= number.variance * number.variance * share
        self.n += 1
        return step, share

    def respread(self, old: Spreads, new: Spreads) -> None:
        """Draw the numbers to zero by other spreads, as if they had been so from the start."""
        for (factor, _value), place in self.places.items():
            more = 1 / new[factor] - 1 / old[factor]
            gains = [row[place] for row in self.covariance]
            share = more / (1 + more * gains[place])
            by = share * self.means[place]
            for one, gain in enumerate(gains):
                self.means[one] -= gain * by
                row, moved = self.covariance[one], gain * share
                for other, told in enumerate(gains):
                    row[other] -= moved * told
        for (factor, _value), number in self.pairs.items():
            more = 1 / new[factor] - 1 / old[factor]
            kept = 1 / (1 + more * number.variance)
            number.mean *= kept
            number.variance *= kept

    def _drift(self, spreads: Spreads, drift: float) -> None:
        """Go a little back to what is known of nobody; never beyond the spread."""
        kept, still = 1 - drift, (1 - drift) ** 2
        self.means = [kept * mean for mean in self.means]
        self.covariance = [[still * x for x in row] for row in self.covariance]
        for (factor, _value), place in self.places.items():
            self.covariance[place][place] += (1 - still) * spreads[factor]
        for (factor, _value), number in self.pairs.items():
            number.mean *= kept
            number.variance = still * number.variance + (1 - still) * spreads[factor]

    def _place(self, part: Part, spreads: Spreads) -> int:
        place = self.places.get(part)
        if place is None:
            place = self.places[part] = len(self.means)
            self.means.append(0.0)
            for row in self.covariance:
                row.append(0.0)
            self.covariance.append([0.0] * place + [spreads[part[0]]])
        return place
