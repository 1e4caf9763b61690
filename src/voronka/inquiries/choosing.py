"""Who gets an inquiry that came in: its client's manager, else whom is likeliest to win it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count

from voronka.deals.queries import products
from voronka.foundation.recent import kept_for
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.queries import directory
from voronka.routing.choosing import Candidate, Decision, choose, even_shares, why_not
from voronka.routing.competence import Competence
from voronka.routing.memory import from_json

REMEMBERED = 200
"""Decisions whose prices are told anew: a price is forgotten sooner."""
FACTORS = ("source", "channel", "product")


def case_of(inquiry: Inquiry, sold: Mapping[str, str]) -> dict[str, str]:
    """Tell what an inquiry is to the router: its source, channel, and the product asked for.

    `sold`: products by their names in small letters; what is none of ours counts as nothing,
    so that nobody fills what is learned with words of a form.
    """
    source = inquiry.source.name if inquiry.source else ""
    product = sold.get(str(inquiry.marks.get("product", "")).strip().casefold(), "")
    return {"source": source, "channel": inquiry.channel, "product": product}


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
    case = case_of(inquiry, sold_products())
    candidates = _candidates(at, known["routing_cap"] or None)
    is_here = Person.objects.filter(pk=owner_id or 0, is_active=True).exists()
    if is_here and owner_id not in [one.person_id for one in candidates]:
        made = Decision(owner_id, "owner")
    else:
        made = choose(case, candidates, _competence(), owner_id=owner_id)
    _keep(inquiry, case, made, at)
    return made.person_id


def choose_next(inquiry: Inquiry, *, without: frozenset[int], at: datetime) -> int | None:
    """Choose who gets an inquiry that others have let pass, and keep why; None: nobody may.

    The next of the decision that stands, if still free; else decided anew. Its client's
    manager, having let it pass, is no reason any more. Without routing nobody is chosen.
    """
    known = settings.all_settings()
    if not known["routing_on"]:
        return None
    candidates = _candidates(at, known["routing_cap"] or None)
    free = {one.person_id for one in candidates if not why_not(one)} - without
    last = inquiry.routings.order_by("-pk").first()
    left = still_next(last.scored if last else [], without, free)
    if last and left:
        _keep_next(inquiry, last, left, without, at)
        _competence().took(left[0]["person"], even_shares(candidates))
        return int(left[0]["person"])
    case = case_of(inquiry, sold_products())
    others = [one for one in candidates if one.person_id not in without]
    made = choose(case, others, _competence())
    passed = tuple((pk, "passed") for pk in sorted(without))
    if made.person_id is not None:
        _keep(inquiry, case, replace(made, barred=passed + made.barred), at)
    return made.person_id


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
        barred=[[pk, "passed"] for pk in sorted(without)] + barred,
    )


def keep_chief(
    inquiry: Inquiry, *, how: str, to_id: int, without: frozenset[int], at: datetime
) -> None:
    """Keep that nobody accepted an inquiry in time and it went up. `how`: lead or head."""
    made = Decision(to_id, how, barred=tuple((pk, "passed") for pk in sorted(without)))
    _keep(inquiry, case_of(inquiry, sold_products()), made, at)


def _candidates(at: datetime, cap: int | None) -> list[Candidate]:
    calendar = settings.calendar(settings.all_settings())
    today = calendar.midnight(calendar.day_of(at))
    taken = dict(
        Inquiry.objects.live()
        .filter(assigned_at__gte=today)
        .values_list("manager_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        Candidate(one.id, is_active=one.is_active, taken=taken.get(one.id, 0), cap=cap)
        for one in directory()
        if one.role == "manager"
    ]


def _keep(inquiry: Inquiry, case: dict[str, str], made: Decision, at: datetime) -> None:
    Routing.objects.create(
        inquiry=inquiry,
        at=at,
        how=made.how,
        person_id=made.person_id,
        case_of=case,
        scored=[
            {
                "person": one.person_id, "score": one.score, "terms": one.terms,
                "chance": one.chance, "low": one.low, "high": one.high, "n": one.n,
            }
            for one in made.scored
        ],
        barred=[list(one) for one in made.barred],
    )  # fmt: skip


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
        known.took(pk or 0, even_shares(sellers))
    return known
