"""Which breaches stand at a moment: few queries, the time counted in working time."""

from collections.abc import Iterator
from datetime import timedelta

from voronka.agenda.models import Step
from voronka.control.looking import Breach, Look
from voronka.control.missed_calls import call_breaches
from voronka.control.open_deals import open_deal_breaches, open_deals
from voronka.control.open_inquiries import inquiry_breaches
from voronka.control.strangers import unregistered
from voronka.deals.models import Deal

OTHER_REASON_DAYS = 30


def breaches(look: Look) -> Iterator[Breach]:
    """Give every breach that stands; at most eleven queries."""
    deals = open_deals(look)
    yield from open_deal_breaches(look, deals)
    yield from _overdue(look)
    if look.inquiry_ids is None or look.inquiry_ids:
        yield from inquiry_breaches(look)
    if look.with_calls:
        yield from call_breaches(look)
    if look.with_strangers:
        yield from unregistered(look)
    # A look at open deals alone need not ask after refusals.
    if look.deal_ids is None or look.deal_ids - {deal.id for deal in deals}:
        yield from _other_reason(look)


def _overdue(look: Look) -> Iterator[Breach]:
    # What a missed call has put on a desk has a slip of its own.
    rows = Step.objects.filter(removed_at=None, due_at__lt=look.now, call_backs=None).open()
    if look.deal_ids is not None:
        rows = rows.filter(deal_id__in=look.deal_ids)
    found = rows.exclude(deal__outcome__in=["won", "lost"]).values_list(
        "pk", "deal_id", "client_id", "person_id", "due_at", "kind", "title", "moved_count",
        "deal__amount_kopecks", "deal__stage__win_permille",
    )  # fmt: skip
    for pk, deal_id, client_id, person, due, kind, title, moved, amount, chance in found:
        yield Breach(
            rule="overdue",
            subject=f"step:{pk}",
            manager_id=person,
            since=due,
            evidence={"kind": kind, "title": title, "moved": moved, "amount": amount},
            amount_kopecks=amount,
            win_permille=chance or 0,
            deal_id=deal_id,
            client_id=client_id,
            step_id=pk,
        )


def _other_reason(look: Look) -> Iterator[Breach]:
    since = look.now - timedelta(days=OTHER_REASON_DAYS)
    rows = Deal.objects.live().filter(
        outcome="lost", closed_at__gte=since, refusal_reason__is_other=True
    )
    if look.deal_ids is not None:
        rows = rows.filter(pk__in=look.deal_ids)
    found = rows.values_list(
        "pk", "client_id", "manager_id", "closed_at", "amount_kopecks", "stage__win_permille",
        "refusal_reason__name", "refusal_detail",
    )  # fmt: skip
    for pk, client_id, manager_id, closed, amount, chance, reason, detail in found:
        yield Breach(
            rule="other_reason",
            subject=f"deal:{pk}",
            manager_id=manager_id,
            since=closed or look.now,
            evidence={"reason": reason, "detail": detail, "amount": amount},
            amount_kopecks=amount,
            win_permille=chance,
            deal_id=pk,
            client_id=client_id,
        )
