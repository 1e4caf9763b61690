"""Who gets an inquiry, and why: a decision on what is given, without tables.

First whose client it is, or who stands in for them; then the first rule that takes the
inquiry and has somebody on shift who may; the last rule takes whatever is left. Whoever may
not is named with the reason, so that the decision can be read later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from voronka.routing.barring import Candidate, Given, barred_by, barred_now
from voronka.routing.competence import Case, Competence
from voronka.routing.rules import BY_SCORE, Asked, Rule
from voronka.routing.scored import Scored

SHOWN = 5
LEEWAY = 1.7
"""How much more than an even share somebody may take before a price rises."""
NEAR_CAP = 0.97
"""The same where a cap is known: of the cap, since no two days are alike."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who got it and how: "owner", "stands_in", "rule", "competence" (by the last rule, or
    without rules) or "nobody".

    `rule_id`, `rule`, `way`: by which rule, and how it chose; `passed`: rules that took the
    inquiry and had nobody; `starts_at`: nobody is on shift, then the chosen one begins.
    `scored`: those who could, the best first; `barred`: person id and why not: inactive,
    absent, paused, off_shift, cap, full, rule, skill, rule_cap.
    """

    person_id: int | None
    how: str
    rule: str = ""
    scored: tuple[Scored, ...] = ()
    barred: tuple[tuple[int, str], ...] = ()
    rule_id: int = 0
    way: str = ""
    passed: tuple[str, ...] = ()
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom a rule leaves to choose among, and who is out by it."""

    rule: Rule
    free: list[Candidate]
    out: dict[int, str]


def choose(
    case: Case,
    candidates: Sequence[Candidate],
    known: Competence,
    *,
    owner_id: int | None = None,
    rules: Sequence[Rule] = (),
    asked: Asked | None = None,
    given: Given | None = None,
    last_id: int = 0,
    a_day: float = 0.0,
) -> Decision:
    """Choose who gets an inquiry; prices of those chosen move (`Competence.took`).

    An owner takes own clients beyond caps and out of the shift, unless absent or gone; while
    absent their stand-in does. Rules are tried in order, without any everybody may. When no
    rule has anybody on shift, who starts soonest is asked, by the same rules.
    By money, an inquiry without a sum goes to the likeliest to win it.
    `given`: how many a person got by a rule today; `last_id`: who got the last one in turn;
    `a_day`: how many inquiries these people usually get in a day, zero when not known.
    """
    if owner_id is not None and (own := _own(owner_id, candidates)):
        return own
    asked = replace(asked or Asked(case), case=case)
    taking = [one for one in rules if one.takes(asked)]
    taking = taking or [_everybody(candidates)]
    pool = frozenset().union(*(one.person_ids for one in taking))
    people = [one for one in candidates if one.person_id in pool]
    barred = barred_now(people)
    may = [one for one in people if one.person_id not in barred]
    for near in (_on_shift, _soonest):
        passed: list[str] = []
        for rule in taking:
            out = barred_by(rule, may, case, given or {})
            free = near([one for one in may if one.person_id not in out])
            if free:
                found = _Found(rule, free, barred | _said(may, free, out))
                return _decide(found, people, asked, known, passed, last_id, a_day)
            passed.append(rule.name)
    return Decision(None, "nobody", barred=tuple((barred | _said(may, [], out)).items()))


def fair_shares(candidates: Sequence[Candidate], a_day: float = 0.0) -> dict[int, float]:
    """Give the share of all inquiries that each may take before a price rises: somewhat more
    than an even one, or what the cap lets where it is known how many a day come.
    """
    everybody = [one for one in candidates if not one.is_away]
    whole = sum(one.weight for one in everybody) or 1.0
    return {
        one.person_id: NEAR_CAP * one.cap / a_day
        if one.cap and a_day
        else LEEWAY * one.weight / whole
        for one in everybody
    }


def _own(owner_id: int, candidates: Sequence[Candidate]) -> Decision | None:
    by_id = {one.person_id: one for one in candidates}
    owner = by_id.get(owner_id)
    if owner is None or not owner.is_active:
        return None
    if not owner.is_absent:
        return Decision(owner_id, "owner", starts_at=owner.starts_at)
    other = by_id.get(owner.stands_in_id or 0)
    if other is None or other.is_away:
        return None
    away = ((owner_id, "absent"),)
    return Decision(other.person_id, "stands_in", barred=away, starts_at=other.starts_at)


def _everybody(candidates: Sequence[Candidate]) -> Rule:
    return Rule(0, "", frozenset(one.person_id for one in candidates), is_last=True)


def _on_shift(people: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in people if one.starts_at is None]


def _soonest(people: Sequence[Candidate]) -> list[Candidate]:
    first = min((one.starts_at for one in people if one.starts_at), default=None)
    return [one for one in people if one.starts_at == first]


def _said(
    may: Sequence[Candidate], free: Sequence[Candidate], out: dict[int, str]
) -> dict[int, str]:
    """Name those who may in general and yet are not asked: by the rule, or by the shift."""
    asked = {one.person_id for one in free}
    others = [one.person_id for one in may if one.person_id not in asked]
    return {pk: out.get(pk, "off_shift") for pk in others}


def _decide(
    found: _Found,
    people: Sequence[Candidate],
    asked: Asked,
    known: Competence,
    passed: list[str],
    last_id: int,
    a_day: float,
) -> Decision:
    rule = found.rule
    taken = {one.person_id: one.taken for one in found.free}
    kopecks = asked.amount_kopecks if rule.way == "money" else None
    scored = known.score(asked.case, taken, kopecks=kopecks)
    if rule.way in BY_SCORE:
        # Before anything is known all are alike: who got fewer today is first.
        scored.sort(key=lambda one: (-round(one.score, 6), taken[one.person_id], one.person_id))
    else:
        scored.sort(key=_place(rule.way, found.free, last_id))
    best = scored[0].person_id
    known.took(best, fair_shares(people, a_day))
    return Decision(
        best,
        "competence" if rule.is_last else "rule",
        rule.name,
        tuple(scored[:SHOWN]),
        tuple(found.out.items()),
        rule.id,
        rule.way,
        tuple(passed),
        next(one.starts_at for one in found.free if one.person_id == best),
    )


def _place(
    way: str, free: Sequence[Candidate], last_id: int
) -> Callable[[Scored], tuple[float, ...]]:
    """Give the order of those who could: by load for their weight, then round after the last
    one, so that nobody is first every morning.
    """
    by_id = {one.person_id: one for one in free}

    def place(one: Scored) -> tuple[float, ...]:
        person = by_id[one.person_id]
        got = (person.taken + 1) / person.weight
        first = (person.open_work + 1) / person.weight if way == "least_busy" else got
        return first, got, one.person_id <= last_id, one.person_id

    return place
