"""Learning who wins what, from how the deals of inquiries ended."""

from datetime import datetime, timedelta

from voronka.inquiries.asking import case_of
from voronka.inquiries.choosing import FACTORS, sold_products
from voronka.inquiries.models import Inquiry, Learned
from voronka.routing.competence import Competence
from voronka.routing.memory import to_json

MONTHS = 24


def learn(*, now: datetime) -> int:
    """Learn anew from the inquiries whose deals ended in two years, and keep it; gives how
    many. Two queries. An outcome counts for who has the deal.
    """
    since = now - timedelta(days=30 * MONTHS)
    rows = Inquiry.objects.live().filter(
        deal__outcome__in=("won", "lost"), deal__closed_at__gte=since, deal__removed_at=None
    )
    rows = rows.exclude(deal__manager_id=None).select_related("source", "deal")
    known, outcomes, sold = Competence(FACTORS), 0, sold_products()
    for row in rows.order_by("deal__closed_at", "pk").iterator(chunk_size=2000):
        deal = row.deal
        if deal is not None and deal.manager_id is not None:
            known.learn(case_of(row, sold), deal.manager_id, is_won=deal.outcome == "won")
            outcomes += 1
    Learned.objects.update_or_create(
        pk=1, defaults={"at": now, "outcomes": outcomes, "state": to_json(known)}
    )
    return outcomes
