"""Who may not take an inquiry, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voronka.routing.competence import Case
from voronka.routing.rules import Rule

Given = Mapping[tuple[int, int], int]
"""How many a person got today by a rule: {(rule id, person id): n}."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who sells. `cap`: inquiries a day, None for no cap; `taken`: got today;
    `weight`: share of a full load; `open_work`: inquiries and deals that are open, `most_open`:
    how many may be; `starts_at`: when the shift begins, None: on shift now; `skills`: levels
    1 to 3 by names in small letters; `stands_in_id`: who takes over while absent.
    """

    person_id: int
    is_active: bool = True
    is_absent: bool = False
    taken: int = 0
    cap: int | None = None
    weight: float = 1.0
    is_paused: bool = False
    starts_at: datetime | None = None
    open_work: int = 0
    most_open: int | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    stands_in_id: int | None = None

    @property
    def is_away(self) -> bool:
        """Say whether the person is gone or absent: then even own clients go elsewhere."""
        return not self.is_active or self.is_absent


def barred_now(candidates: Sequence[Candidate]) -> dict[int, str]:
    """Give who may take nothing now, whatever the rule, and why; shifts are not looked at."""
    return {one.person_id: why for one in candidates if (why := _why_not(one))}


def barred_by(
    rule: Rule, candidates: Sequence[Candidate], case: Case, given: Given
) -> dict[int, str]:
    """Give who may not take an inquiry by a rule, and why."""
    skill = rule.skill_for(case)
    found = {}
    for one in candidates:
        if one.person_id not in rule.person_ids:
            found[one.person_id] = "rule"
        elif skill and one.skills.get(skill, 0) < rule.level:
            found[one.person_id] = "skill"
        elif rule.cap is not None and given.get((rule.id, one.person_id), 0) >= rule.cap:
            found[one.person_id] = "rule_cap"
    return found


def _why_not(one: Candidate) -> str:
    if not one.is_active:
        return "inactive"
    if one.is_absent:
        return "absent"
    if one.is_paused:
        return "paused"
    if one.cap is not None and one.taken >= one.cap:
        return "cap"
    return "full" if one.most_open is not None and one.open_work >= one.most_open else ""
