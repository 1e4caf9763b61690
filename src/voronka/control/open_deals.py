"""What open deals lack, in one pass: a next step, a move in time, the client's filled card."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from voronka.agenda.models import Step
from voronka.control.looking import Breach, Look
from voronka.deals.models import Deal

COLUMNS = (
    "pk", "client_id", "manager_id", "stage_since", "amount_kopecks", "stage__win_permille",
    "stage__name", "stage__norm_seconds", "attempt_since", "next_step_at",
    "client__completeness", "client__manager_id",
)  # fmt: skip


class OpenDeal(NamedTuple):
    """What the rules read of an open deal."""

    id: int
    client_id: int
    manager_id: int | None
    since: datetime
    amount: int | None
    chance: int
    stage: str
    norm: int | None
    opened: datetime
    next_step_at: datetime | None
    completeness: int
    client_manager_id: int | None


def open_deals(look: Look) -> list[OpenDeal]:
    """Read the open deals looked at, and those of the clients looked at; one query."""
    rows = Deal.objects.live().filter(outcome="")
    if look.deal_ids is not None:
        clients = look.client_ids or frozenset()
        rows = rows.filter(Q(pk__in=look.deal_ids) | Q(client_id__in=clients))
    return [OpenDeal(*row) for row in rows.values_list(*COLUMNS)]


def open_deal_breaches(look: Look, deals: list[OpenDeal]) -> Iterator[Breach]:
    """Give what open deals lack; one query for those without a next step."""
    watched = [one for one in deals if look.deal_ids is None or one.id in look.deal_ids]
    yield from _without_step([one for one in watched if one.next_step_at is None])
    for deal in watched:
        yield from _stuck(deal, look)
    yield from _thin_cards(deals, look)


def _without_step(deals: list[OpenDeal]) -> Iterator[Breach]:
    done = Step.objects.filter(deal_id__in=[deal.id for deal in deals], done_at__isnull=False)
    pairs = done.order_by("done_at").values_list("deal_id", "done_at") if deals else []
    last = {deal_id: at for deal_id, at in pairs if at}
    for deal in deals:
        at = last.get(deal.id)
        told = {"stage": deal.stage, "last_done": at.isoformat() if at else None}
        yield _breach("no_step", deal, max(at or deal.opened, deal.opened), told)


def _stuck(deal: OpenDeal, look: Look) -> Iterator[Breach]:
    if deal.norm is None:
        return
    waited = int(look.calendar.between(deal.since, look.now).total_seconds())
    if waited > deal.norm:
        since = look.calendar.add(deal.since, timedelta(seconds=deal.norm))
        told = {"stage": deal.stage, "in_stage": waited, "norm": deal.norm}
        yield _breach("stuck", deal, since, told)


def _thin_cards(deals: list[OpenDeal], look: Look) -> Iterator[Breach]:
    """A card is told of once, with the dearest open deal of its client."""
    threshold = look.settings["completeness_threshold"]
    thin = [
        deal
        for deal in deals
        if deal.completeness < threshold
        and (look.client_ids is None or deal.client_id in look.client_ids)
    ]
    thin.sort(key=lambda deal: (deal.amount or -1, -deal.id))
    dearest = {deal.client_id: deal for deal in thin}
    for deal in dearest.values():
        told = {"percent": deal.completeness, "threshold": threshold}
        yield _breach("thin_card", deal, deal.opened, told)


def _breach(rule: str, deal: OpenDeal, since: datetime, told: dict[str, Any]) -> Breach:
    is_card = rule == "thin_card"
    return Breach(
        rule=rule,
        subject=f"client:{deal.client_id}" if is_card else f"deal:{deal.id}",
        manager_id=deal.client_manager_id if is_card else deal.manager_id,
        since=since,
        evidence=told | {"amount": deal.amount},
        amount_kopecks=deal.amount,
        win_permille=deal.chance,
        deal_id=deal.id,
        client_id=deal.client_id,
    )
