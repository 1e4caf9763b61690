"""The made-up department where inquiries name their sums and people sell for more or less."""

from collections.abc import Callable, Sequence
from math import exp
from random import Random
from statistics import mean

from voronka.config.benching.results import Result
from voronka.config.benching.routing_world import Department, World
from voronka.routing.barring import Candidate
from voronka.routing.choosing import choose
from voronka.routing.competence import Competence
from voronka.routing.rules import Asked, Rule

MEDIANS = (30_000_00, 120_000_00, 600_000_00)
"""Kopecks, by band."""
SUM_SD, CHECK_SD, LAST_SD = 0.4, 0.25, 0.3
"""Of logarithms: sums within a band; what people sell for; one sale."""
MONEY_WORLD = World(inquiries=12_000, days=240)
Chooser = Callable[[int, Sequence[int], int], int]
"""Gives who gets the inquiry of a number, by today's loads and the cap."""


class Sums:
    """A department, the sum of each inquiry in kopecks, and what each person sells for."""

    def __init__(self, seed: int, world: World = MONEY_WORLD) -> None:
        self.of, rng = Department(seed, world), Random(seed + 2 * 10**6)
        self.kopecks = [
            round(MEDIANS[kind[2]] * exp(rng.gauss(0, SUM_SD))) for kind in self.of.inquiries
        ]
        self.check = [exp(rng.gauss(0, CHECK_SD)) for _ in range(self.of.people)]
        self.last = [exp(rng.gauss(0, LAST_SD)) for _ in self.of.inquiries]

    def expected(self, n: int, person: int) -> float:
        """Give the expected rubles of an inquiry with a person."""
        chance = self.of.chance(person, self.of.inquiries[n])
        return chance * self.kopecks[n] * self.check[person] / 100

    def year(
        self, chooser: Chooser, heard: Callable[[int, int], None] = lambda _n, _pk: None
    ) -> float:
        """Give the expected rubles of a year under a way of choosing."""
        whole, today, loads = 0.0, -1, [0] * self.of.people
        for n, day in enumerate(self.of.days_of):
            if day != today:
                today, loads = day, [0] * self.of.people
            person = chooser(n, loads, self.of.cap(day))
            loads[person] += 1
            whole += self.expected(n, person)
            heard(n, person)
        return whole


def money_compared(seed: int, world: World = MONEY_WORLD) -> dict[str, float]:
    """Give the money of each way as a share of what the oracle earns: it knows chances and
    what each sells for.
    """
    sums = Sums(seed, world)

    def best(n: int, loads: Sequence[int], cap: int) -> int:
        free = [one for one in range(sums.of.people) if loads[one] < cap]
        return max(free, key=lambda one: sums.expected(n, one))

    whole = sums.year(best)
    found = {way: _routed(sums, way) / whole for way in ("money", "competence")}
    found["in_turn"] = sums.year(lambda n, _loads, _cap: n % sums.of.people) / whole
    return found


def money_results(found: Sequence[dict[str, float]]) -> list[Result]:
    """Tell the means; by money must earn no less than by wins, and more than in turn."""
    of = {way: 100 * mean(one[way] for one in found) for way in found[0]}
    how = f"mean of {len(found)} seeds; by wins {of['competence']:.1f}"
    return [
        Result("sums: money, routed by money", of["money"], "% oracle", None, how),
        Result("sums: above by wins", of["money"] - of["competence"], "points", 0, "", True),
        Result("sums: above round robin", of["money"] - of["in_turn"], "points", 0, "", True),
    ]


def _routed(sums: Sums, way: str) -> float:
    of = sums.of
    known = Competence(tuple(name for name, _n, _sd in of.spreads.factors))
    rule = Rule(1, "", frozenset(range(of.people)), way=way, is_last=True)
    a_day = len(of.inquiries) / of.days

    def chosen(n: int, loads: Sequence[int], cap: int) -> int:
        case = of.case(of.inquiries[n])
        people = [Candidate(one, taken=loads[one], cap=cap) for one in range(of.people)]
        asked = Asked(case, sums.kopecks[n])
        made = choose(case, people, known, rules=(rule,), asked=asked, a_day=a_day)
        return made.person_id or 0

    def heard(n: int, person: int) -> None:
        case = of.case(of.inquiries[n])
        is_won = of.luck[n] < of.chance(person, of.inquiries[n])
        known.learn(case, person, is_won=is_won)
        if is_won:
            sold = sums.kopecks[n] * sums.check[person] * sums.last[n]
            known.won_sum(case, person, round(sold))

    return sums.year(chosen, heard)
