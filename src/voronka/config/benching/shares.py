"""Courses of deals drawn until the shares of open and won ones are as wanted."""

from dataclasses import replace
from math import sqrt

from voronka.config.seeding.courses import draw_courses
from voronka.config.seeding.world import DealPlan, World

NEAR = 0.015
TRIES = 20


def draw_shares(world: World, *, open_share: float, won_share: float, flawed: float) -> None:
    """Draw the courses; shares are of all deals, met to 1.5 % (or chance, of few).

    Raises: RuntimeError when twenty draws did not meet them.
    """
    n = len(world.deals)
    for _ in range(TRIES):
        draw_courses(world, flawed=flawed)
        is_open = sum(deal.is_open for deal in world.deals)
        won = sum(_is_won(deal) for deal in world.deals)
        if _near(is_open, open_share * n) and _near(won, won_share * n):
            return
        _forget(world)
        days = world.size.open_days * open_share * n / max(1, is_open)
        world.size = replace(world.size, open_days=days)
        factor = _odds(won_share / (1 - open_share)) / _odds(max(1, won) / max(2, n - is_open))
        for deal in world.deals:
            deal.odds *= factor
    raise RuntimeError(f"open {is_open} and won {won} of {n} are not the wanted shares")


def _is_won(deal: DealPlan) -> bool:
    return bool(deal.endings) and deal.endings[-1].outcome == "won"


def _near(found: int, wanted: float) -> bool:
    return abs(found - wanted) <= max(sqrt(wanted), NEAR * wanted)


def _odds(share: float) -> float:
    return share / (1 - share)


def _forget(world: World) -> None:
    for deal in world.deals:
        deal.visits.clear()
        deal.endings.clear()
        deal.is_open, deal.flaw = False, ""
        deal.card.is_open = deal.card.is_thin = False
