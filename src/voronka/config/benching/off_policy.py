"""What another way of choosing would have given, told from what was chosen and came of it.

Doubly robust (Dudík, Langford and Li, 2011): the model's guess for the one who would have been
chosen, mended by what really came where the same one was. Beside it inverse propensity alone,
self-normalised. Intervals: percentiles over whole weeks drawn again, as neighbours are alike.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import quantiles

RAREST = 0.02
"""A propensity is taken to be no less: one lucky case must not weigh like a hundred."""
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it was decided and as it would have been.

    `got`: what came of it, 0 to 1; `is_same`: the other way would choose the same one;
    `propensity`: how likely the chosen one was to be chosen; `guess`, `guess_of_logged`: the
    model's guess for the one whom the other way chooses, and for the one who was chosen;
    `week`: cases of one are drawn together.
    """

    got: float
    is_same: bool
    propensity: float
    guess: float
    guess_of_logged: float
    week: int

    @property
    def weight(self) -> float:
        """How many cases this one stands for; none where the choice differs."""
        return 1 / max(RAREST, self.propensity) if self.is_same else 0.0


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much another way differs from what happened, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_told_apart(self) -> bool:
        """Say whether the interval leaves out nought."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class _Sums:
    n: int
    got: float
    weight: float
    weighted: float
    robust: float


def doubly_robust(cases: Sequence[Case]) -> Gain:
    """Give the estimate less what happened."""
    return _gain(cases, lambda of: (of.robust - of.got) / of.n)


def by_propensity(cases: Sequence[Case]) -> Gain:
    """Give the self-normalised estimate less what happened; nought if no choice is shared."""
    return _gain(cases, lambda of: of.weighted / of.weight - of.got / of.n if of.weight else 0)


def told_by(cases: Sequence[Case]) -> float:
    """Give of how many cases the weights tell as much: the effective sample size."""
    squares = sum(one.weight**2 for one in cases)
    return sum(one.weight for one in cases) ** 2 / squares if squares else 0.0


def _gain(cases: Sequence[Case], estimate: Callable[[_Sums], float]) -> Gain:
    weeks: dict[int, list[Case]] = defaultdict(list)
    for one in cases:
        weeks[one.week].append(one)
    sums = [_sums(weeks[week]) for week in sorted(weeks)]
    rng = Random(1)
    drawn = [estimate(_added(rng.choices(sums, k=len(sums)))) for _ in range(DRAWS)]
    cuts = quantiles(drawn, n=40)
    return Gain(estimate(_added(sums)), cuts[0], cuts[-1])


def _sums(cases: Sequence[Case]) -> _Sums:
    robust = [one.guess + one.weight * (one.got - one.guess_of_logged) for one in cases]
    return _Sums(
        len(cases),
        sum(one.got for one in cases),
        sum(one.weight for one in cases),
        sum(one.weight * one.got for one in cases),
        sum(robust),
    )


def _added(sums: Sequence[_Sums]) -> _Sums:
    return _Sums(
        sum(one.n for one in sums),
        sum(one.got for one in sums),
        sum(one.weight for one in sums),
        sum(one.weighted for one in sums),
        sum(one.robust for one in sums),
    )
