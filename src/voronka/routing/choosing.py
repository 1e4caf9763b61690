"""Who gets an inquiry, and why: a decision on what is given, without tables.

First whose client it is; then an ordered rule; else the best score among those who may take it
now. Whoever may not is named with the reason, so that the decision can be read later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from voronka.routing.competence import Case, Competence, Scored

SHOWN = 5
LEEWAY = 1.7
"""How much more than an even share somebody may take before a price rises."""
NEAR_CAP = 0.97
"""The same where a cap is known: of the cap, since no two days are alike."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who sells. `cap`: inquiries a day, None for no cap; `taken`: got today;
    `weight`: share of a full load. `speaks` and the like are the values a rule asks for.
    """

    person_id: int
    is_active: bool = True
    is_absent: bool = False
    taken: int = 0
    cap: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What an inquiry must be (factor: values), and to whom it goes then: one of these."""

    id: int
    name: str
    wants: dict[str, frozenset[str]]
    person_ids: tuple[int, ...]

    def takes(self, case: Case) -> bool:
        """Say whether an inquiry is of that kind."""
        return all(case.get(factor, "") in values for factor, values in self.wants.items())


@dataclass(frozen=True, slots=True)
class Decision:
    """Who got it and how: "owner", "rule", "competence" or "nobody".

    `scored`: those who could, the best first; `barred`: person id and why not: inactive,
    absent, cap, rule.
    """

    person_id: int | None
    how: str
    rule: str = ""
    scored: tuple[Scored, ...] = ()
    barred: tuple[tuple[int, str], ...] = field(default=())


def choose(
    case: Case,
    candidates: Sequence[Candidate],
    known: Competence,
    *,
    owner_id: int | None = None,
    rules: Sequence[Rule] = (),
    a_day: float = 0.0,
) -> Decision:
    """Choose who gets an inquiry; prices of those chosen by score move (`Competence.took`).

    An owner takes own clients beyond the cap, unless absent or gone. The first rule that takes
    the inquiry narrows the choice, unless none of its people may take it now. `a_day`: how
    many inquiries usually come in a day, zero when not known.
    """
    barred = {one.person_id: why for one in candidates if (why := _why_not(one))}
    is_here = any(one.person_id == owner_id for one in candidates)
    if owner_id is not None and is_here and barred.get(owner_id, "cap") == "cap":
        return Decision(owner_id, "owner")
    free = [one for one in candidates if one.person_id not in barred]
    rule = next((one for one in rules if one.takes(case)), None)
    if rule is not None and (named := [c for c in free if c.person_id in rule.person_ids]):
        barred |= {one.person_id: "rule" for one in free if one not in named}
        free = named
    if not free:
        return Decision(None, "nobody", barred=tuple(barred.items()))
    taken = {one.person_id: one.taken for one in free}
    scored = known.score(case, taken)
    # Before anything is known all are alike: who got fewer today is first.
    scored.sort(key=lambda one: (-round(one.score, 6), taken[one.person_id], one.person_id))
    best = scored[0].person_id
    known.took(best, fair_shares(candidates, a_day))
    how = "rule" if rule is not None and best in rule.person_ids else "competence"
    name = rule.name if rule and how == "rule" else ""
    return Decision(best, how, name, tuple(scored[:SHOWN]), tuple(barred.items()))


def fair_shares(candidates: Sequence[Candidate], a_day: float = 0.0) -> dict[int, float]:
    """Give the share of all inquiries that each may take before a price rises: somewhat more
    than an even one, and never more than the cap lets where it is known how many a day come.
    """
    everybody = [one for one in candidates if one.is_active and not one.is_absent]
    whole = sum(one.weight for one in everybody) or 1.0
    return {
        one.person_id: NEAR_CAP * one.cap / a_day
        if one.cap and a_day
        else LEEWAY * one.weight / whole
        for one in everybody
    }


def _why_not(one: Candidate) -> str:
    if not one.is_active:
        return "inactive"
    if one.is_absent:
        return "absent"
    return "cap" if one.cap is not None and one.taken >= one.cap else ""
