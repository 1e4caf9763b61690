"""`bench routing`: the router beside round robin, least busy, best average and the oracle."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt
from statistics import mean, stdev

from voronka.config.benching.results import Result
from voronka.config.benching.routing_money import money_compared, money_results
from voronka.config.benching.routing_runs import compared, decision_ms, followed, newcomer
from voronka.config.benching.routing_worlds import SUMS, WORLDS

OF_ORACLE, TIMES_TURN, TIMES_AVERAGE = 87, 1.6, 1.4
FIRST_MONTH, KNOWN_AGAIN, DECISION_MS = 60, 0.5, 5


def routing_results(*, seeds: int = 20) -> Iterator[Result]:
    """Measure the means over so many seeds; a few minutes for twenty."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = _all(pool, compared, seeds)
        yield from _compared(found, seeds)
        joined = _all(pool, newcomer, seeds)
        yield from _newcomer(joined)
        yield from _followed(_all(pool, followed, seeds))
    yield Result("one decision among 200", decision_ms(), "CPU ms", DECISION_MS)


def world_results(names: Iterable[str], *, seeds: int) -> Iterator[Result]:
    """Measure other worlds: the router never loses to round robin or to best average beyond
    chance, which is twice the standard error of the difference over the same seeds. In the
    world "sums" by money is measured in money.
    """
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in names:
            if name == SUMS:
                yield from money_results(_all(pool, money_compared, seeds))
                continue
            found = _all(pool, partial(compared, world=WORLDS[name]), seeds)
            yield from _in_world(name, found)


def _in_world(name: str, found: list[dict[str, float]]) -> Iterator[Result]:
    routed = [one["routed"] for one in found]
    how = f"mean of {len(found)} seeds, {min(routed):.1%} at worst"
    yield Result(f"{name}: expected wins", 100 * mean(routed), "% oracle", None, how)
    for rival, title in (("in_turn", "round robin"), ("best_average", "best average")):
        gaps = [100 * (one["routed"] - one[rival]) for one in found]
        chance = 2 * stdev(gaps) / sqrt(len(gaps)) if len(gaps) > 1 else 0.0
        share = mean(one[rival] for one in found)
        how = f"{mean(routed) / share:.2f} times; by chance alone up to {chance:.1f} either way"
        floor = -max(chance, 1e-6)
        yield Result(f"{name}: above {title}", mean(gaps), "points", floor, how, True)
    worst = max(one["beyond_cap"] for one in found)
    yield Result(f"{name}: beyond a cap, ever", max(0, worst), "inquiries", 0)


def _all(
    pool: ProcessPoolExecutor, measure: Callable[[int], dict[str, float]], seeds: int
) -> list[dict[str, float]]:
    return list(pool.map(measure, range(seeds)))


def _compared(found: list[dict[str, float]], seeds: int) -> Iterator[Result]:
    of = {name: mean(one[name] for one in found) for name in found[0]}
    how = f"mean of {seeds} seeds, {min(one['routed'] for one in found):.1%} at worst"
    share = 100 * of["routed"]
    yield Result("routed: expected wins", share, "% oracle", OF_ORACLE, how, is_least=True)
    titles = {
        "in_turn": "round robin", "least_busy": "least busy", "best_average": "best average",
    }  # fmt: skip
    for name, title in titles.items():
        yield Result(f"{title}: expected wins", 100 * of[name], "% oracle")
    times = of["routed"] / of["in_turn"]
    yield Result("routed against round robin", times, "times", TIMES_TURN, f"{times:.2f}", True)
    times = of["routed"] / of["best_average"]
    how = f"{times:.2f}"
    yield Result("routed against best average", times, "times", TIMES_AVERAGE, how, True)
    worst = max(one["beyond_cap"] for one in found)
    yield Result("beyond a cap, ever", max(0, worst), "inquiries", 0)
    worst = max(one["worst_sum"] for one in found)
    how = "terms of every explanation against its score"
    yield Result("terms that miss the score", worst, "logits", 1e-9, how)


def _newcomer(found: list[dict[str, float]]) -> Iterator[Result]:
    first = 100 * mean(one["first_month"] for one in found)
    how = f"{min(one['first_month'] for one in found):.0%} at worst"
    yield Result("newcomer, first month", first, "% even", FIRST_MONTH, how, is_least=True)
    got, due = (sum(one[name] for one in found) for name in ("late", "late_of_oracle"))
    how = (
        f"{got:.0f} inquiries in the last hundred days of all seeds, the oracle gives {due:.0f}"
    )
    yield Result("newcomer, own level", 100 * got / due, "% oracle", None, how)


def _followed(found: list[dict[str, float]]) -> Iterator[Result]:
    enough = [one for one in found if "followed" in one]
    again = mean(one["followed"] for one in enough) if enough else 0.0
    told = {name: mean(one[name] for one in found) for name in ("before", "after")}
    how = (
        f"correlation with the true chances {again:.2f}; {told['before']:.2f} before, "
        f"{told['after']:.2f} right after; {len(enough)} of {len(found)} got so many"
    )
    yield Result(
        "redrawn, 300 inquiries later", again, "corr.", KNOWN_AGAIN, how, is_least=True
    )
