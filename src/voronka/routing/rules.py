"""Ordered rules: which inquiries each takes, whom it allows, and how it chooses among them."""

from dataclasses import dataclass, field

from voronka.routing.competence import Case

DAY_MINUTES = 24 * 60
WAYS = ("competence", "money", "turn", "least_busy")
"""By the chance to win; by expected money; in turn by weights; the least open work."""
BY_SCORE = ("competence", "money")
BY_CASE = "*"
"""A skill that begins so is what the inquiry says: "*product" asks for its product."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An inquiry as rules see it. `minute`: of the day in the firm's zone, `weekday`: 0 is
    Monday, `is_open`: within the firm's working hours; `amount_kopecks`: None, not said.
    """

    case: Case
    amount_kopecks: int | None = None
    weekday: int = 0
    minute: int = 0
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Wants:
    """What an inquiry must be; what is not named may be anything.

    `values`: factor (source, channel, region, product, language) to those that fit. The sum
    lies in [least, most) kopecks. The minute lies in [since, until), over midnight when turned
    round. `in_hours`: within the firm's working time, or outside.
    """

    values: dict[str, frozenset[str]] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    weekdays: frozenset[int] = frozenset()
    since: int | None = None
    until: int | None = None
    in_hours: bool | None = None

    def fit(self, asked: Asked) -> bool:
        """Say whether an inquiry is of that kind. A sum not said fits no bounds."""
        if any(asked.case.get(name, "") not in ok for name, ok in self.values.items()):
            return False
        if self.weekdays and asked.weekday not in self.weekdays:
            return False
        if self.in_hours is not None and asked.is_open != self.in_hours:
            return False
        return self._fits_sum(asked.amount_kopecks) and self._fits_hour(asked.minute)

    def _fits_sum(self, amount: int | None) -> bool:
        if self.least is None and self.most is None:
            return True
        if amount is None:
            return False
        return (self.least or 0) <= amount and (self.most is None or amount < self.most)

    def _fits_hour(self, minute: int) -> bool:
        if self.since is None and self.until is None:
            return True
        since, until = self.since or 0, DAY_MINUTES if self.until is None else self.until
        if since < until:
            return since <= minute < until
        return minute >= since or minute < until


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the list. `person_ids`: whom it allows, already resolved from a team or all;
    `skill` at `level` or better is asked besides, "" for none; `way`: one of WAYS; `cap`:
    inquiries a day to one person by this rule. `is_last`: takes everything; stands at the end.
    """

    id: int
    name: str
    person_ids: frozenset[int]
    wants: Wants = field(default_factory=Wants)
    skill: str = ""
    level: int = 1
    way: str = "competence"
    cap: int | None = None
    is_last: bool = False

    def takes(self, asked: Asked) -> bool:
        """Say whether an inquiry is of the rule's kind; the last rule takes every one."""
        return self.is_last or self.wants.fit(asked)

    def skill_for(self, case: Case) -> str:
        """Give the skill that is asked for with this inquiry, in small letters, "" for none."""
        if self.skill.startswith(BY_CASE):
            return case.get(self.skill.removeprefix(BY_CASE), "").casefold()
        return self.skill.casefold()
