"""CPU time, queries and bytes of a request, in this process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from voronka.foundation.recent import forget_all
from voronka.people.models import Person

ROUNDS, WARM_UP = 15, 3
_NO_QUERIES = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class BadAnswerError(Exception):
    """A page did not answer as it must: what was measured would mean nothing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of CPU milliseconds, queries, bytes of the page and as sent (gzip).

    `best_ms` is the quickest round; far below the median the machine was busy otherwise.
    `first` is the request after names, settings, stages or fields changed: they are read anew.
    """

    cpu_ms: float
    best_ms: float
    queries: int
    first_ms: float
    first_queries: int
    beside_ms: float
    bytes_plain: int
    bytes_sent: int


def browser_of(person_id: int) -> Client:
    """Give a client signed in as a person."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(Person.objects.get(pk=person_id))
    return browser


def measure_page(
    browser: Client, address: str, *, rounds: int = ROUNDS, beside: Callable[[], Any] = int
) -> Measured:
    """Measure a page as it usually is, and as the first one after the setup changed.

    `beside`: what else is timed in turns with it, to be compared with.

    Raises: BadAnswerError unless it answers 200.
    """

    def ask() -> Any:
        answer = browser.get(address, headers={"Accept-Encoding": "gzip"})
        if answer.status_code != 200:
            raise BadAnswerError(f"{address}: {answer.status_code}")
        return answer

    for _ in range(min(WARM_UP, rounds)):
        sent = len(ask().content)
    plain = len(browser.get(address).content)
    first_queries, queries = _queries(ask, is_first=True), _queries(ask, is_first=False)
    first, usual, others = [], [], []
    for _ in range(rounds):
        # In turns, so that what else the machine does slows all of them alike.
        forget_all()
        first.append(cpu_ms(ask))
        usual.append(cpu_ms(ask))
        others.append(cpu_ms(beside))
    return Measured(
        median(usual),
        min(usual),
        queries,
        median(first),
        first_queries,
        median(others),
        plain,
        sent,
    )


def _queries(act: Callable[[], Any], *, is_first: bool) -> int:
    if is_first:
        forget_all()
    with counted() as seen:
        act()
    return len(seen)


def measure_acts(
    acts: list[Callable[[], Any]], *, rounds: int = ROUNDS
) -> tuple[list[float], int]:
    """Run acts in turn; give the CPU milliseconds of each and the queries of the dearest."""
    most = 0
    for act in acts:
        most = max(most, _queries(act, is_first=False))
    return [cpu_ms(act) for _ in range(rounds) for act in acts], most


def fixed_work_ms() -> float:
    """Give the CPU milliseconds of a piece of work that never changes."""
    return median(cpu_ms(lambda: sum(n * n for n in range(100_000))) for _ in range(ROUNDS))


def cpu_ms(act: Callable[[], Any]) -> float:
    """Give the processor time of an act: server and SQLite are one process."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements inside the block, but those that only bound transactions."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(_NO_QUERIES):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
