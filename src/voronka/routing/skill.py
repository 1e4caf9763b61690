"""What one person is known to win: a number for each source, product, band, with its doubt.

Numbers are logits of the chance to win, beside what is common to all. Each is drawn to zero
until outcomes say otherwise (a Gaussian prior); they are learned together, so that a win with
a product from a source is shared between both. Source: the extended Kalman step for logistic
regression, with the probit correction of MacKay (1992).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, pi, sqrt

Part = tuple[str, str]
"""A factor and its value: ("product", "пленка"). ("", "") is the person as a whole."""
WHOLE: Part = ("", "")


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
    """A person's numbers. `n`: outcomes learned from; `prior`: variance of a new number."""

    prior: float
    n: int = 0
    places: dict[Part, int] = field(default_factory=dict)
    means: list[float] = field(default_factory=list)
    covariance: list[list[float]] = field(default_factory=list)

    def of(self, parts: Sequence[Part]) -> tuple[list[float], float]:
        """Give the mean of each part, and the variance of their sum."""
        means, variance = [], 0.0
        there = []
        for part in parts:
            place = self.places.get(part)
            if place is None:
                means.append(0.0)
                variance += self.prior
            else:
                means.append(self.means[place])
                there.append(place)
        for one in there:
            row = self.covariance[one]
            for two in there:
                variance += row[two]
        return means, max(0.0, variance)

    def learn(
        self, parts: Sequence[Part], is_won: bool, rest: Number, *, drift: float
    ) -> tuple[float, float]:
        """Learn from an outcome. `rest`: what is common to all; `drift`: variance added to
        each number first, as a share of the prior: skills change.

        Gives what the common numbers learn by: the step and the share of their variance.
        """
        places = [self._place(part) for part in parts]
        for place, row in enumerate(self.covariance):
            row[place] = min(self.prior, row[place] + drift * self.prior)
        gains = [sum([row[place] for place in places]) for row in self.covariance]
        own = sum([gains[place] for place in places])
        spread = own + rest.variance
        logit = rest.mean + sum([self.means[place] for place in places])
        chance = sigmoid(logit / sqrt(1 + pi * spread / 8))
        weight = max(chance * (1 - chance), 1e-4)
        share = 1 / (1 / weight + spread)
        step = (is_won - chance) / weight * share
        for place, gain in enumerate(gains):
            self.means[place] += gain * step
            row, moved = self.covariance[place], gain * share
            for other, more in enumerate(gains):
                row[other] -= moved * more
        self.n += 1
        return step, share

    def _place(self, part: Part) -> int:
        place = self.places.get(part)
        if place is None:
            place = self.places[part] = len(self.means)
            self.means.append(0.0)
            for row in self.covariance:
                row.append(0.0)
            self.covariance.append([0.0] * place + [self.prior])
        return place
