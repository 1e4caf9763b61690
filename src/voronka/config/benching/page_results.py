"""All that `bench pages` measures, one result after another."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from django.test import Client

from voronka.config.benching.base import FILE
from voronka.config.benching.doors import door_results
from voronka.config.benching.examples import Examples, choose
from voronka.config.benching.floor import Floor
from voronka.config.benching.measuring import (
    ROUNDS,
    Measured,
    browser_of,
    cpu_ms,
    fixed_work_ms,
    measure_page,
)
from voronka.config.benching.moving import every_demand, measure_move
from voronka.config.benching.pages import QUERIES, few_and_many, pages
from voronka.config.benching.results import Result
from voronka.config.benching.serving import measure_memory

TIMES_FLOOR, MOVE_MS, MEMORY_MB = 6, 20, 150
LIST = "deal list"


def page_results(home: Path, only: str = "") -> Iterator[Result]:
    """Measure pages, the floor, a move, equal queries and memory; `only`: what a name holds.

    Raises: BadAnswerError when something does not answer as it must.
    """
    of = choose()
    browser = browser_of(of.head)
    how = "the processor's speed just then: compare runs by it"
    yield Result("a fixed piece of work", fixed_work_ms(), "CPU ms", None, how)
    yield from _pages(browser, of, home, only)
    if only in "doors":
        yield from door_results()
    if only in "stage move":
        yield from _moves(browser, of)
    if only in "same queries":
        yield from _same_queries(browser, of)
    if only in "server memory":
        yield from _memory(browser, of, home)


def _pages(browser: Client, of: Examples, home: Path, only: str) -> Iterator[Result]:
    wanted = [page for page in pages(of) if only in page.name]
    floor = Floor(home / FILE)
    for page in wanted:
        found = measure_page(
            browser, page.address, beside=floor.whole if page.name == LIST else int
        )
        how = f"best {found.best_ms:.1f}, first {found.first_ms:.1f}"
        how += f"; {found.bytes_plain:,} bytes, {found.bytes_sent:,} sent"
        yield Result(page.name, found.cpu_ms, "CPU ms", page.bar, how)
        how = f"{found.first_queries} right after the setup changed"
        yield Result(f"{page.name}: queries", found.queries, "queries", QUERIES, how)
        if page.name == LIST:
            yield from _against(floor, found)
    floor.close()


def _against(floor: Floor, found: Measured) -> Iterator[Result]:
    how = f"6 queries, {len(floor.whole()):,} bytes"
    yield Result("floor: all that the list tells", found.beside_ms, "CPU ms", None, how)
    rows_ms = median(cpu_ms(floor) for _ in range(ROUNDS))
    how = f"1 query, {len(floor()):,} bytes; the list takes {found.cpu_ms / rows_ms:.0f} times"
    yield Result("floor: its fifty rows alone", rows_ms, "CPU ms", None, how)
    ratio = found.cpu_ms / found.beside_ms
    how = f"first after a change {found.first_ms / found.beside_ms:.1f}"
    yield Result("deal list against the floor", ratio, "times", TIMES_FLOOR, how)


def _moves(browser: Client, of: Examples) -> Iterator[Result]:
    for name, move in (("stage move", of.move), ("stage move, a slip", of.move_with_slip)):
        ms, best, queries = measure_move(browser, move)
        how = f"best {best:.1f}; {queries} queries, with the slips that follow"
        yield Result(name, ms, "CPU ms", MOVE_MS, how)
    with every_demand(of.move.stage):
        ms, best, queries = measure_move(browser, of.move, reason="по просьбе клиента")
        how = f"best {best:.1f}; {queries} queries; a field, a talk, a step done and a next one"
        yield Result("stage move, every demand", ms, "CPU ms", MOVE_MS, how)


def _same_queries(browser: Client, of: Examples) -> Iterator[Result]:
    for name, few, many in few_and_many(of):
        fewer = measure_page(browser, few, rounds=1).queries
        more = measure_page(browser, many, rounds=1).queries
        how = f"{fewer} at {few}, {more} at {many}"
        yield Result(f"same queries: {name}", abs(more - fewer), "more", 0, how)


def _memory(browser: Client, of: Examples, home: Path) -> Iterator[Result]:
    if not Path("/proc/self/status").exists():
        return
    session = browser.cookies["sessionid"].value
    addresses = [page.address for page in pages(of)]
    found = measure_memory(home=home, session=session, addresses=addresses)
    how = f"own {found.own:.0f}, files {found.files:.0f}"
    yield Result("server memory", found.rss, "MB", MEMORY_MB, how)
    yield Result("server memory, peak", found.peak, "MB", MEMORY_MB)
    yield Result("server, a request over HTTP", found.cpu_ms_a_request, "CPU ms")
