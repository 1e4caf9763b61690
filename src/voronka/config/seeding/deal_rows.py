"""Deals from their plans: rows and product lines."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from voronka.config.seeding.axis import DAY
from voronka.config.seeding.world import DealPlan, Visit, World
from voronka.deals.models import Deal, DealLine
from voronka.foundation.bulk_rows import insert

COLUMNS = (
    "id", "number", "title", "client_id", "funnel_id", "stage_id", "stage_since", "manager_id",
    "amount_kopecks", "source_id", "created_at", "attempt", "attempt_since",
    "expected_close_on", "next_step_at", "outcome", "closed_at", "refusal_reason_id",
    "refusal_detail", "custom", "indicators", "version", "batch_id",
)  # fmt: skip
LINE_COLUMNS = (
    "deal_id", "product_id", "name", "price_kopecks", "quantity_milli", "discount_hundredths",
    "batch_id",
)  # fmt: skip


def write_deals(world: World) -> None:
    """Insert the deals and their lines; steps must be planned already."""
    insert(Deal, COLUMNS, (_row(world, deal) for deal in world.deals))
    insert(DealLine, LINE_COLUMNS, _line_rows(world.deals, world.batch_id))


def _row(world: World, deal: DealPlan) -> tuple[Any, ...]:
    axis, visit = world.axis, deal.visits[-1]
    ending = None if deal.is_open else deal.endings[-1]
    reason = (ending.better or ending.reason) if ending else None
    attempt_since = next(v.start for v in deal.visits if v.attempt == visit.attempt)
    hoped, custom = _hopes(world, deal, visit)
    return (
        deal.id, deal.number, deal.title, deal.card.id, deal.funnel.id,
        deal.funnel.stages[visit.place].id, axis.moment(visit.start), deal.seller.id,
        deal.amount, deal.source_id, axis.moment(deal.opened), visit.attempt,
        axis.moment(attempt_since), hoped,
        axis.moment(deal.next_step) if deal.next_step is not None else None,
        ending.outcome if ending else "", axis.moment(ending.end) if ending else None,
        reason.id if reason else None,
        ending.detail if ending and not ending.better else "",
        custom, deal.indicators or None, len(deal.visits) + len(deal.endings), world.batch_id,
    )  # fmt: skip


def _hopes(world: World, deal: DealPlan, visit: Visit) -> tuple[date | None, dict[str, Any]]:
    """Say when the seller hopes to close, and by when the client wants delivery."""
    if not deal.is_open or not visit.place:
        return None, {}
    left = sum(stage.norm for stage in deal.funnel.stages[visit.place :])
    hoped = world.axis.moment(world.axis.now + int(left * world.rng.uniform(0.4, 0.9))).date()
    if world.rng.random() < 0.6:
        return hoped, {}
    wanted = world.axis.moment(world.axis.now + left + int(world.rng.uniform(3, 30)) * DAY)
    return hoped, {world.catalogue.delivery_key: wanted.date().isoformat()}


def _line_rows(deals: Iterable[DealPlan], batch_id: int) -> Iterable[tuple[Any, ...]]:
    for deal in deals:
        for line in deal.lines:
            yield (deal.id, *line, batch_id)
