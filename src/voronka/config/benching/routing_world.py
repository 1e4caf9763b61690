"""A made-up department whose chances to win are known to the bench and not to the router."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import ceil, pi, sin
from random import Random

from voronka.routing.skill import sigmoid

Kind = tuple[int, ...]
MONTH, YEAR = 30, 365


@dataclass(frozen=True, slots=True)
class Spreads:
    """Standard deviations in logits, and how many products, sources and bands there are.

    `crossed`: of a person with each pair of a product and a source.
    """

    usual: float = -1.4
    kind: float = 0.3
    person: float = 0.35
    factors: tuple[tuple[str, int, float], ...] = (
        ("product", 6, 0.5),
        ("source", 5, 0.3),
        ("band", 3, 0.3),
    )
    crossed: float = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """What a department is like.

    `cap_times`: how many even shares of a day a person may take; `season`: by what share the
    inquiries of a day and of each product swing over a year; `heard_after`: days until an
    outcome is known, from and to; `unheard`: share of outcomes never known; `leaving`: people
    who leave each month, as many come.
    """

    people: int = 30
    inquiries: int = 20_000
    days: int = 400
    spreads: Spreads = field(default_factory=Spreads)
    cap_times: float = 2.0
    season: float = 0.0
    heard_after: tuple[int, int] = (0, 0)
    unheard: float = 0.0
    leaving: int = 0


class Department:
    """People, inquiries in their order with their days, and the luck of each inquiry."""

    def __init__(self, seed: int, world: World | None = None) -> None:
        self.world = world = world or World()
        self.spreads, self.days = world.spreads, world.days
        self._rng, self._more = Random(seed), Random(seed + 10**6)
        sizes = [range(n) for _name, n, _sd in self.spreads.factors]
        self.kinds = {kind: self._rng.gauss(0, self.spreads.kind) for kind in product(*sizes)}
        months = (self.days - 1) // MONTH
        self.people = world.people + world.leaving * months
        self.strengths = [self.drawn() for _ in range(self.people)]
        pairs = list(product(*sizes[:2]))
        self._crossed = [
            {pair: self._more.gauss(0, self.spreads.crossed) for pair in pairs}
            for _ in range(self.people if self.spreads.crossed else 0)
        ]
        names = list(self.kinds)
        self.days_of = self._days()
        self.a_day = [self.days_of.count(day) for day in range(self.days)]
        if world.season:
            self.inquiries = [self._seasonal(names, day) for day in self.days_of]
        else:
            self.inquiries = [self._rng.choice(names) for _ in self.days_of]
        self.luck = [self._rng.random() for _ in self.days_of]

    def cap(self, day: int) -> int:
        """Give how many a person may take in a day; never so few that nobody could."""
        even = self.a_day[day] / self.world.people
        return max(int(self.world.cap_times * even), ceil(even))

    def there(self, day: int) -> range:
        """Give who works on a day: the longest with the firm leave, others come."""
        gone = self.world.leaving * (day // MONTH)
        return range(gone, gone + self.world.people)

    def drawn(self) -> list[Sequence[float]]:
        """Draw a person's strengths: as a whole, and by each factor's values."""
        gauss = self._rng.gauss
        parts = [[gauss(0, sd) for _ in range(n)] for _name, n, sd in self.spreads.factors]
        return [[gauss(0, self.spreads.person)], *parts]

    def chance(self, person: int, kind: Sequence[int]) -> float:
        """Give the true chance of a person with a kind of inquiry."""
        whole, *parts = self.strengths[person]
        logit = self.spreads.usual + self.kinds[tuple(kind)] + whole[0]
        if self._crossed:
            logit += self._crossed[person][kind[0], kind[1]]
        return sigmoid(logit + sum(part[n] for part, n in zip(parts, kind, strict=True)))

    def case(self, kind: Sequence[int]) -> dict[str, str]:
        """Give a kind as the router sees it."""
        named = zip(self.spreads.factors, kind, strict=True)
        return {name: str(n) for (name, _n, _sd), n in named}

    def heard_on(self, n: int) -> int | None:
        """Give the day when it is known how the inquiry number `n` ended; None: never."""
        rng, (soonest, latest) = Random(f"{n} {self.luck[n]}"), self.world.heard_after
        if rng.random() < self.world.unheard:
            return None
        return self.days_of[n] + rng.randint(soonest, latest)

    def _days(self) -> list[int]:
        even = self.world.inquiries / self.days
        found: list[int] = []
        for day in range(self.days):
            tide = 1 + self.world.season * sin(2 * pi * day / YEAR)
            found += [day] * round(even * tide)
        return found

    def _seasonal(self, names: Sequence[Kind], day: int) -> Kind:
        products = self.spreads.factors[0][1]
        weights = [
            1 + self.world.season * sin(2 * pi * (day / YEAR + one / products))
            for one in range(products)
        ]
        return self._rng.choices(names, [weights[kind[0]] for kind in names])[0]
