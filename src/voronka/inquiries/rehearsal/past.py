"""What happened, as a rehearsal replays it: inquiries, outcomes, what changed for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Window

from voronka.deals.models import Deal
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.asking import asked_of, case_of
from voronka.inquiries.choosing import FACTORS, sold_products
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.routing.expecting import Outcome
from voronka.routing.rules import Asked

MOST = 5000
MOST_OUTCOMES = 10_000
LEARNED_DAYS = 720
"""As far back as the router itself learns."""
NEVER_GIVEN = ("spam", "duplicate")


@dataclass(frozen=True, slots=True)
class PastInquiry:
    """An inquiry that came. `person_id`: who had it in the end, 0 for nobody; `owner_id`: whose
    client it was at that moment; `waits_until`: when somebody answered, None: nobody did;
    `deal_id`: the deal that it became, of several the first one, `outcome`: how that ended.
    """

    id: int
    number: int
    at: datetime
    asked: Asked
    person_id: int
    client_id: int | None
    owner_id: int | None
    is_new_client: bool
    waits_until: datetime | None
    deal_id: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An outcome and when it became known."""

    at: datetime
    outcome: Outcome
    deal_id: int


@dataclass(frozen=True, slots=True)
class Work:
    """An open deal: whose, from when to when."""

    deal_id: int
    person_id: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What the journal says of people's time: hours and limits as they were before a moment,
    pauses set and taken off, clients handed over; each the oldest first.
    """

    duties: Mapping[int, list[tuple[datetime, dict[str, Any]]]]
    pauses: Mapping[int, list[tuple[datetime, bool]]]
    owners: Mapping[int, list[tuple[datetime, int | None]]]


@dataclass(frozen=True, slots=True)
class Past:
    """All that a rehearsal needs. `left_out`: older inquiries of the period beyond MOST."""

    since: datetime
    until: datetime
    inquiries: list[PastInquiry]
    left_out: int
    ended: list[Ended]
    work: list[Work]
    changes: Changes
    calendar: WorkCalendar
    factors: tuple[str, ...] = field(default=FACTORS)


def read_past(*, since: datetime, until: datetime) -> Past:
    """Read what came in [since, until), the latest MOST of it; five queries."""
    calendar = settings.calendar(settings.all_settings())
    rows = Inquiry.objects.live().exclude(state__in=NEVER_GIVEN)
    rows = rows.filter(arrived_at__gte=since, arrived_at__lt=until)
    latest = list(
        rows.select_related("source", "client", "deal")
        .defer("raw", "client__custom", "deal__custom", "deal__note")
        .annotate(whole=Window(Count("pk")))
        .order_by("-arrived_at", "-pk")[:MOST]
    )[::-1]
    left_out = vars(latest[0])["whole"] - len(latest) if latest else 0
    since = latest[0].arrived_at if left_out else since
    changes, sold = _changes(since), sold_products()
    deals: set[int] = set()
    return Past(
        since,
        until,
        [_past(one, changes, sold, calendar, deals) for one in latest],
        left_out,
        _ended(since, until, sold),
        _work(since),
        changes,
        calendar,
    )


def _past(
    row: Inquiry,
    changes: Changes,
    sold: Mapping[str, str],
    calendar: WorkCalendar,
    deals: set[int],
) -> PastInquiry:
    client, deal, at = row.client, row.deal, row.arrived_at
    # A card that came of this very inquiry had no manager yet.
    is_new = client is not None and client.created_at >= at
    owner_id = None
    if client is not None and not is_new:
        later = (was for when, was in changes.owners.get(client.pk, ()) if when > at)
        owner_id = next(later, client.manager_id)
    became = None
    if deal is not None and deal.created_at >= at:
        # Nobody knew yet what it would become, nor for how much.
        row.deal = None
        became = None if deal.pk in deals else deal
        deals.add(deal.pk)
    return PastInquiry(
        row.pk,
        row.number,
        at,
        asked_of(row, sold, calendar, at),
        (deal.manager_id if deal else None) or row.manager_id or 0,
        client.pk if client else None,
        owner_id,
        is_new,
        _waits_until(row),
        became.pk if became else None,
        became.outcome if became else "",
    )


def _waits_until(row: Inquiry) -> datetime | None:
    if row.answered_at is not None or not row.is_reply_known:
        return row.answered_at or row.arrived_at
    return None if row.state in ("new", "targeted") else row.state_at


def _ended(since: datetime, until: datetime, sold: Mapping[str, str]) -> list[Ended]:
    rows = Inquiry.objects.live().filter(
        deal__outcome__in=("won", "lost"),
        deal__closed_at__gte=since - timedelta(days=LEARNED_DAYS),
        deal__closed_at__lt=until,
        deal__removed_at=None,
        deal__manager_id__isnull=False,
    )
    rows = rows.select_related("source", "deal").only(
        "channel", "marks", "source__name", "deal__outcome", "deal__closed_at",
        "deal__manager_id",
    )  # fmt: skip
    found = []
    for row in rows.order_by("-deal__closed_at", "-pk")[:MOST_OUTCOMES]:
        deal = row.deal
        if deal is not None and deal.manager_id is not None and deal.closed_at is not None:
            is_won = deal.outcome == "won"
            outcome = Outcome(deal.manager_id, case_of(row, sold), is_won)
            found.append(Ended(deal.closed_at, outcome, deal.pk))
    return found[::-1]


def _work(since: datetime) -> list[Work]:
    rows = Deal.objects.live().filter(Q(closed_at=None) | Q(closed_at__gte=since))
    rows = rows.exclude(manager_id=None)
    found = rows.values_list("pk", "manager_id", "created_at", "closed_at")
    return [Work(*one) for one in found if one[1] is not None]


def _changes(since: datetime) -> Changes:
    duties: dict[int, list[tuple[datetime, dict[str, Any]]]] = {}
    pauses: dict[int, list[tuple[datetime, bool]]] = {}
    owners: dict[int, list[tuple[datetime, int | None]]] = {}
    kinds = ("person.duty_changed", "person.pause_set", "client.handed_over")
    facts = Fact.objects.counted().filter(kind__in=kinds, at__gte=since)
    rows = facts.order_by("at", "pk").values_list("kind", "at", "owner_id", "client_id", "body")
    for kind, at, person_id, client_id, body in rows:
        if kind == "client.handed_over" and client_id:
            owners.setdefault(client_id, []).append((at, body["from_id"]))
        elif kind == "person.duty_changed" and person_id:
            duties.setdefault(person_id, []).append((at, body["before"]))
        elif kind == "person.pause_set" and person_id:
            pauses.setdefault(person_id, []).append((at, body["is_paused"]))
    return Changes(duties, pauses, owners)
