"""Measured competence: who wins which inquiries, learned from outcomes, and tried in measure.

The chance of a person with an inquiry is a sum in logits: what is common to all (the usual,
and this kind of inquiry), the person as a whole, and the person with each of its values. To
the best guess a trial is added: the doubt of the sum, the more the fewer outcomes the person
has, so that newcomers get their share and nobody is written off by bad luck. From it a price
is taken: that of people whom many inquiries want, so that their time goes where it tells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import exp, log, sqrt

from voronka.routing import spreads as spread
from voronka.routing.measured import Measured, money, seconds
from voronka.routing.scored import Scored, Sum, in_money
from voronka.routing.skill import WHOLE, Number, Part, Skill, sigmoid

PART_SD, PAIR_SD, KIND_SD, USUAL_SD, SPEED_SD = 0.4, 0.15, 0.3, 1.0, 0.2
FARTHEST = 3.0
"""An answer that is more than twenty times slower or quicker than usual counts as such."""
TRIAL, TRIAL_HALVES_AT = 0.6, 150
PRICE_STEP = 0.1
DRIFT = 0.0006
"""People change: with each outcome a number goes back to nothing known by this share."""

Case = Mapping[str, str]
"""What an inquiry is, by factor: {"source": "сайт", "product": "пленка", "band": "до 100"}."""


@dataclass(slots=True)
class Competence:
    """What is known of everybody. The same outcomes in the same order give the same numbers.

    `waits`, `checks`: how soon people answer, what sums they win; `speed`: what an answer that
    is e times quicker does to the chance, nothing until outcomes show it; `edges`: kopecks
    between the bands of sums.
    """

    factors: tuple[str, ...]
    usual: Number = field(default_factory=lambda: Number(-1.0, USUAL_SD**2))
    kinds: dict[tuple[str, ...], Number] = field(default_factory=dict)
    skills: dict[int, Skill] = field(default_factory=dict)
    prices: dict[int, float] = field(default_factory=dict)
    outcomes: int = 0
    spreads: dict[str, float] = field(default_factory=dict)
    waits: Measured = field(default_factory=seconds)
    checks: Measured = field(default_factory=money)
    speed: Number = field(default_factory=lambda: Number(0.0, SPEED_SD**2))
    edges: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.spreads = self.spreads or self._guessed()

    def score(
        self, case: Case, person_ids: Iterable[int], *, kopecks: int | None = None
    ) -> list[Scored]:
        """Score people for an inquiry, the best first; ties by id. `kopecks`: the sum at
        stake, when people are to be told apart by expected money.
        """
        parts, common = self._parts(case), self._common(case)
        pairs = self._pairs(parts)
        scored = [self._scored(pk, parts, pairs, common) for pk in person_ids]
        if kopecks:
            usual = self._at_stake(kopecks)
            scored = [
                in_money(one, usual, self.checks.beside(one.person_id, parts)) for one in scored
            ]
        return sorted(scored, key=lambda one: (-one.score, one.person_id))

    def took(self, person_id: int, capacities: Mapping[int, float]) -> None:
        """Note who got an inquiry: their price rises, everybody's falls by their capacity, as
        a share of all inquiries.
        """
        for pk, capacity in capacities.items():
            price = self.prices.get(pk, 0.0) - PRICE_STEP * capacity
            self.prices[pk] = max(0.0, price)
        self.prices[person_id] = self.prices.get(person_id, 0.0) + PRICE_STEP

    def learn(
        self, case: Case, person_id: int, *, is_won: bool, waited: float | None = None
    ) -> None:
        """Learn from how an inquiry ended with a person. `waited`: working seconds until the
        person answered, None when not measured: then the person's usual ones count.
        """
        parts, kind = self._parts(case), self._kind(case)
        known = self.kinds.setdefault(kind, Number(0.0, KIND_SD**2))
        skill = self.skills.setdefault(person_id, Skill())
        quick = self._quickness(person_id, parts, waited)
        both = Number(
            self.usual.mean + known.mean + quick * self.speed.mean,
            self.usual.variance + known.variance + quick * quick * self.speed.variance,
        )
        pairs = self._pairs(parts)
        step, share = skill.learn(parts, pairs, is_won, both, self.spreads, DRIFT)
        for number in (self.usual, known):
            number.mean += number.variance * step
            number.variance -= number.variance * number.variance * share
        moved = quick * self.speed.variance
        self.speed.mean += moved * step
        self.speed.variance -= moved * moved * share
        self.outcomes += 1
        if spread.due(self.outcomes):
            self._respread()

    def waited(self, case: Case, person_id: int, waited: float) -> None:
        """Learn how soon a person answered, in working seconds, before any outcome."""
        self.waits.learn(person_id, self._parts(case), max(1.0, waited))

    def won_sum(self, case: Case, person_id: int, kopecks: int) -> None:
        """Learn the sum of a sale that was won."""
        self.checks.learn(person_id, self._parts(case), max(1, kopecks))

    def band(self, kopecks: int | None) -> str:
        """Give the band of a sum: "1" for the smallest; "" when it is not known."""
        return str(1 + sum(kopecks >= edge for edge in self.edges)) if kopecks else ""

    def _quickness(self, pk: int, parts: Sequence[Part], waited: float | None) -> float:
        if waited is None:
            return -self.waits.beside(pk, parts)
        slow = log(max(1.0, waited)) - self.waits.common_of(parts)
        return -max(-FARTHEST, min(FARTHEST, slow))

    def _respread(self) -> None:
        new = spread.told_anew(self.skills.values(), self.spreads, self._guessed())
        for skill in self.skills.values():
            skill.respread(self.spreads, new)
        self.spreads = new

    def _guessed(self) -> dict[str, float]:
        pairs = [name for name, _values in self._pairs(self._parts({}))]
        guess = dict.fromkeys(("", *self.factors), PART_SD**2)
        return guess | dict.fromkeys(pairs, PAIR_SD**2)

    def _scored(
        self, pk: int, parts: Sequence[Part], pairs: Sequence[Part], common: Number
    ) -> Scored:
        skill = self.skills.get(pk) or Skill()
        means, variance = skill.of(parts, self.spreads)
        crossed = skill.of_pairs(pairs, self.spreads)
        variance += crossed.variance
        terms = {"common": common.mean, "person": means[0]}
        terms |= dict(zip(self.factors, means[1:], strict=True))
        terms["pairs"] = crossed.mean
        terms["speed"] = -self.speed.mean * self.waits.beside(pk, parts)
        logit = sum(terms.values())
        terms["trial"] = TRIAL / (1 + skill.n / TRIAL_HALVES_AT) * sqrt(variance)
        terms["price"] = -self.prices.get(pk, 0.0)
        spread = 1.2816 * sqrt(variance + common.variance)
        return Scored(pk, sum(terms.values()), terms, logit, spread, skill.n)

    def _at_stake(self, kopecks: int) -> Sum:
        # A price is told in the usual sum, the mean of logarithms of what was won.
        usual = exp(self.checks.usual.mean) if self.checks.own else kopecks
        return Sum(kopecks / 100, usual / 100, sigmoid(self.usual.mean))

    def _parts(self, case: Case) -> list[Part]:
        return [WHOLE, *((name, case.get(name, "")) for name in self.factors)]

    def _pairs(self, parts: Sequence[Part]) -> list[Part]:
        both = combinations(parts[1:], 2)
        return [(f"{one[0]} {two[0]}", f"{one[1]}\n{two[1]}") for one, two in both]

    def _kind(self, case: Case) -> tuple[str, ...]:
        return tuple(case.get(name, "") for name in self.factors)

    def _common(self, case: Case) -> Number:
        known = self.kinds.get(self._kind(case)) or Number(0.0, KIND_SD**2)
        return Number(self.usual.mean + known.mean, self.usual.variance + known.variance)
