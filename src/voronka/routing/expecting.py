"""How many wins to expect of a way to give inquiries out, and how sure that is.

A chance is what is usual for this kind of inquiry, and what the person adds: as a whole, then
with each value. How much people differ beyond chance is measured first; each person's part is
drawn to zero by it, so that where people do not differ nobody is expected to gain. That
measure is itself in doubt: half of the belief is that people do not differ at all, until
outcomes say otherwise, and the interval holds this doubt too. Without it choosing whoever
looks best would seem to gain where there is nothing to gain. The same numbers are used for
every way that is compared: what is usual for a kind falls out of the difference.
Source: Efron & Morris (1975), with the spread summed over a grid (Gelman et al. 2013, 5.4).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt

from voronka.foundation.shares import Z_95
from voronka.routing.competence import Case
from voronka.routing.skill import WHOLE, Part

USUAL_WEIGHT = 30
"""With so many outcomes a kind of inquiry is halfway between its own share and the usual."""
LEAST, MOST = 0.005, 0.995
SPREADS = (0.0, 0.01, 0.02, 0.03, 0.045, 0.065, 0.09, 0.13, 0.2)
"""How much people may differ, as a share of inquiries won; the first has half of the belief."""
Given = Mapping[tuple[int, tuple[str, ...]], float]
"""How many inquiries of a kind to whom: {(person id, kind): n}; 0 is nobody."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an inquiry ended with a person."""

    person_id: int
    case: Case
    is_won: bool


@dataclass(frozen=True, slots=True)
class Wins:
    """Wins to expect, with the 95 % interval."""

    mean: float
    low: float
    high: float


Key = tuple[int, Part]
"""A person and what they may add with."""


@dataclass(frozen=True, slots=True)
class _Level:
    """What people add with one factor: as seen, with the noise of it, the belief in each of
    SPREADS, and what is expected of it all.
    """

    seen: dict[Key, float]
    noise: dict[Key, float]
    belief: tuple[float, ...]
    added: dict[Key, float]

    def variance(self, counts: Mapping[Key, float]) -> float:
        """Give how much a sum of so many of each is in doubt."""
        means, variances = [], []
        for spread in SPREADS:
            mean = variance = 0.0
            for key, n in counts.items():
                noise = self.noise.get(key)
                kept = _kept(spread, noise) if noise else 0.0
                mean += n * kept * self.seen.get(key, 0.0)
                variance += n * n * (kept * noise if noise else spread * spread)
            means.append(mean)
            variances.append(variance)
        middle = _mean(means, self.belief)
        apart = [(mean - middle) ** 2 for mean in means]
        return _mean(variances, self.belief) + _mean(apart, self.belief)


@dataclass(slots=True)
class Expected:
    """What to expect of everybody; as `expected_from` gives it. `outcomes`: by person."""

    factors: tuple[str, ...]
    usual: float = 0.0
    kinds: dict[tuple[str, ...], float] = field(default_factory=dict)
    levels: list[_Level] = field(default_factory=list)
    outcomes: dict[int, int] = field(default_factory=dict)

    def kind_of(self, case: Case) -> tuple[str, ...]:
        """Give what kind of inquiry this is: its values in the order of the factors."""
        return tuple(case.get(name, "") for name in self.factors)

    def parts_of(self, kind: tuple[str, ...]) -> list[Part]:
        """Give what a person may add with: as a whole, and with each value of the kind."""
        return [WHOLE, *zip(self.factors, kind, strict=True)]

    def chance(self, person_id: int, kind: tuple[str, ...]) -> float:
        """Give the chance that a person wins an inquiry of a kind; 0: nobody in particular."""
        keys = [(person_id, part) for part in self.parts_of(kind)]
        both = zip(self.levels, keys, strict=False)
        more = sum(level.added.get(key, 0.0) for level, key in both)
        return min(MOST, max(LEAST, self.kinds.get(kind, self.usual) + more))

    def wins(self, given: Given) -> Wins:
        """Give the wins to expect; a difference of two ways is one too, with counts below zero.

        The doubt is that of what people add.
        """
        mean = sum(n * self.chance(pk, kind) for (pk, kind), n in given.items())
        counts: list[dict[Key, float]] = [{} for _ in self.levels]
        for (pk, kind), n in given.items():
            for level, part in zip(counts, self.parts_of(kind), strict=False):
                if pk:
                    level[pk, part] = level.get((pk, part), 0.0) + n
        both = zip(self.levels, counts, strict=True)
        spread = Z_95 * sqrt(sum(level.variance(mine) for level, mine in both))
        return Wins(mean, mean - spread, mean + spread)


def expected_from(outcomes: Sequence[Outcome], factors: tuple[str, ...]) -> Expected:
    """Learn what to expect from outcomes, in any order."""
    found = Expected(factors)
    if not outcomes:
        return found
    found.usual = sum(one.is_won for one in outcomes) / len(outcomes)
    found.kinds = _kinds(outcomes, found)
    kinds = [found.kind_of(one.case) for one in outcomes]
    usual = [found.kinds[kind] for kind in kinds]
    # What is left of each outcome when all that is known so far is taken off.
    left = [one.is_won - chance for one, chance in zip(outcomes, usual, strict=True)]
    parts = [found.parts_of(kind) for kind in kinds]
    for place in range(len(factors) + 1):
        keys = [(one.person_id, its[place]) for one, its in zip(outcomes, parts, strict=True)]
        level = _level(keys, left, usual)
        left = [rest - level.added[key] for rest, key in zip(left, keys, strict=True)]
        found.levels.append(level)
    for one in outcomes:
        found.outcomes[one.person_id] = found.outcomes.get(one.person_id, 0) + 1
    return found


def _kinds(outcomes: Iterable[Outcome], found: Expected) -> dict[tuple[str, ...], float]:
    counts: defaultdict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for one in outcomes:
        mine = counts[found.kind_of(one.case)]
        mine[0] += one.is_won
        mine[1] += 1
    return {
        kind: (won + USUAL_WEIGHT * found.usual) / (n + USUAL_WEIGHT)
        for kind, (won, n) in counts.items()
    }


def _level(keys: Sequence[Key], left: Sequence[float], usual: Sequence[float]) -> _Level:
    sums: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for key, rest, chance in zip(keys, left, usual, strict=True):
        mine = sums[key]
        mine[0] += 1
        mine[1] += rest
        mine[2] += max(chance * (1 - chance), 1e-4)
    seen = {key: total / n for key, (n, total, _) in sums.items()}
    noise = {key: spread / (n * n) for key, (n, _, spread) in sums.items()}
    belief = _belief(seen, noise)
    added = {
        key: mean * _mean([_kept(spread, noise[key]) for spread in SPREADS], belief)
        for key, mean in seen.items()
    }
    return _Level(seen, noise, belief, added)


def _belief(seen: Mapping[Key, float], noise: Mapping[Key, float]) -> tuple[float, ...]:
    """Give how much to believe in each of SPREADS, from how far people stand apart."""
    logs = []
    for place, spread in enumerate(SPREADS):
        total = log(0.5 if not place else 0.5 / (len(SPREADS) - 1))
        for key, mean in seen.items():
            variance = noise[key] + spread * spread
            total -= 0.5 * (log(variance) + mean * mean / variance)
        logs.append(total)
    top = max(logs)
    weights = [exp(one - top) for one in logs]
    return tuple(one / sum(weights) for one in weights)


def _kept(spread: float, noise: float) -> float:
    return spread * spread / (spread * spread + noise)


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))
