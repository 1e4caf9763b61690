"""A year in the made-up department under a policy, and what is measured in it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import correlation

from voronka.config.benching.routing_policies import (
    BestAverage,
    InTurn,
    Knowing,
    LeastBusy,
    Policy,
    Routed,
)
from voronka.config.benching.routing_world import Department, Kind, World
from voronka.routing.barring import Candidate
from voronka.routing.choosing import choose
from voronka.routing.competence import Competence

FOLLOWED_AT = 300


@dataclass(slots=True)
class Year:
    """Expected wins, who got how many each day, and by how much a cap was ever exceeded."""

    wins: float = 0.0
    a_day: list[list[int]] = field(default_factory=list)
    beyond_cap: int = 0


def run(
    of: Department,
    policy: Policy,
    *,
    joins: int | None = None,
    half: Callable[[], None] = lambda: None,
    seen: Callable[[int, int], None] = lambda _n, _person: None,
) -> Year:
    """Let a policy route the year. `joins`: a person who comes half-way; `half`: what happens
    then; `seen`: called with each inquiry's number and who got it.
    """
    year, middle = Year(), len(of.inquiries) // 2
    unheard: list[list[tuple[Kind, int, bool]]] = [[] for _ in range(of.days)]
    for n, (kind, day) in enumerate(zip(of.inquiries, of.days_of, strict=True)):
        if n == middle:
            half()
        while len(year.a_day) <= day:
            for heard in unheard[len(year.a_day)]:
                policy.learn(*heard)
            year.a_day.append([0] * of.people)
        loads, cap = year.a_day[-1], of.cap(day)
        there = [one for one in of.there(day) if one != joins or n >= middle]
        person = policy.choose(kind, there, loads, cap)
        loads[person] += 1
        year.beyond_cap = max(year.beyond_cap, loads[person] - cap)
        chance = of.chance(person, kind)
        year.wins += chance
        when = of.heard_on(n)
        if when == day:
            policy.learn(kind, person, of.luck[n] < chance)
        elif when is not None and when < of.days:
            unheard[when].append((kind, person, of.luck[n] < chance))
        seen(n, person)
    return year


def compared(seed: int, world: World | None = None) -> dict[str, float]:
    """Give the wins of every policy as shares of the oracle's, with the router's own checks."""
    of = Department(seed, world)
    best = run(of, Knowing(of)).wins
    routed = Routed(of)
    year = run(of, routed)
    found = {"routed": year.wins / best, "beyond_cap": year.beyond_cap}
    found["worst_sum"] = routed.worst_sum
    others = (("in_turn", InTurn), ("least_busy", LeastBusy), ("best_average", BestAverage))
    for name, policy in others:
        found[name] = run(of, policy(of)).wins / best
    return found


def newcomer(seed: int) -> dict[str, float]:
    """Give a newcomer's first month as a share of the even share, and the last hundred days'
    inquiries beside what the oracle gives the same person.
    """
    of, joins = Department(seed), 0
    year = run(of, Routed(of), joins=joins)
    oracle = run(of, Knowing(of), joins=joins)
    half, even = of.days // 2, len(of.inquiries) / of.days / of.people
    first = sum(day[joins] for day in year.a_day[half : half + 30]) / 30
    late = [sum(day[joins] for day in one.a_day[-100:]) for one in (year, oracle)]
    return {"first_month": first / even, "late": late[0], "late_of_oracle": late[1]}


def followed(seed: int) -> dict[str, float]:
    """Redraw a person's strengths half-way; give how well their chances are known right
    before, right after, and 300 of their inquiries later (correlation over all kinds).
    """
    of = Department(seed)
    routed, star = Routed(of), 0
    found: dict[str, float] = {}
    got = 0

    def known() -> float:
        cases = [of.case(kind) for kind in of.kinds]
        guessed = [routed.known.score(case, [star])[0].chance for case in cases]
        return correlation(guessed, [of.chance(star, kind) for kind in of.kinds])

    def redraw() -> None:
        found["before"] = known()
        of.strengths[star] = of.drawn()
        found["after"] = known()

    def seen(_n: int, person: int) -> None:
        nonlocal got
        if "after" in found and person == star:
            got += 1
            if got == FOLLOWED_AT:
                found["followed"] = known()

    run(of, routed, half=redraw, seen=seen)
    return found


def decision_ms(people: int = 200, times: int = 200) -> float:
    """Give the CPU milliseconds of a decision among so many people who are all known."""
    of = Department(1, World(people, people * 20, 20))
    known = Competence(tuple(name for name, _n, _sd in of.spreads.factors))
    for n, kind in enumerate(of.inquiries):
        known.learn(of.case(kind), n % people, is_won=n % 4 == 0)
    candidates = [Candidate(one, taken=0, cap=9) for one in range(people)]
    began = time.process_time()
    for kind in of.inquiries[:times]:
        choose(of.case(kind), candidates, known)
    return (time.process_time() - began) * 1000 / times
