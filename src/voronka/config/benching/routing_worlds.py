"""Worlds to try the router in, besides the main one."""

from voronka.config.benching.routing_world import Spreads, World


def _spreads(
    person: float, product: float, source: float, band: float, crossed: float = 0.0
) -> Spreads:
    sizes = (("product", 6, product), ("source", 5, source), ("band", 3, band))
    return Spreads(person=person, factors=sizes, crossed=crossed)


SUMS = "sums"
"""The main world with sums, measured in money: `routing_money`."""
WORLDS = {
    "main": World(),
    "few people": World(people=5, inquiries=4_000),
    "many people": World(people=200, inquiries=8_000),
    "no differences": World(spreads=_spreads(0, 0, 0, 0)),
    "small differences": World(spreads=_spreads(0.1, 0.15, 0.1, 0.1)),
    "strong differences": World(spreads=_spreads(0.7, 1.0, 0.6, 0.6)),
    "one factor": World(spreads=_spreads(0.05, 1.2, 0, 0)),
    "only the person": World(spreads=_spreads(0.8, 0, 0, 0)),
    "crossed": World(spreads=_spreads(0.2, 0.2, 0.2, 0.1, crossed=0.9)),
    "seasons": World(season=0.9),
    "late outcomes": World(heard_after=(20, 60)),
    "half unheard": World(heard_after=(0, 30), unheard=0.5),
    "rare wins": World(spreads=Spreads(usual=-4.1)),
    "frequent wins": World(spreads=Spreads(usual=-0.4)),
    "tight caps": World(people=10, days=200, cap_times=1.1),
    "comers and goers": World(leaving=3),
    "hard": World(
        people=40, inquiries=12_000, spreads=Spreads(usual=-3.0), heard_after=(20, 60),
        unheard=0.15, leaving=2, season=0.5,
    ),
}  # fmt: skip
