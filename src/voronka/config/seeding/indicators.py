"""Figures of stages: what the sellers recorded on their way, in time, late or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from voronka.config.seeding.axis import DAY, moment_of
from voronka.config.seeding.deals import about_visit
from voronka.config.seeding.indicator_plans import (
    ANSWERS,
    DEMANDED_DAYS,
    DEMANDS,
    INDICATORS,
    WHY_PASSED,
    IndicatorPlan,
)
from voronka.config.seeding.world import DealPlan, Visit, World
from voronka.deals.models import Demand, Stage
from voronka.deals.recorded_figures import kept
from voronka.journal.kinds import DemandPassed, IndicatorRecorded

RECORDED, LATE, ON_A_LOSS, SO_FAR = 0.84, 0.45, 0.55, 0.5
"""Shares: recorded before leaving, later of those forgotten, before a refusal, while there."""


def put_demands(world: World) -> dict[int, Demand]:
    """Insert the soft demands of the main funnel; give them by stage id."""
    since = moment_of(world.axis.epoch(world.axis.now)).date() - timedelta(days=DEMANDED_DAYS)
    ids = {stage.name: stage.id for stage in world.catalogue.funnels[0].stages}
    rows = [
        Demand(
            stage_id=ids[name],
            kind=kind,
            what=str(ids[name]) if kind == "indicator" else "",
            least=least,
            level="warn",
            since=since,
        )
        for name, kind, least in DEMANDS
    ]
    return {row.stage_id: row for row in Demand.objects.bulk_create(rows)}


def tell_indicators(world: World, demands: dict[int, Demand]) -> None:
    """Record figures on the deals and in the ledger.

    A random source of its own: the rest of the year stays as it was without figures.
    """
    rng = Random(len(world.deals))
    for deal in world.deals:
        for visit, following in _pairs(deal):
            _tell(rng, world, deal, visit, following, demands)


def _pairs(deal: DealPlan) -> Iterator[tuple[Visit, Visit | None]]:
    for n, visit in enumerate(deal.visits):
        after = deal.visits[n + 1] if n + 1 < len(deal.visits) else None
        yield visit, after if after and after.attempt == visit.attempt else None


def _tell(
    rng: Random,
    world: World,
    deal: DealPlan,
    visit: Visit,
    following: Visit | None,
    demands: dict[int, Demand],
) -> None:
    is_lost = following is None and _outcome(deal, visit) == "lost"
    is_here = following is None and not _outcome(deal, visit)
    share = ON_A_LOSS if is_lost else SO_FAR if is_here else RECORDED
    if rng.random() < share:
        at = visit.start + int((visit.end - visit.start) * rng.uniform(0.3, 0.95))
        _record(rng, world, deal, visit, visit.place, at)
        return
    if following is None:
        return
    demand = demands.get(deal.funnel.stages[visit.place].id)
    if demand and demand.kind == "indicator" and visit.end > _since(world):
        _pass(rng, world, deal, visit, demand)
    if rng.random() < LATE:
        at = visit.end + int((following.end - visit.end) * rng.uniform(0.1, 0.9))
        _record(rng, world, deal, following, visit.place, at)


def _record(
    rng: Random, world: World, deal: DealPlan, standing: Visit, place: int, at: int
) -> None:
    stage = deal.funnel.stages[place]
    plan, is_late = INDICATORS[stage.name], standing.place != place
    value = _value(rng, world, deal, stage.name, plan)
    moment = world.axis.epoch(at)
    body = IndicatorRecorded(
        attempt=standing.attempt,
        stage_id=stage.id,
        stage=stage.name,
        name=plan.name,
        value_kind=plan.kind,
        unit=plan.unit,
        value=value,
        is_late=is_late,
    )
    row = Stage(indicator_name=plan.name, indicator_kind=plan.kind, indicator_unit=plan.unit)
    deal.indicators[str(stage.id)] = kept(
        row, value, attempt=standing.attempt, is_late=is_late, at=moment_of(moment)
    )
    about = about_visit(deal, standing.place)
    world.ledger.add(moment, body, about, deal.seller.id)


def _pass(rng: Random, world: World, deal: DealPlan, visit: Visit, demand: Demand) -> None:
    body = DemandPassed(
        attempt=visit.attempt,
        stage_id=demand.stage_id,
        stage=deal.funnel.stages[visit.place].name,
        demand_id=demand.pk,
        demand_kind=demand.kind,
        what=demand.what,
        least=demand.least,
        reason=rng.choice(WHY_PASSED),
    )
    about = about_visit(deal, visit.place)
    world.ledger.add(world.axis.epoch(visit.end), body, about, deal.seller.id)


def _value(rng: Random, world: World, deal: DealPlan, stage: str, plan: IndicatorPlan) -> Any:
    amount, is_won = deal.amount or 0, any(one.outcome == "won" for one in deal.endings)
    if plan.kind == "flag":
        return rng.random() < (0.98 if len(deal.visits) > 1 else 0.6)
    if plan.kind == "choice":
        weights = (60, 22, 14, 4) if is_won else (18, 34, 28, 20)
        return rng.choices(ANSWERS, weights=weights)[0]
    if plan.kind == "date":
        last = deal.visits[-1].end + int(rng.uniform(1, 12) * DAY)
        return world.axis.moment(last).date().isoformat()
    if plan.kind == "money":
        wanted = {"Квалификация": rng.uniform(0.7, 1.2), "Предложение": 1 / 12}.get(stage, 1.0)
        return round(amount * wanted / 500_000) * 500_000 if wanted != 1.0 else amount
    return max(1, round(amount / 40_000_000 * rng.uniform(0.6, 1.6)))


def _outcome(deal: DealPlan, visit: Visit) -> str:
    return next((one.outcome for one in deal.endings if one.attempt == visit.attempt), "")


def _since(world: World) -> int:
    day = world.axis.moment(world.axis.now) - timedelta(days=DEMANDED_DAYS)
    return world.axis.position(day)
