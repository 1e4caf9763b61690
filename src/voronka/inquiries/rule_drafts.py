"""A routing rule as a person wrote it, and whether it can be one."""

from dataclasses import dataclass, field

from voronka.foundation.errors import RefusalError
from voronka.inquiries.rule_list import FALLBACKS, Target
from voronka.people.models import Person, Team
from voronka.routing.rules import DAY_MINUTES, WAYS, Wants

TOP_CAP = 9999


class BadRuleError(RefusalError):
    """A rule needs a name, bounds that are not turned round, people who are there."""

    code = "bad_rule"


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as written by a person; the last rule heeds `way`, `cap` and the fallback only."""

    name: str = ""
    wants: Wants = field(default_factory=Wants)
    target: Target = field(default_factory=Target)
    way: str = "competence"
    cap: int | None = None
    fallback: str = "open"
    falls_to_id: int | None = None


def check(draft: RuleDraft) -> None:
    """Raise BadRuleError unless the draft can be a rule; two queries at most."""
    wants, target = draft.wants, draft.target
    if draft.way not in WAYS or draft.fallback not in FALLBACKS:
        raise BadRuleError(why="way")
    if draft.cap is not None and not 0 < draft.cap <= TOP_CAP:
        raise BadRuleError(why="cap")
    if wants.least is not None and wants.most is not None and wants.least >= wants.most:
        raise BadRuleError(why="sum")
    minutes = [one for one in (wants.since, wants.until) if one is not None]
    # From nine to nine is the whole day for one and nothing for another.
    if any(not 0 <= one <= DAY_MINUTES for one in minutes) or len(set(minutes)) < len(minutes):
        raise BadRuleError(why="hours")
    if not target.level or not 1 <= target.level <= 3 or not _are_there(target):
        raise BadRuleError(why="person")


def _are_there(target: Target) -> bool:
    named = set(target.person_ids)
    sells = Person.objects.filter(pk__in=named, role__in=("manager", "lead"), is_active=True)
    if named and sells.count() < len(named):
        return False
    return target.team_id is None or Team.objects.filter(pk=target.team_id).exists()
