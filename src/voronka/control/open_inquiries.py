"""Breaches of inquiries: nobody answered, or nobody said what it is, within the norm."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from voronka.control.looking import Breach, Look
from voronka.control.usual_sales import usual_sale
from voronka.inquiries.models import Inquiry, InquiryQuerySet

CLASSIFIED_WITHIN_DAYS = 30
"""Older ones nobody remembers: whoever loads a past is not asked to tell it apart."""


def inquiry_breaches(look: Look) -> Iterator[Breach]:
    """Give the inquiries that wait beyond the norm, and those answered and not classified.

    An inquiry breaks one rule at a time. At most two queries.
    """
    unanswered = Inquiry.objects.waiting()
    yield from _beyond(look, "unanswered", "answer_norm_minutes", unanswered)
    recent = look.now - timedelta(days=CLASSIFIED_WITHIN_DAYS)
    unclassified = Inquiry.objects.live().filter(
        state="new", answered_at__isnull=False, arrived_at__gte=recent
    )
    yield from _beyond(look, "unclassified", "classify_norm_minutes", unclassified)


def _beyond(look: Look, rule: str, norm_name: str, rows: InquiryQuerySet) -> Iterator[Breach]:
    """Give those whose working time since arrival is longer than a norm of the settings."""
    norm = timedelta(minutes=look.settings[norm_name])
    # Working time is never longer than the clock's: what is younger need not be reckoned.
    rows = rows.filter(arrived_at__lt=look.now - norm)
    if look.inquiry_ids is not None:
        rows = rows.filter(pk__in=look.inquiry_ids)
    found = rows.values_list(
        "pk", "number", "arrived_at", "manager_id", "client_id", "channel", "deal_id"
    )
    late = [row for row in found if look.calendar.between(row[2], look.now) > norm]
    sale = usual_sale() if late else (0, 0)
    yield from (_breach(look, rule, norm, row, sale) for row in late)


def _breach(
    look: Look, rule: str, norm: timedelta, row: tuple[Any, ...], sale: tuple[int, int]
) -> Breach:
    pk, number, arrived, manager_id, client_id, channel, deal_id = row
    amount, chance = sale
    return Breach(
        rule=rule,
        subject=f"inquiry:{pk}",
        manager_id=manager_id,
        since=look.calendar.add(arrived, norm),
        evidence={
            "number": number,
            "channel": channel,
            "waited": int(look.calendar.between(arrived, look.now).total_seconds()),
            "norm": int(norm.total_seconds()),
            "amount": amount,
        },
        amount_kopecks=amount,
        win_permille=chance,
        client_id=client_id,
        inquiry_id=pk,
        deal_id=deal_id,
    )
