"""Who gets an inquiry that came in: its client's manager, else as the rules say."""

from dataclasses import replace
from datetime import datetime

from voronka.deals.queries import products
from voronka.foundation.recent import kept_for
from voronka.inquiries.asking import asked_of
from voronka.inquiries.decisions import keep_decision
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.inquiries.rule_list import rule_list, rules_in_force
from voronka.inquiries.sellers import candidates, given_by_rules, last_in_turn
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.queries import directory
from voronka.routing.barring import Candidate
from voronka.routing.choosing import Decision, choose, even_shares
from voronka.routing.competence import Competence
from voronka.routing.memory import from_json
from voronka.routing.rules import Asked

REMEMBERED = 200
"""Decisions whose prices are told anew: a price is forgotten sooner."""
FACTORS = ("source", "channel", "product")
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
    asked = asked_of(inquiry, sold_products(), settings.calendar(known), at)
    made, people = decide(asked, at=at, owner_id=owner_id, known=_competence())
    person_id = made.person_id or fallback_person()
    keep_decision(inquiry, asked, made, people, at=at, person_id=person_id)
    return person_id


def dry_decision(
    asked: Asked, *, at: datetime, owner_id: int | None = None
) -> tuple[Decision, list[Candidate]]:
    """Say who would get such an inquiry and why, with those who were looked at; nothing is
    written, no price moves. What falls to nobody stays so here.
    """
    known = _competence()
    alike = replace(known, prices=dict(known.prices))
    return decide(asked, at=at, owner_id=owner_id, known=alike)


def decide(
    asked: Asked, *, at: datetime, owner_id: int | None, known: Competence
) -> tuple[Decision, list[Candidate]]:
    """Decide by the rules in force, with those who were looked at. One query, up to four more
    where a rule's own cap, a turn or open work counts.
    """
    taking = [one for one in rules_in_force() if one.takes(asked)]
    people = candidates(taking, at, owner_id=owner_id)
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


@kept_for(600)
def _competence() -> Competence:
    """What is known, read anew every ten minutes with the prices of the latest decisions."""
    row = Learned.objects.first()
    known = from_json(row.state) if row else Competence(FACTORS)
    sellers = [
        Candidate(one.id) for one in directory() if one.is_active and one.role == "manager"
    ]
    latest = Routing.objects.filter(how__in=("competence", "rule")).order_by("-pk")
    for pk in reversed(latest.values_list("person_id", flat=True)[:REMEMBERED]):
        known.took(pk or 0, even_shares(sellers))
    return known
