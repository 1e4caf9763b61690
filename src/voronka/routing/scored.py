"""A person's score with an inquiry: in logits of the chance to win, or in expected money."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from voronka.routing.skill import sigmoid

BESIDES = ("trial", "price")
"""Terms that are no guess of what comes of it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A person's score with an inquiry, and the terms that sum up to it: logits, or with
    `unit` "rubles" expected rubles.

    Terms: "common", "person", each factor, "pairs", "speed", in rubles "check" (how the sums
    the person wins stand beside the usual ones), "trial", "price". `logit`, `spread`: the
    guess of the chance and its doubt; `n`: outcomes.
    """

    person_id: int
    score: float
    terms: dict[str, float]
    logit: float
    spread: float
    n: int
    unit: str = "logits"

    @property
    def chance(self) -> float:
        """The chance of winning as far as it is known."""
        return sigmoid(self.logit)

    @property
    def low(self) -> float:
        """Four times of five the chance is above nine tenths of the doubt below the guess."""
        return sigmoid(self.logit - self.spread)

    @property
    def high(self) -> float:
        """The upper end of the same."""
        return sigmoid(self.logit + self.spread)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum at stake. `rubles`: what the inquiry asks for; `usual`: the mean of all known
    ones; `usual_chance`: of winning.
    """

    rubles: float
    usual: float
    usual_chance: float


def in_money(one: Scored, at_stake: Sum, check: float) -> Scored:
    """Tell a score in expected rubles. `check`: by how much the logarithm of the sums that the
    person wins is above the usual one.

    Each term of the chance counts by the slope between the common chance and the person's:
    so they sum up whatever their order. A price is worth the same at an inquiry of any size.
    """
    common, terms = one.terms["common"], dict(one.terms)
    own, first = one.chance, sigmoid(common)
    gap = one.logit - common
    edge = own * (1 - own)
    slope = (own - first) / gap if abs(gap) > 1e-6 else edge
    whole = at_stake.rubles
    told = {name: whole * slope * by for name, by in terms.items() if name not in BESIDES}
    told["common"] = whole * first
    told["check"] = whole * own * (exp(check) - 1)
    told["trial"] = whole * edge * terms["trial"]
    even = at_stake.usual_chance * (1 - at_stake.usual_chance)
    told["price"] = at_stake.usual * even * terms["price"]
    return Scored(
        one.person_id, sum(told.values()), told, one.logit, one.spread, one.n, "rubles"
    )


def expected(terms: Mapping[str, float]) -> float:
    """Give what is expected of a person, without trial and price."""
    return sum(by for name, by in terms.items() if name not in BESIDES)
