"""The made-up department: caps hold, the router learns, a newcomer is tried."""

from dataclasses import replace

import pytest

from voronka.config.benching.routing_money import Sums, money_compared
from voronka.config.benching.routing_policies import BestAverage, InTurn, Knowing, Routed
from voronka.config.benching.routing_runs import run
from voronka.config.benching.routing_world import Department, Spreads, World
from voronka.config.benching.routing_worlds import WORLDS
from voronka.config.commands import bench


def small(seed: int = 1) -> Department:
    strong = Spreads(person=0.7, factors=(("product", 3, 1.0), ("source", 2, 0.6)))
    return Department(seed, World(6, 2400, 100, strong))


def test_the_router_stands_between_chance_and_the_oracle_and_breaks_no_cap() -> None:
    best = run(small(), Knowing(small())).wins
    of = small()
    routed = Routed(of)
    year = run(of, routed)
    turn, average = (run(small(), policy(small())).wins for policy in (InTurn, BestAverage))
    assert turn < average < year.wins < best
    assert year.wins > 0.8 * best
    assert year.beyond_cap == 0
    assert max(max(day) for day in year.a_day) == of.cap(0)
    assert routed.worst_sum < 1e-9
    assert sum(map(sum, year.a_day)) == len(of.inquiries)


def test_who_joins_half_way_gets_nothing_before_and_something_after() -> None:
    first = []
    for seed in (1, 2, 3):
        of = Department(seed, World(6, 2400, 100))
        year = run(of, Routed(of), joins=0)
        assert sum(day[0] for day in year.a_day[:50]) == 0
        first.append(sum(day[0] for day in year.a_day[50:80]))
    assert sum(first) / 3 > 0.6 * 30 * 24 / 6


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_keeps_its_caps_and_who_is_there(name: str) -> None:
    world = replace(WORLDS[name], inquiries=300, days=90)
    of = Department(3, world)
    assert len(of.inquiries) == len(of.luck) == sum(of.a_day)
    year = run(of, Routed(of))
    assert year.beyond_cap <= 0
    for day, got in enumerate(year.a_day):
        assert sum(got) == of.a_day[day]
        assert all(one in of.there(day) for one, n in enumerate(got) if n)


def test_what_is_heard_late_or_never_is_learned_late_or_never() -> None:
    learned = []
    for heard in ((0, 0), (20, 60), (200, 200)):
        of = Department(3, World(6, 600, 100, heard_after=heard))
        routed = Routed(of)
        run(of, routed)
        learned.append(routed.known.outcomes)
    assert learned[0] == 600
    assert 300 < learned[1] < 480
    assert learned[2] == 0
    of = Department(3, World(6, 600, 100, unheard=0.15))
    routed = Routed(of)
    run(of, routed)
    assert 480 < routed.known.outcomes < 540


def test_by_money_stands_between_chance_and_who_knows_everything() -> None:
    found = money_compared(1, World(8, 1200, 60))
    assert found["in_turn"] < found["money"] < 1
    sums = Sums(1, World(8, 1200, 60))
    got = [0] * 8
    sums.year(lambda n, _loads, _cap: n % 8, lambda _n, person: got.__setitem__(person, 1))
    assert got == [1] * 8


def test_a_world_that_is_not_there_is_refused_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.run(["routing", "--world", "мир"]) == 2
    assert "no differences" in capsys.readouterr().out
