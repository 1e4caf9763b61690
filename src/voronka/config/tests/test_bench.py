"""The bench measures what it says: sizes, bars, queries; a small base stands for the large."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from voronka.clients.models import Client as Card
from voronka.config.benching.base import made_at
from voronka.config.benching.client_file import write_clients
from voronka.config.benching.counting import Count, counts
from voronka.config.benching.discovering import cost_results
from voronka.config.benching.event_log import write_events
from voronka.config.benching.examples import Examples, choose
from voronka.config.benching.measuring import (
    BadAnswerError,
    browser_of,
    counted,
    measure_page,
)
from voronka.config.benching.moving import measure_move
from voronka.config.benching.pages import few_and_many, pages
from voronka.config.benching.peers import seed_peers
from voronka.config.benching.prefixes import prefix_results
from voronka.config.benching.results import Result, table, write_json
from voronka.deals.models import Deal
from voronka.importing.files import open_table
from voronka.importing.loads import recalled
from voronka.importing.running import Order, run
from voronka.people.models import Person

SCALE = 0.01


@pytest.fixture
def peers(db: None, settings: Any) -> None:
    """A hundredth of the peers' base, shown as the demonstration is."""
    if connection.vendor != "sqlite":
        pytest.skip("the bench measures SQLite")
    settings.IS_DEMO = True
    seed_peers(now=datetime.now(UTC), progress=lambda _done, _part: None, scale=SCALE)


@pytest.mark.usefixtures("peers")
def test_the_base_has_the_shares_and_every_page_can_be_measured() -> None:
    found = {count.name: count.found for count in counts()}
    assert (found["sellers"], found["clients"], found["deals"]) == (20, 200, 500)
    assert found["deals open"] == pytest.approx(60, abs=8)
    assert found["deals won"] == pytest.approx(125, abs=12)
    assert found["calls, steps, inquiries, notes"] == pytest.approx(2000, rel=0.05)
    assert found["slips open"] > 0
    assert found["slips closed"] > 0
    of = choose()
    browser = browser_of(of.head)
    _moves_are_made_and_taken_back(browser, of)
    addresses = [page.address for page in pages(of)]
    addresses += [address for _, *both in few_and_many(of) for address in both]
    assert {browser.get(address).status_code for address in addresses} == {200}
    measured = measure_page(browser, "/deals/", rounds=1)
    assert measured.cpu_ms > 0
    assert measured.first_queries > measured.queries > 0
    assert measured.bytes_plain > measured.bytes_sent > 500


def _moves_are_made_and_taken_back(browser: Client, of: Examples) -> None:
    for move in (of.move, of.move_with_slip):
        ms, best, queries = measure_move(browser, move, rounds=1)
        assert ms >= best > 0
        assert queries > 5
        assert Deal.objects.get(pk=move.deal).stage_id == move.stage


@pytest.mark.usefixtures("peers")
def test_the_file_holds_as_many_doubles_and_known_clients_as_it_says(tmp_path: Path) -> None:
    file, before = tmp_path / "clients.csv", Card.objects.count()
    assert write_clients(file, rows=400) == (20, 20)
    with open_table(file) as opened:
        plan = recalled(opened, "clients")
    report = run(Order(path=file, as_="clients", plan=plan, at=datetime.now(UTC))).counts
    assert report["rows"] == 400
    assert (report["created"], report["duplicates"]) == (360, 20)
    assert report["updated"] + report["unchanged"] == 20
    assert report["skipped"] == 0
    assert Card.objects.count() == before


def test_a_page_that_does_not_answer_200_is_no_measurement(cast: SimpleNamespace) -> None:
    browser = Client(SERVER_NAME="localhost")
    with pytest.raises(BadAnswerError, match="302"):
        measure_page(browser, "/deals/", rounds=1)


def test_only_statements_that_ask_or_change_are_counted(db: None) -> None:
    with counted() as seen, transaction.atomic():
        assert not Person.objects.exists()
    assert [sql.split()[0] for sql in seen] == ["SELECT"]


@pytest.mark.parametrize(
    ("found", "is_near"), [(100, True), (98, True), (102, True), (97.9, False), (102.1, False)]
)
def test_a_count_may_be_two_percent_off(found: float, is_near: bool) -> None:
    assert Count("deals", found, 100).is_near is is_near
    assert Count("deals", found).is_near


def test_a_bar_is_a_most_or_a_least() -> None:
    assert Result("list", 40.0, "ms", 40).holds is True
    assert Result("list", 40.1, "ms", 40).holds is False
    assert Result("load", 1999, "rows/s", 2000, is_least=True).holds is False
    assert Result("load", 2000, "rows/s", 2000, is_least=True).holds is True
    assert Result("floor", 7.0, "ms").holds is None


def test_results_are_told_and_written(tmp_path: Path) -> None:
    missed = Result("list", 41.23456, "CPU ms", 40, "7 queries")
    assert "<= 40    MISSED 7 queries" in table([missed])
    file = tmp_path / "out.json"
    write_json(file, [missed, Result("floor", 7, "CPU ms")])
    first, second = (json.loads(line) for line in file.read_text().splitlines())
    assert first == {
        "name": "list", "value": 41.235, "unit": "CPU ms", "bar": 40, "holds": False,
        "how": "7 queries",
    }  # fmt: skip
    assert (second["bar"], second["holds"]) == (None, None)


def test_where_no_base_is_none_was_made(tmp_path: Path) -> None:
    assert made_at(tmp_path).year == 1
    (tmp_path / "voronka.sqlite3").touch()
    assert made_at(tmp_path).year == 1


def test_a_made_up_log_is_the_same_for_a_seed_and_its_cost_is_told(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    cases = [
        write_events(f, events=3000, seed=s) for f, s in zip(files, (1, 1, 2), strict=True)
    ]
    one, same, other = (file.read_text(encoding="utf-8") for file in files)
    assert one == same != other
    assert one.count("\n") == 3001
    assert cases[:2] == [821, 821]
    seconds, memory = cost_results(tmp_path, [3000])
    assert seconds.value > 0
    assert memory.value > 0
    assert (seconds.bar, "reading" in seconds.how) == (None, True)
    assert not (tmp_path / "events.csv").exists()


def test_prefixes_of_a_made_up_log_are_compared() -> None:
    differing, *costs = prefix_results(None, prefixes=8)
    assert (differing.value, differing.holds) == (0, True)
    assert [cost.value > 0 for cost in costs] == [True] * 4
