"""Who gets an inquiry that came in: its client's manager, else as the rules say."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from voronka.deals.queries import products
from voronka.foundation.recent import kept_for
from voronka.inquiries.asking import asked_of
from voronka.inquiries.decisions import keep_decision
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.inquiries.rule_list import rule_list, rules_in_force
from voronka.inquiries.sellers import candidates, given_by_rules, got_a_day, last_in_turn
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.queries import directory
from voronka.routing.barring import Candidate, barred_now
from voronka.routing.choosing import Decision, choose, fair_shares
from voronka.routing.competence import Competence
from voronka.routing.memory import from_json
from voronka.routing.rules import Asked

REMEMBERED = 200
"""Decisions whose prices are told anew: a price is forgotten sooner."""
FACTORS = ("source", "channel", "product", "band")
"""What is learned from, of all that a rule may ask."""


def sold_products() -> dict[str, str]:
    """Give the products in use by their names in small letters; one query."""
    return {name.casefold(): name for _pk, name, _price in products()}


def choose_manager(inquiry: Inquiry, *, at: datetime) -> int | None:
    """Choose who gets a new inquiry, and keep why; None: nobody, it stands open to all.

    Without routing only its client's manager is asked, if still with the firm.
    """
    known = settings.all_settings()
    owner_id = inquiry.client.manager_id if inquiry.client else None
    if not known["routing_on"]:
        here = Person.objects.filter(pk=owner_id or 0, is_active=True)
        return here.values_list("pk", flat=True).first()
    asked = _asked(inquiry, at)
    made, people = decide(asked, at=at, owner_id=owner_id, known=_competence())
    person_id = made.person_id or fallback_person()
    keep_decision(inquiry, asked, made, people, at=at, person_id=person_id)
    return person_id


def choose_next(inquiry: Inquiry, *, without: frozenset[int], at: datetime) -> int | None:
    """Choose who gets an inquiry that others have let pass, and keep why; None: nobody may.

    The next of the decision that stands, if still free; else decided anew by the rules. Its
    client's manager, having let it pass, is no reason any more. Without routing nobody is
    chosen.
    """
    known = settings.all_settings()
    if not known["routing_on"]:
        return None
    asked = _asked(inquiry, at)
    people = _others(asked, without, at)
    barred = barred_now(people)
    free = {
        one.person_id for one in people if one.person_id not in barred and one.starts_at is None
    }
    last = inquiry.routings.order_by("-pk").first()
    left = still_next(last.scored if last else [], without, free)
    if last and left:
        _keep_next(inquiry, last, left, without, at)
        _competence().took(left[0]["person"], fair_shares(people, _usual_day(people)))
        return int(left[0]["person"])
    made, people = decide(asked, at=at, owner_id=None, known=_competence(), without=without)
    if made.person_id is not None:
        passed = tuple((pk, "passed") for pk in sorted(without))
        made = replace(made, barred=passed + made.barred)
        keep_decision(inquiry, asked, made, people, at=at, person_id=made.person_id)
    return made.person_id


def _others(asked: Asked, without: frozenset[int], at: datetime) -> list[Candidate]:
    taking = [one for one in rules_in_force() if one.takes(asked)]
    return [one for one in candidates(taking, at) if one.person_id not in without]


def still_next(
    scored: list[Any], without: frozenset[int], free: set[int]
) -> list[dict[str, Any]]:
    """Give the free ones of a decision, in its order, who have not let it pass."""
    return [one for one in scored if one["person"] in free and one["person"] not in without]


def _keep_next(
    inquiry: Inquiry, last: Routing, left: list[Any], without: frozenset[int], at: datetime
) -> None:
    barred = [one for one in last.barred if one[0] not in without and one[1] != "passed"]
    Routing.objects.create(
        inquiry=inquiry,
        at=at,
        how="next",
        person_id=left[0]["person"],
        case_of=last.case_of,
        scored=left,
        barred=[[pk, "passed", ""] for pk in sorted(without)] + barred,
        rule_id=last.rule_id,
        rule=last.rule,
        version=last.version,
        way=last.way,
        passed=last.passed,
    )


def keep_chief(
    inquiry: Inquiry, *, how: str, to_id: int, without: frozenset[int], at: datetime
) -> None:
    """Keep that nobody accepted an inquiry in time and it went up. `how`: lead or head."""
    made = Decision(to_id, how, barred=tuple((pk, "passed") for pk in sorted(without)))
    asked = _asked(inquiry, at)
    keep_decision(inquiry, asked, made, [], at=at, person_id=to_id)


def dry_decision(
    asked: Asked, *, at: datetime, owner_id: int | None = None
) -> tuple[Decision, list[Candidate]]:
    """Say who would get such an inquiry and why, with those who were looked at; nothing is
    written, no price moves. What falls to nobody stays so here.
    """
    known = _competence()
    alike = replace(known, prices=dict(known.prices))
    return decide(_banded(asked), at=at, owner_id=owner_id, known=alike)


def decide(
    asked: Asked,
    *,
    at: datetime,
    owner_id: int | None,
    known: Competence,
    without: frozenset[int] = frozenset(),
) -> tuple[Decision, list[Candidate]]:
    """Decide by the rules in force, with those who were looked at; `without`: those who have
    let it pass. One query, up to four more where a rule's own cap, a turn or open work counts.
    """
    taking = [one for one in rules_in_force() if one.takes(asked)]
    people = candidates(taking, at, owner_id=owner_id)
    people = [one for one in people if one.person_id not in without]
    in_turn = any(one.way != "competence" for one in taking)
    made = choose(
        asked.case,
        people,
        known,
        owner_id=owner_id,
        rules=taking,
        asked=asked,
        given=given_by_rules(taking, at),
        last_id=last_in_turn() if in_turn else 0,
        a_day=_usual_day(people),
    )
    return made, people


def fallback_person() -> int | None:
    """Give who gets what nobody may take, as the last rule says; None: it stands open."""
    last = rule_list().last
    if last.fallback == "open":
        return None
    named = [one.id for one in directory() if one.is_active and one.id == last.falls_to_id]
    heads = [one.id for one in directory() if one.is_active and one.role == "head"]
    return next(iter(named or heads), None)


def _asked(inquiry: Inquiry, at: datetime) -> Asked:
    calendar = settings.calendar(settings.all_settings())
    return _banded(asked_of(inquiry, sold_products(), calendar, at))


def _banded(asked: Asked) -> Asked:
    """Add the band of the sum, by which people are told apart; "" when no sum is known."""
    band = _competence().band(asked.amount_kopecks)
    return replace(asked, case={**asked.case, "band": band})


def _usual_day(people: list[Candidate]) -> float:
    # How many a day come tells what a cap is worth; without caps nobody needs to know.
    if not any(one.cap for one in people):
        return 0.0
    lately = got_a_day()
    return sum(lately.get(one.person_id, 0.0) for one in people)


@kept_for(600)
def _competence() -> Competence:
    """What is known, read anew every ten minutes with the prices of the latest decisions."""
    row = Learned.objects.first()
    known = from_json(row.state) if row else Competence(FACTORS)
    sellers = [
        Candidate(one.id) for one in directory() if one.is_active and one.role == "manager"
    ]
    latest = Routing.objects.filter(how__in=("competence", "rule", "next")).order_by("-pk")
    for pk in reversed(latest.values_list("person_id", flat=True)[:REMEMBERED]):
        known.took(pk or 0, fair_shares(sellers))
    return known
