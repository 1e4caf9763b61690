"""The bench of calls fills what it says, and its pages keep to eight queries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from voronka.calls.day_models import CallDay
from voronka.calls.day_sums import lay_days, rules_of
from voronka.calls.models import Call
from voronka.config.benching.calling import PAGES, QUERIES, fill
from voronka.config.benching.measuring import browser_of, measure_page
from voronka.config.benching.peers import seed_peers
from voronka.people import settings as known_settings
from voronka.people.models import Person


def test_the_pages_of_calls_answer_within_eight_queries_laid_down_or_not(
    db: None, settings: Any
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the bench measures SQLite")
    settings.IS_DEMO = True
    now = datetime.now(UTC)
    seed_peers(now=now, progress=lambda _done, _part: None, scale=0.01)
    before = Call.objects.count()
    fill(2_000, now=now, progress=lambda _done, _part: None)
    assert Call.objects.count() == before + 2_000
    head = browser_of(Person.objects.filter(role="head").order_by("pk")[0].pk)
    manager = Person.objects.filter(role="manager").order_by("pk")[0].pk
    known = known_settings.all_settings()
    rules = rules_of(known, known_settings.calendar(known))
    sizes = []
    for _ in range(2):
        for name, address in PAGES:
            there = f"/calls/{address.format(manager=manager)}"
            found = measure_page(head, there, rounds=1)
            assert found.queries <= QUERIES, name
            sizes.append(found.bytes_plain)
        lay_days(now=now, rules=rules)
    # Laid down or counted, the pages say the same.
    assert sizes[: len(PAGES)] == sizes[len(PAGES) :]
    assert CallDay.objects.filter(person_id=0).count() > 300
