"""The reducer: how many statements of exchanges become calls in a second of CPU."""

import time
from collections.abc import Iterator

from voronka.calls.reducing import reduce
from voronka.calls.signals import Signal
from voronka.config.benching.results import Result

CALLS, LEAST_A_SECOND = 2000, 20_000


def reducer_results() -> Iterator[Result]:
    """Reduce made-up calls of a ring group of three, each of nine statements."""
    calls = [_call(n) for n in range(CALLS)]
    began = time.process_time()
    for signals in calls:
        reduce(signals, answers_are_talk=True)
    spent = time.process_time() - began
    n = sum(map(len, calls))
    how = f"{CALLS} calls of {len(calls[0])} statements"
    yield Result("statements reduced", n / spent, "1/CPU s", LEAST_A_SECOND, how, True)


def _call(n: int) -> list[Signal]:
    at = float(n)
    group = [f"ext {m}" for m in (101, 102, 103)]
    said = [Signal(kind="began", at=at, order=-1, leg="c", role="client", party="79161112233")]
    said += [Signal(kind="began", at=at, leg=leg, role="person", party=leg) for leg in group]
    said += [Signal(kind="answered", at=at + 3, leg=group[1])]
    said += [Signal(kind="ended", at=at + 3, leg=leg, cause="cancelled") for leg in group[::2]]
    said += [Signal(kind="ended", at=at + 60, leg=leg) for leg in ("c", group[1])]
    return said
