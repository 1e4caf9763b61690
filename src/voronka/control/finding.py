"""Which breaches stand at a moment: one query per rule, the time counted in working time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, QuerySet

from voronka.agenda.models import Step
from voronka.deals.models import Deal, Stage
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import Inquiry

OTHER_REASON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach: about what, whose, since when, with its evidence and the sum in play."""

    rule: str
    subject: str
    manager_id: int | None
    since: datetime
    evidence: dict[str, Any]
    amount_kopecks: int | None
    win_permille: int
    deal_id: int | None = None
    client_id: int | None = None
    inquiry_id: int | None = None
    step_id: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: when, by which calendar and norms, and at which cases (None: all)."""

    now: datetime
    calendar: WorkCalendar
    settings: dict[str, Any]
    deal_ids: frozenset[int] | None = None
    client_ids: frozenset[int] | None = None
    inquiry_ids: frozenset[int] | None = None


def breaches(look: Look) -> Iterator[Breach]:
    """Give every breach that stands; at most seven queries."""
    for find in _FINDERS:
        yield from find(look)


def _open_deals(look: Look) -> QuerySet[Deal]:
    rows = Deal.objects.live().filter(outcome="")
    return rows if look.deal_ids is None else rows.filter(pk__in=look.deal_ids)


def _no_step(look: Look) -> Iterator[Breach]:
    rows = _open_deals(look).filter(next_step_at=None).values_list(
        "pk", "client_id", "manager_id", "stage_since", "amount_kopecks", "stage__win_permille",
        "stage__name", "attempt_since",
    )  # fmt: skip
    found = list(rows)
    done = Step.objects.filter(deal_id__in=[row[0] for row in found], done_at__isnull=False)
    pairs = done.order_by("done_at").values_list("deal_id", "done_at") if found else []
    last = {deal_id: at for deal_id, at in pairs if at}
    for pk, client_id, manager_id, _, amount, chance, stage, opened in found:
        since = max(last.get(pk, opened), opened)
        yield Breach(
            rule="no_step",
            subject=f"deal:{pk}",
            manager_id=manager_id,
            since=since,
            evidence={"stage": stage, "last_done": _iso(last.get(pk)), "amount": amount},
            amount_kopecks=amount,
            win_permille=chance,
            deal_id=pk,
            client_id=client_id,
        )


def _stuck(look: Look) -> Iterator[Breach]:
    rows = _open_deals(look).filter(stage__norm_seconds__isnull=False).values_list(
        "pk", "client_id", "manager_id", "stage_since", "amount_kopecks", "stage__win_permille",
        "stage__name", "stage__norm_seconds",
    )  # fmt: skip
    for pk, client_id, manager_id, since, amount, chance, stage, norm in rows:
        waited = int(look.calendar.between(since, look.now).total_seconds())
        if norm is None or waited <= norm:
            continue
        yield Breach(
            rule="stuck",
            subject=f"deal:{pk}",
            manager_id=manager_id,
            since=look.calendar.add(since, timedelta(seconds=norm)),
            evidence={"stage": stage, "in_stage": waited, "norm": norm, "amount": amount},
            amount_kopecks=amount,
            win_permille=chance,
            deal_id=pk,
            client_id=client_id,
        )


def _overdue(look: Look) -> Iterator[Breach]:
    rows = Step.objects.filter(removed_at=None, due_at__lt=look.now).open()
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


def _unanswered(look: Look) -> Iterator[Breach]:
    rows = Inquiry.objects.waiting()
    if look.inquiry_ids is not None:
        rows = rows.filter(pk__in=look.inquiry_ids)
    found = list(
        rows.values_list(
            "pk", "number", "arrived_at", "manager_id", "client_id", "channel", "deal_id"
        )
    )
    norm = timedelta(minutes=look.settings["answer_norm_minutes"])
    amount, chance = _usual_sale() if found else (0, 0)
    for pk, number, arrived, manager_id, client_id, channel, deal_id in found:
        waited = look.calendar.between(arrived, look.now)
        if waited <= norm:
            continue
        yield Breach(
            rule="unanswered",
            subject=f"inquiry:{pk}",
            manager_id=manager_id,
            since=look.calendar.add(arrived, norm),
            evidence={
                "number": number,
                "channel": channel,
                "waited": int(waited.total_seconds()),
                "norm": int(norm.total_seconds()),
                "amount": amount,
            },
            amount_kopecks=amount,
            win_permille=chance,
            client_id=client_id,
            inquiry_id=pk,
            deal_id=deal_id,
        )


def _thin_card(look: Look) -> Iterator[Breach]:
    threshold = look.settings["completeness_threshold"]
    rows = Deal.objects.live().filter(outcome="", client__completeness__lt=threshold)
    if look.client_ids is not None:
        rows = rows.filter(client_id__in=look.client_ids)
    found = rows.order_by("amount_kopecks").values_list(
        "client_id", "pk", "client__manager_id", "attempt_since", "amount_kopecks",
        "stage__win_permille", "client__completeness",
    )  # fmt: skip
    dearest = {row[0]: row for row in found}
    for client_id, pk, manager_id, since, amount, chance, percent in dearest.values():
        yield Breach(
            rule="thin_card",
            subject=f"client:{client_id}",
            manager_id=manager_id,
            since=since,
            evidence={
                "percent": percent,
                "threshold": threshold,
                "amount": amount,
            },
            amount_kopecks=amount,
            win_permille=chance,
            deal_id=pk,
            client_id=client_id,
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


_FINDERS: tuple[Callable[[Look], Iterator[Breach]], ...] = (
    _no_step, _stuck, _overdue, _unanswered, _thin_card, _other_reason,
)  # fmt: skip


def _usual_sale() -> tuple[int, int]:
    """Give the mean won sum and the first stage's chance: what an inquiry usually brings."""
    mean = Deal.objects.live().filter(outcome="won").aggregate(x=Avg("amount_kopecks"))["x"]
    first = Stage.objects.filter(retired_at=None, funnel__is_active=True)
    stage = first.order_by("funnel__place", "funnel_id", "place").first()
    return int(mean or 0), stage.win_permille if stage else 0


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
