"""The made-up department: caps hold, the router learns, a newcomer is tried."""

from voronka.config.benching.routing_policies import BestAverage, InTurn, Knowing, Routed
from voronka.config.benching.routing_runs import run
from voronka.config.benching.routing_world import Department, Spreads


def small(seed: int = 1) -> Department:
    strong = Spreads(person=0.7, factors=(("product", 3, 1.0), ("source", 2, 0.6)))
    return Department(seed, people=6, inquiries=2400, days=100, spreads=strong)


def test_the_router_stands_between_chance_and_the_oracle_and_breaks_no_cap() -> None:
    best = run(small(), Knowing(small())).wins
    of = small()
    routed = Routed(of)
    year = run(of, routed)
    turn, average = (run(small(), policy(small())).wins for policy in (InTurn, BestAverage))
    assert turn < average < year.wins < best
    assert year.wins > 0.8 * best
    assert year.beyond_cap == 0
    assert max(max(day) for day in year.a_day) == of.cap
    assert routed.worst_sum < 1e-9
    assert sum(map(sum, year.a_day)) == len(of.inquiries)


def test_who_joins_half_way_gets_nothing_before_and_something_after() -> None:
    first = []
    for seed in (1, 2, 3):
        of = Department(seed, people=6, inquiries=2400, days=100)
        year = run(of, Routed(of), joins=0)
        assert sum(day[0] for day in year.a_day[:50]) == 0
        first.append(sum(day[0] for day in year.a_day[50:80]))
    assert sum(first) / 3 > 0.6 * 30 * 24 / 6
