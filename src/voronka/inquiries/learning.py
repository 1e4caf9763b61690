"""Learning who wins what, how soon each answers and what sums each wins."""

from datetime import datetime, timedelta
from statistics import quantiles

from django.db.models import QuerySet

from voronka.deals.models import Deal
from voronka.inquiries.asking import amount_of, case_of
from voronka.inquiries.choosing import FACTORS, sold_products
from voronka.inquiries.models import Inquiry, Learned
from voronka.people.calendars import calendar_of_person
from voronka.routing.competence import Competence
from voronka.routing.memory import to_json

MONTHS, MONTHS_OF_ANSWERS = 24, 6
FEWEST_SUMS = 30
"""Fewer sums make no bands."""


def learn(*, now: datetime) -> int:
    """Learn anew from the inquiries whose deals ended in two years and from the answers of
    half a year, and keep it; gives how many deals ended. Three queries. An outcome counts for
    who has the deal; a sum is that of the deal, or what the inquiry named.
    """
    ended = list(_ended(now))
    known, sold = Competence(FACTORS), sold_products()
    known.edges = _edges([amount for one in ended if (amount := amount_of(one))])
    answers = _answers(now)
    for one, seconds in answers:
        known.waited(_case(one, known, sold), one.manager_id or 0, seconds)
    waited = {one.pk: (one.manager_id, seconds) for one, seconds in answers}
    for one in ended:
        if one.deal:
            _learn_one(known, one, one.deal, sold, waited.get(one.pk))
    Learned.objects.update_or_create(
        pk=1, defaults={"at": now, "outcomes": len(ended), "state": to_json(known)}
    )
    return len(ended)


def _ended(now: datetime) -> QuerySet[Inquiry]:
    since = now - timedelta(days=30 * MONTHS)
    rows = Inquiry.objects.live().filter(
        deal__outcome__in=("won", "lost"), deal__closed_at__gte=since, deal__removed_at=None
    )
    rows = rows.exclude(deal__manager_id=None).select_related("source", "deal")
    return rows.defer("raw", "text").order_by("deal__closed_at", "pk")


def _answers(now: datetime) -> list[tuple[Inquiry, float]]:
    """Give inquiries with the working seconds that who has them took to answer; who still
    waits has waited until now. An answer before the assignment was another one's.
    """
    since = now - timedelta(days=30 * MONTHS_OF_ANSWERS)
    rows = Inquiry.objects.live().filter(
        assigned_at__gte=since, manager__isnull=False, is_reply_known=True,
        state__in=("new", "targeted"),
    )  # fmt: skip
    found = []
    rows = rows.select_related("source", "deal").defer("raw", "text")
    for one in rows.order_by("assigned_at", "pk"):
        until = one.answered_at or now
        if one.assigned_at and one.manager_id and until >= one.assigned_at:
            calendar = calendar_of_person(one.manager_id)
            found.append((one, calendar.between(one.assigned_at, until).total_seconds()))
    return found


def _learn_one(
    known: Competence,
    one: Inquiry,
    deal: Deal,
    sold: dict[str, str],
    waited: tuple[int | None, float] | None,
) -> None:
    case, person_id = _case(one, known, sold), deal.manager_id or 0
    is_won = deal.outcome == "won"
    seconds = waited[1] if waited and waited[0] == person_id else None
    known.learn(case, person_id, is_won=is_won, waited=seconds)
    if is_won and deal.amount_kopecks:
        known.won_sum(case, person_id, deal.amount_kopecks)


def _case(one: Inquiry, known: Competence, sold: dict[str, str]) -> dict[str, str]:
    return case_of(one, sold) | {"band": known.band(amount_of(one))}


def _edges(sums: list[int]) -> tuple[int, ...]:
    """Give the kopecks between three bands as full as each other."""
    if len(sums) < FEWEST_SUMS:
        return ()
    return tuple(sorted({round(edge) for edge in quantiles(sums, n=3)}))
