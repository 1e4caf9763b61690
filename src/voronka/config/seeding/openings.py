"""Opening deals: which funnel, what it is called, what it is worth, how likely it is won."""

from random import Random

from voronka.config.seeding import texts
from voronka.config.seeding.department import Seller
from voronka.config.seeding.world import Card, DealPlan, World
from voronka.foundation.money import line_total

DISCOUNTS = (0, 0, 0, 0, 300, 500, 1000)
"""Hundredths of a percent."""


def sell_again(world: World, n: int) -> None:
    """Plan `n` deals that began with our own call to a client in the base."""
    sources = [(pk, odds) for pk, _, _, odds in world.catalogue.sources]
    for at in world.axis.arrivals(world.rng, max(0, n), since=world.began):
        card = world.rng.choice(world.cards)
        if card.seller is not None and card.created <= at:
            plan_deal(world, card, card.seller, world.rng.choice(sources), at)


def plan_deal(
    world: World, card: Card, seller: Seller, source: tuple[int, float], at: int
) -> DealPlan:
    """Plan a deal: its funnel, title and odds of a win."""
    rng, size = world.rng, world.size
    is_repeat, ways = card.deals > 0 or card.created < world.began, seller.ways
    is_service = is_repeat and rng.random() < 0.2
    funnel = world.catalogue.funnels[int(is_service)]
    titles = texts.SERVICE_TITLES if is_service else texts.DEAL_TITLES
    title = rng.choice(titles).format(n=rng.randrange(2, 9), area=rng.randrange(4, 60) * 25)
    odds = size.won_share / (1 - size.won_share) * source[1]
    odds *= 1.35 * ways.repeat_win if is_repeat else 0.8 * ways.win
    deal = DealPlan(card, seller, funnel, source[0], odds, title, at, is_repeat)
    _price(rng, deal, world.catalogue.products)
    card.deals += 1
    world.deals.append(deal)
    return deal


def _price(rng: Random, deal: DealPlan, products: list[tuple[int, str, int]]) -> None:
    """Give the deal its sum: a third of them by product lines, the others rounded by hand."""
    if rng.random() < 0.3:
        for pk, name, price in rng.sample(products, rng.choice((1, 1, 2, 2, 3))):
            pieces = 1 if price > 30_000_000 else rng.randrange(1, 4)
            deal.lines.append((pk, name, price, pieces * 1000, rng.choice(DISCOUNTS)))
        deal.amount = sum(line_total(p, q, d) for _, _, p, q, d in deal.lines)
        return
    median = 90_000 if deal.title in texts.SERVICE_TITLES else 200_000
    deal.amount = max(8, round(median * rng.lognormvariate(0, 0.85) / 1000)) * 100_000
