"""Deals from their plans: the facts that the actions would have recorded."""

from typing import Any

from django.db.models import Max

from voronka.config.seeding.catalogue import OTHER
from voronka.config.seeding.ledger import Entry
from voronka.config.seeding.world import DealPlan, Ending, Past, Visit, World
from voronka.deals.models import Deal
from voronka.journal.actions import About
from voronka.journal.kinds import (
    DealLost,
    DealOpened,
    DealReopened,
    DealWon,
    RefusalClarified,
    StageEntered,
)


def number_deals(world: World) -> None:
    """Give ids and numbers to the planned deals, in the order of their opening."""
    number = Deal.objects.aggregate(top=Max("number"))["top"] or 1000
    for deal in world.deals:
        number += 1
        deal.id, deal.number = world.ids.next(Deal), number


def about_visit(deal: DealPlan, place: int) -> About:
    """Name a deal and its dimensions as they are on a stage."""
    return About(
        case=f"deal:{deal.id}",
        client_id=deal.card.id,
        deal_id=deal.id,
        funnel_id=deal.funnel.id,
        stage_id=deal.funnel.stages[place].id,
        source_id=deal.source_id,
        owner_id=deal.seller.id,
        team_id=deal.seller.team_id,
    )


def tell_deals(world: World) -> None:
    """Write the course of every deal into the ledger."""
    for deal in world.deals:
        endings = {ending.attempt: ending for ending in deal.endings}
        visits = deal.visits
        for n, visit in enumerate(visits):
            before = visits[n - 1] if n and visits[n - 1].attempt == visit.attempt else None
            if before is None and visit.attempt > 1:
                _tell_reopening(world, deal, visit)
            entry = _tell_visit(world, deal, visit, before)
            if before is not None:
                _note_stuck(world, deal, before, entry)
            is_last = n + 1 == len(visits) or visits[n + 1].attempt != visit.attempt
            if is_last and visit.attempt in endings:
                entry = _tell_ending(world, deal, visit, endings[visit.attempt])
                _note_stuck(world, deal, visit, entry)


def _tell_visit(world: World, deal: DealPlan, visit: Visit, before: Visit | None) -> Entry:
    at, ledger, stages = world.axis.epoch(visit.start), world.ledger, deal.funnel.stages
    about, by_id = about_visit(deal, visit.place), deal.seller.id
    if before is None:
        opened = DealOpened(attempt=visit.attempt, amount_kopecks=deal.amount, title=deal.title)
        ledger.add(at, opened, about, by_id)
    body = StageEntered(
        attempt=visit.attempt,
        from_stage_id=stages[before.place].id if before else None,
        to_stage_id=stages[visit.place].id,
        stage_name=stages[visit.place].name,
        seconds_in_previous=at - world.axis.epoch(before.start) if before else 0,
    )
    return ledger.add(at, body, about, by_id)


def _tell_reopening(world: World, deal: DealPlan, visit: Visit) -> None:
    body = DealReopened(attempt=visit.attempt, was="lost", amount_kopecks=0)
    at, about = world.axis.epoch(visit.start), about_visit(deal, visit.place)
    world.ledger.add(at, body, about, deal.seller.id)


def _tell_ending(world: World, deal: DealPlan, visit: Visit, ending: Ending) -> Entry:
    axis, about = world.axis, about_visit(deal, visit.place)
    at = axis.epoch(ending.end)
    seconds_open = at - axis.epoch(ending.start)
    if ending.reason is None:
        won = DealWon(
            attempt=ending.attempt,
            amount_kopecks=deal.amount or 0,
            seconds_open=seconds_open,
            working_seconds_open=ending.end - ending.start,
        )
        return world.ledger.add(at, won, about, deal.seller.id)
    lost = DealLost(
        attempt=ending.attempt,
        amount_kopecks=deal.amount,
        reason_id=ending.reason.id,
        reason=ending.reason.name,
        reason_group=ending.reason.group,
        is_other=_is_other(world, ending),
        detail=ending.detail,
        seconds_open=seconds_open,
    )
    entry = world.ledger.add(at, lost, about, deal.seller.id)
    if ending.better is not None:
        _tell_better(world, deal, visit, ending)
    return entry


def _tell_better(world: World, deal: DealPlan, visit: Visit, ending: Ending) -> None:
    if ending.better is None or ending.reason is None:
        return
    at, about = world.axis.epoch(ending.clarified), about_visit(deal, visit.place)
    body = RefusalClarified(
        attempt=ending.attempt,
        reason_id=ending.better.id,
        reason=ending.better.name,
        reason_group=ending.better.group,
        is_other=False,
        detail="",
    )
    entry = world.ledger.add(at, body, about, deal.seller.id)
    if world.is_recent(ending.end):
        since = world.axis.epoch(ending.end)
        evidence = {"reason": ending.reason.name, "detail": "", "amount": deal.amount}
        world.past.append(_past("other_reason", deal, visit, since, entry, evidence))


def _note_stuck(world: World, deal: DealPlan, visit: Visit, closing: Entry) -> None:
    stage = deal.funnel.stages[visit.place]
    stay = visit.end - visit.start
    if stay > stage.norm and world.is_recent(visit.end):
        evidence = {
            "stage": stage.name,
            "in_stage": stay,
            "norm": stage.norm,
            "amount": deal.amount,
        }
        since = world.axis.epoch(visit.start + stage.norm)
        world.past.append(_past("stuck", deal, visit, since, closing, evidence))


def _past(
    rule: str,
    deal: DealPlan,
    visit: Visit,
    since: int,
    closing: Entry,
    evidence: dict[str, Any],
) -> Past:
    return Past(
        rule=rule,
        subject=f"deal:{deal.id}",
        seller_id=deal.seller.id,
        since=since,
        closing=closing,
        amount=deal.amount,
        stage_id=deal.funnel.stages[visit.place].id,
        evidence=evidence,
        client_id=deal.card.id,
        deal_id=deal.id,
    )


def _is_other(world: World, ending: Ending) -> bool:
    return ending.reason is not None and ending.reason is world.catalogue.reasons[OTHER]
