"""The list of routing rules, as pages show it and as the router takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voronka.foundation.recent import recent
from voronka.inquiries.models import RoutingRule, RulesVersion
from voronka.people.queries import Seller, directory
from voronka.routing.rules import Rule, Wants

FACTORS = ("source", "channel", "region", "product", "language")
"""What a rule may name of an inquiry, beside its sum and its moment."""
FALLBACKS = ("open", "head", "person")
SHOWN_VERSIONS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a rule allows: these people, else a team with those below it, else all managers;
    `skill` at `level` or better besides, "" for none.
    """

    person_ids: tuple[int, ...] = ()
    team_id: int | None = None
    skill: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the list. The last one has the id 0 until it is first changed."""

    id: int
    name: str
    wants: Wants
    target: Target
    way: str = "competence"
    cap: int | None = None
    is_on: bool = True
    is_last: bool = False
    fallback: str = "open"
    falls_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A change of the list."""

    number: int
    at: datetime
    by_id: int | None
    act: str
    name: str


LAST = RuleRow(0, "", Wants(), Target(), is_last=True)


@dataclass(frozen=True, slots=True)
class RuleList:
    """All rules in order, switched off ones too; the last takes everything and is always
    there. `versions`: the newest first; the list as it came is version 1.
    """

    rows: list[RuleRow]
    versions: list[VersionRow] = field(default_factory=list)

    @property
    def version(self) -> int:
        """The number of the version that holds."""
        return self.versions[0].number if self.versions else 1

    @property
    def last(self) -> RuleRow:
        """The rule that takes what no other did."""
        return self.rows[-1]


@recent()
def rule_list() -> RuleList:
    """Give the rules and their latest versions; two queries, kept."""
    stored = RoutingRule.objects.order_by("is_last", "place", "pk")
    rows = [row_of(one) for one in stored]
    if not rows or not rows[-1].is_last:
        rows.append(LAST)
    changes = RulesVersion.objects.order_by("-number")[:SHOWN_VERSIONS]
    versions = [VersionRow(one.number, one.at, one.by_id, one.act, one.name) for one in changes]
    return RuleList(rows, versions)


@recent()
def rules_in_force() -> list[Rule]:
    """Give the rules that are on, in order, with the people that each allows."""
    people = directory()
    return [rule_of(one, people) for one in rule_list().rows if one.is_on]


def rule_of(row: RuleRow, people: Sequence[Seller]) -> Rule:
    """Give a rule as the router takes it. Whoever is named need not be a manager, but must
    sell.
    """
    return Rule(
        id=row.id,
        name=row.name,
        person_ids=_allowed(row.target, people),
        wants=row.wants,
        skill=row.target.skill,
        level=row.target.level,
        way=row.way,
        cap=row.cap,
        is_last=row.is_last,
    )


def _allowed(target: Target, people: Sequence[Seller]) -> frozenset[int]:
    if target.person_ids:
        named = set(target.person_ids)
        return frozenset(one.id for one in people if one.id in named)
    managers = [one for one in people if one.role == "manager"]
    if target.team_id is None:
        return frozenset(one.id for one in managers)
    node = f"/{target.team_id}/"
    return frozenset(one.id for one in managers if node in one.team_path)


def row_of(stored: RoutingRule) -> RuleRow:
    """Read a rule from its row."""
    return RuleRow(
        id=stored.pk,
        name=stored.name,
        wants=wants_from(stored.wants),
        target=target_from(stored.target),
        way=stored.way,
        cap=stored.cap,
        is_on=stored.is_on,
        is_last=stored.is_last,
        fallback=stored.fallback,
        falls_to_id=stored.falls_to_id,
    )


def wants_from(told: dict[str, Any]) -> Wants:
    """Read what a rule wants."""
    return Wants(
        values={name: frozenset(told[name]) for name in FACTORS if told.get(name)},
        least=told.get("least"),
        most=told.get("most"),
        weekdays=frozenset(told.get("weekdays", ())),
        since=told.get("since"),
        until=told.get("until"),
        in_hours=told.get("in_hours"),
    )


def wants_told(wants: Wants) -> dict[str, Any]:
    """Write what a rule wants, without what it does not name."""
    told: dict[str, Any] = {name: sorted(values) for name, values in wants.values.items()}
    told |= {
        "least": wants.least,
        "most": wants.most,
        "weekdays": sorted(wants.weekdays),
        "since": wants.since,
        "until": wants.until,
        "in_hours": wants.in_hours,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def target_from(told: dict[str, Any]) -> Target:
    """Read whom a rule allows."""
    return Target(
        person_ids=tuple(told.get("people", ())),
        team_id=told.get("team"),
        skill=told.get("skill", ""),
        level=told.get("level", 1),
    )


def target_told(target: Target) -> dict[str, Any]:
    """Write whom a rule allows."""
    told: dict[str, Any] = {"people": sorted(target.person_ids), "team": target.team_id}
    if target.skill:
        told |= {"skill": target.skill, "level": target.level}
    return {name: value for name, value in told.items() if value not in (None, [])}
