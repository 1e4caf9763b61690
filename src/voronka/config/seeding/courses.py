"""The course of a deal: which stages, how long on each, and how it ends. Positions only."""

from math import exp, log
from random import Random

from voronka.config.seeding.axis import DAY, HOUR
from voronka.config.seeding.catalogue import (
    EARLY_REASONS,
    LATE_REASONS,
    OTHER,
    Reason,
    StagePlan,
)
from voronka.config.seeding.texts import DETAILS
from voronka.config.seeding.world import DealPlan, Ending, Visit, World

FLAWS = (("stuck", 7), ("no_step", 6), ("overdue", 7), ("thin", 6))
RECENT = 23 * DAY
"""The last 30 days and a little: refusals without a reason are slips that long."""


def draw_courses(world: World, *, flawed: float) -> None:
    """Decide which deals are open, give some of them a flaw, and draw every course.

    `flawed`: a multiplier of the numbers of FLAWS, at least one deal of each.
    """
    rng, now = world.rng, world.axis.now
    for deal in world.deals:
        age = now - deal.opened
        deal.is_open = age < 2 * HOUR or rng.random() < exp(-age / DAY / world.size.open_days)
        deal.card.is_open |= deal.is_open
    _spoil(world, flawed)
    for deal in world.deals:
        if deal.is_open:
            _open_course(rng, deal, now)
        else:
            _ended_course(world, deal)
    _give_reasons(world, max(1, round(12 * flawed)) if flawed else len(world.deals))


def _spoil(world: World, flawed: float) -> None:
    """Choose the deals that something is wrong with; each stays on the list of slips."""
    aged = [deal for deal in world.deals if deal.is_open and _is_ripe(world, deal)]
    if not flawed or not aged:
        return
    wanted = [(name, max(1, round(n * flawed))) for name, n in FLAWS]
    chosen = iter(world.rng.sample(aged, min(len(aged), sum(n for _, n in wanted))))
    for name, n in wanted:
        for _ in range(n):
            if (deal := next(chosen, None)) is not None:
                deal.flaw = name
                deal.card.is_thin |= name == "thin"


def _is_ripe(world: World, deal: DealPlan) -> bool:
    return 6 * DAY < world.axis.now - deal.opened < 60 * DAY


def _open_course(rng: Random, deal: DealPlan, now: int) -> None:
    stages, age = deal.funnel.stages, now - deal.opened
    place = _standing_place(rng, stages, age)
    norm = stages[place].norm
    if deal.flaw == "stuck":
        place = min(place, 3)
        norm = stages[place].norm
        stay = min(int(norm * rng.uniform(1.2, 2.2)), int(age * 0.9))
    else:
        stay = int(min(norm * rng.uniform(0.08, 0.9), age * (0.8 if place else 1)))
    if not place:
        deal.visits.append(Visit(1, 0, deal.opened, now))
        return
    weights = [stage.norm * rng.lognormvariate(0, 0.5) for stage in stages[:place]]
    at, whole = deal.opened, sum(weights)
    for number, weight in enumerate(weights):
        end = at + max(1, int((age - stay) * weight / whole))
        deal.visits.append(Visit(1, number, at, end))
        at = end
    deal.visits.append(Visit(1, place, at, now))


def _standing_place(rng: Random, stages: list[StagePlan], age: int) -> int:
    """Choose a stage that a deal of this age may stand on within its norm."""
    reached, weights = 0.0, []
    for place, stage in enumerate(stages):
        middle = reached + 0.5 * stage.norm
        reached += 0.7 * stage.norm
        fits = place or age < 0.9 * stage.norm
        closeness = exp(-0.9 * abs(log((age + HOUR) / (middle + HOUR))))
        weights.append(stage.standing * closeness if fits else 0.0)
    return rng.choices(range(len(stages)), weights=weights)[0]


def _ended_course(world: World, deal: DealPlan) -> None:
    rng, now = world.rng, world.axis.now
    age = now - deal.opened
    chance = deal.odds / (1 + deal.odds) * min(1.0, age / (12 * DAY))
    end = _attempt(rng, deal, 1, 0, deal.opened, now, rng.random() < chance)
    if deal.endings[0].outcome == "lost" and now - end > 40 * DAY and rng.random() < 0.03:
        again = end + int(rng.uniform(8, 18) * DAY)
        place = deal.visits[-1].place
        _attempt(rng, deal, 2, place, again, now, rng.random() < 0.4)


def _attempt(
    rng: Random, deal: DealPlan, number: int, place: int, start: int, now: int, is_won: bool
) -> int:
    stages = deal.funnel.stages
    last = len(stages) - 1
    if not is_won:
        losses = [stage.losses for stage in stages[place:]]
        last = rng.choices(range(place, len(stages)), weights=losses)[0]
    places = [p for p in range(place, last + 1) if p in (place, last) or rng.random() > 0.04]
    pace = deal.seller.ways.pace
    stays = [stages[p].norm * rng.lognormvariate(-0.62, 0.55) * pace for p in places]
    # Those who will refuse keep silent for long first.
    stays[-1] *= 1.0 if is_won else 1.5
    limit = now - start
    squeeze = min(1.0, limit * rng.uniform(0.6, 0.97) / sum(stays))
    at = start
    for p, stay in zip(places, stays, strict=True):
        end = min(at + max(60, int(stay * squeeze)), now - 1)
        deal.visits.append(Visit(number, p, at, end))
        at = end
    deal.endings.append(Ending(number, start, at, "won" if is_won else "lost"))
    return at


def _give_reasons(world: World, unexplained: int) -> None:
    """Name the reasons; at most `unexplained` recent refusals stay without a sound one."""
    rng, now, reasons = world.rng, world.axis.now, world.catalogue.reasons
    for deal in reversed(world.deals):
        for ending in deal.endings:
            if ending.outcome != "lost":
                continue
            ways, better = deal.seller.ways, _reason(rng, reasons, deal)
            if rng.random() >= ways.other:
                ending.reason = better
                ending.detail = rng.choice(DETAILS) if rng.random() < 0.4 else ""
                continue
            ending.reason = reasons[OTHER]
            is_recent = ending.end > now - RECENT
            stays = unexplained > 0 and rng.random() < 0.5 if is_recent else ways.other > 0.3
            if stays:
                unexplained -= is_recent
            else:
                _explain(rng, ending, better, now)


def _explain(rng: Random, ending: Ending, better: Reason, now: int) -> None:
    ending.clarified = ending.end + int(rng.uniform(0.2, 4) * DAY)
    ending.better = better
    if ending.clarified >= now:
        ending.reason, ending.better, ending.clarified = better, None, 0


def _reason(rng: Random, reasons: dict[str, Reason], deal: DealPlan) -> Reason:
    names = EARLY_REASONS if deal.visits[-1].place < 2 else LATE_REASONS
    return reasons[rng.choice(names)]
