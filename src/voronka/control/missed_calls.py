"""Breaches around calls: nobody called back in time, nothing was said to come after a talk."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q

from voronka.calls.call_back_queries import holder
from voronka.calls.models import Call, CallBack
from voronka.calls.talk_queries import without_next
from voronka.control.looking import Breach, Look
from voronka.control.models import Slip
from voronka.control.usual_sales import usual_sale_of
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.calendars import calendar_of_person

TALKS_WITHIN = timedelta(days=3)
"""What comes after an older talk nobody remembers; calls of files are left out too."""


def call_breaches(look: Look) -> Iterator[Breach]:
    """Give the call-backs past due, and the talks without a next step; two queries."""
    yield from _not_called_back(look)
    yield from _without_next(look)


def closing_fact(slip: Slip) -> Fact | None:
    """Give the fact that ended such a slip: the talk, or the step that was set."""
    call_id = int(slip.subject.split(":")[1])
    if slip.rule == "missed_call":
        row = CallBack.objects.filter(first_call_id=call_id).first()
        told = Fact.objects.filter(case=f"call:{row.closed_by_id if row else 0}")
        talk = told.filter(kind__in=("call.talked", "call.ended")).order_by("-kind", "-pk")
        closed = Fact.objects.filter(case=slip.subject, kind="call_back.closed")
        return talk.first() or closed.order_by("-pk").first()
    about = Q(case=slip.subject)
    if slip.deal_id:
        about |= Q(deal_id=slip.deal_id)
    if slip.client_id:
        about |= Q(client_id=slip.client_id)
    if slip.inquiry_id:
        about |= Q(case=f"inquiry:{slip.inquiry_id}")
    ends = (
        "step.set", "call.summed_up", "deal.won", "deal.lost", "inquiry.classified",
    )  # fmt: skip
    facts = Fact.objects.filter(about, kind__in=ends, at__gte=slip.evidence["at"])
    return facts.order_by("-pk").first()


def _not_called_back(look: Look) -> Iterator[Breach]:
    rows = CallBack.objects.open().filter(due_at__lt=look.now).values_list(
        "first_call_id", "phone", "times", "first_missed_at", "due_at", "owner_id", "client_id",
        "deal_id", "inquiry_id", "inquiry__manager_id", "deal__amount_kopecks",
        "deal__stage__win_permille",
    )  # fmt: skip
    for row in rows:
        call_id, phone, times, missed_at, due_at, owner_id, client_id, deal_id, *more = row
        inquiry_id, by_inquiry, amount, chance = more
        if deal_id is None:
            amount, chance = usual_sale_of("call")
        yield Breach(
            rule="missed_call",
            subject=f"call:{call_id}",
            manager_id=holder(owner_id, client_id, deal_id, by_inquiry),
            since=due_at,
            evidence={
                "address": phone, "times": times, "at": missed_at.isoformat(),
                "is_sale": deal_id is None, "amount": amount,
            },
            amount_kopecks=amount,
            win_permille=chance or 0,
            deal_id=deal_id,
            client_id=client_id,
            inquiry_id=inquiry_id,
        )  # fmt: skip


def _without_next(look: Look) -> Iterator[Breach]:
    norm = timedelta(minutes=look.settings["outcome_minutes"])
    if not norm:
        return
    latest = Inquiry.objects.live().filter(phone=OuterRef("phone")).order_by("-arrived_at")
    # Working time is never longer than the clock's: what is younger need not be reckoned.
    until = look.now - norm
    rows = Call.objects.filter(
        started_at__gt=until - TALKS_WITHIN, started_at__lte=until, state="ended",
        removed_at=None, batch_id=None, talk_seconds__gte=look.settings["talk_seconds"],
    ).exclude(manager=None)  # fmt: skip
    found = without_next(rows).annotate(inquiry_id=latest.values("pk")[:1]).values(
        "pk", "phone", "direction", "started_at", "wait_seconds", "talk_seconds", "manager_id",
        "client_id", "deal_id", "inquiry_id", amount=F("deal__amount_kopecks"),
        chance=F("deal__stage__win_permille"),
    )  # fmt: skip
    # Of one client's talks the first is asked about: what comes next is one thing.
    asked: set[tuple[Any, ...]] = set()
    for row in found.order_by("started_at", "pk"):
        about = (row["deal_id"], row["client_id"] or row["phone"])
        if about in asked:
            continue
        asked.add(about)
        seconds = row["wait_seconds"] + row["talk_seconds"]
        over = row["started_at"] + timedelta(seconds=seconds)
        since = calendar_of_person(row["manager_id"]).add(over, norm)
        if since <= look.now:
            yield _no_outcome(dict(row), since)


def _no_outcome(row: dict[str, Any], since: datetime) -> Breach:
    amount, chance = row["amount"], row["chance"]
    if row["deal_id"] is None:
        amount, chance = usual_sale_of("call")
    return Breach(
        rule="no_outcome",
        subject=f"call:{row['pk']}",
        manager_id=row["manager_id"],
        since=since,
        evidence={
            "address": row["phone"], "at": row["started_at"].isoformat(),
            "direction": row["direction"], "talk": row["talk_seconds"],
            "is_sale": row["deal_id"] is None, "amount": amount,
        },
        amount_kopecks=amount,
        win_permille=chance or 0,
        deal_id=row["deal_id"],
        client_id=row["client_id"],
        inquiry_id=None if row["deal_id"] else row["inquiry_id"],
    )  # fmt: skip
