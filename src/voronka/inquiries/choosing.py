"""Who gets an inquiry that came in: its client's manager, else whom is likeliest to win it."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from voronka.deals.queries import products
from voronka.foundation.recent import kept_for
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.people import settings
from voronka.people.models import Person
from voronka.people.queries import directory
from voronka.routing.choosing import Candidate, Decision, choose, fair_shares
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
        made = choose(
            case, candidates, _competence(), owner_id=owner_id, a_day=_usual_day(candidates)
        )
    _keep(inquiry, case, made, at)
    return made.person_id


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


def _usual_day(candidates: list[Candidate]) -> float:
    # How many a day come tells what a cap is worth; without caps nobody needs to know.
    return _lately() if any(one.cap for one in candidates) else 0.0


@kept_for(600)
def _lately() -> float:
    """Give how many inquiries were given a manager on a day, the mean of the latest ones."""
    latest = Routing.objects.filter(how__in=("competence", "rule")).order_by("-pk")
    moments = list(latest.values_list("at", flat=True)[:REMEMBERED])
    if not moments:
        return 0.0
    calendar = settings.calendar(settings.all_settings())
    days = [calendar.day_of(at) for at in moments]
    return len(days) / len(set(days))


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
    latest = Routing.objects.filter(how__in=("competence", "rule")).order_by("-pk")
    for pk in reversed(latest.values_list("person_id", flat=True)[:REMEMBERED]):
        known.took(pk or 0, fair_shares(sellers))
    return known
