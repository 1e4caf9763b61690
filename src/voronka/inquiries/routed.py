"""Decisions who gets an inquiry, as screens read them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voronka.inquiries.models import Routing
from voronka.routing.scored import BESIDES, expected


@dataclass(frozen=True, slots=True)
class RoutedRow:
    """Why an inquiry went to whom. `scored`: the best of those who could; `barred`: person id,
    why not, and until when. `rule_id`, `rule`, `version`: by which rule of which list; `way`:
    how it chose; `passed`: rules before it that had nobody; `starts_at`: nobody was on shift,
    then the chosen one begins.
    """

    at: datetime
    how: str
    person_id: int | None
    scored: list[dict[str, Any]]
    barred: list[list[Any]]
    rule_id: int = 0
    rule: str = ""
    version: int = 0
    way: str = ""
    passed: list[str] = field(default_factory=list)
    starts_at: datetime | None = None
    overridden_at: datetime | None = None

    @property
    def by(self) -> str:
        """How it was decided: by score, told apart whether the likeliest one was chosen, or
        one whose turn it was by trial or by relief.
        """
        if self.how not in ("competence", "rule"):
            return self.how
        if self.way in ("turn", "least_busy"):
            return self.way
        way = "money" if self.is_by_money else "competence"
        if not self.told_by:
            return way if len(self.scored) > 1 else "only"
        if self._is_best:
            return way
        for name, gap in self.told_by:
            if name in BESIDES and gap > 0:
                return f"{name}_money" if self.is_by_money else name
        return way

    @property
    def is_by_money(self) -> bool:
        """Whether scores are expected rubles."""
        return bool(self.scored) and self.scored[0].get("unit") == "rubles"

    @property
    def told_by(self) -> list[tuple[str, float]]:
        """The terms by which the chosen one stands above the next, the weightiest first."""
        if len(self.scored) < 2 or self.way in ("turn", "least_busy"):
            return []
        first, second = self.scored[0]["terms"], self.scored[1]["terms"]
        gaps = [(name, first[name] - second[name]) for name in first]
        return sorted(
            (one for one in gaps if abs(one[1]) > 0.005), key=lambda one: -abs(one[1])
        )

    @property
    def weighty(self) -> list[tuple[str, float]]:
        """Those of them that are worth telling: by money, a twentieth of what is expected."""
        least = 0.05 * (expected(self.scored[0]["terms"]) if self.is_by_money else 1)
        return [one for one in self.told_by if abs(one[1]) >= least]

    @property
    def expected_kopecks(self) -> list[int]:
        """What is expected of each of those who could, when scores are rubles."""
        if not self.is_by_money:
            return []
        return [round(expected(one["terms"])) * 100 for one in self.scored]

    @property
    def _is_best(self) -> bool:
        if self.is_by_money:
            sums = self.expected_kopecks
            return sums[0] >= 0.99 * max(sums)
        chances: list[float] = [one["chance"] for one in self.scored]
        return chances[0] >= max(chances) - 0.005


def routed(*, inquiry_id: int) -> RoutedRow | None:
    """Give why an inquiry went to whom, the latest decision; None: nobody decided."""
    row = Routing.objects.filter(inquiry_id=inquiry_id).order_by("-pk").first()
    return routed_row(row) if row else None


def routed_row(row: Routing) -> RoutedRow:
    """Give a decision as screens read it."""
    return RoutedRow(
        row.at,
        row.how,
        row.person_id,
        row.scored,
        row.barred,
        row.rule_id,
        row.rule,
        row.version,
        row.way,
        row.passed,
        row.starts_at,
        row.overridden_at,
    )
