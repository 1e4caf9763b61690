"""A made-up department whose chances to win are known to the bench and not to the router."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from voronka.routing.skill import sigmoid

Kind = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spreads:
    """Standard deviations in logits, and how many products, sources and bands there are."""

    usual: float = -1.4
    kind: float = 0.3
    person: float = 0.35
    factors: tuple[tuple[str, int, float], ...] = (
        ("product", 6, 0.5),
        ("source", 5, 0.3),
        ("band", 3, 0.3),
    )


class Department:
    """People, inquiries in their order, and the luck of each inquiry."""

    def __init__(
        self,
        seed: int,
        *,
        people: int = 30,
        inquiries: int = 20_000,
        days: int = 400,
        spreads: Spreads | None = None,
    ) -> None:
        self.spreads, self.people, self.days = spreads or Spreads(), people, days
        self._rng = rng = Random(seed)
        sizes = [range(n) for _name, n, _sd in self.spreads.factors]
        self.kinds = {kind: rng.gauss(0, self.spreads.kind) for kind in product(*sizes)}
        self.strengths = [self.drawn() for _ in range(people)]
        names = list(self.kinds)
        self.inquiries = [rng.choice(names) for _ in range(inquiries)]
        self.luck = [rng.random() for _ in range(inquiries)]

    @property
    def a_day(self) -> int:
        """How many inquiries come in a day."""
        return len(self.inquiries) // self.days

    @property
    def cap(self) -> int:
        """Twice the even share: nobody takes more in a day."""
        return int(2 * self.a_day / self.people)

    def drawn(self) -> list[Sequence[float]]:
        """Draw a person's strengths: as a whole, and by each factor's values."""
        gauss = self._rng.gauss
        parts = [[gauss(0, sd) for _ in range(n)] for _name, n, sd in self.spreads.factors]
        return [[gauss(0, self.spreads.person)], *parts]

    def chance(self, person: int, kind: Sequence[int]) -> float:
        """Give the true chance of a person with a kind of inquiry."""
        whole, *parts = self.strengths[person]
        logit = self.spreads.usual + self.kinds[tuple(kind)] + whole[0]
        return sigmoid(logit + sum(part[n] for part, n in zip(parts, kind, strict=True)))

    def case(self, kind: Sequence[int]) -> dict[str, str]:
        """Give a kind as the router sees it."""
        named = zip(self.spreads.factors, kind, strict=True)
        return {name: str(n) for (name, _n, _sd), n in named}
