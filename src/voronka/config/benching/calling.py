"""The page of calls over a million calls: two years of twenty sellers, made up and measured."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from voronka.calls.day_models import CallDay
from voronka.calls.day_sums import Rules, lay_days, rules_of
from voronka.calls.models import Call
from voronka.calls.past_call_backs import lay_past_of_all
from voronka.clients.models import Phone
from voronka.config.benching.measuring import browser_of, measure_page
from voronka.config.benching.peers import seed_peers
from voronka.config.benching.results import Result
from voronka.deals.models import Stage
from voronka.foundation.bulk_rows import insert, refresh_statistics, reserve
from voronka.journal.queries import has_batch
from voronka.people import settings
from voronka.people.models import Person

CALLS, SPAN = 1_000_000, timedelta(days=730)
BAR_MS, QUERIES = 60.0, 8
SLICE, STRANGERS = 50_000, 60_000
SCALE = 0.05
LINES = ("+74950000001", "+74950000002", "+78120000003")
COLUMNS = (
    "id", "started_at", "direction", "phone", "client_id", "deal_id", "manager_id",
    "is_answered", "wait_seconds", "talk_seconds", "outcome", "line", "stage_id", "source_id",
)  # fmt: skip
PAGES = (
    ("calls, today", ""),
    ("calls, this week", "?period=week"),
    ("calls, this month", "?period=month"),
    ("calls, missed this month", "?period=month&what=not_returned"),
    ("calls, a manager's month", "?period=month&manager={manager}"),
    ("calls to hear", "listen/"),
)
Progress = Callable[[int, str], None]


def make_up(calls: int, progress: Progress) -> None:
    """Bring the base of this process to so many calls; what is there stays."""
    if not has_batch("bench"):
        seed_peers(now=datetime.now(UTC), progress=lambda _n, _part: None, scale=SCALE)
    lacking = calls - Call.objects.count()
    if lacking > 0:
        fill(lacking, now=datetime.now(UTC), progress=progress)


def fill(n: int, *, now: datetime, progress: Progress, seed: int = 23) -> None:
    """Add calls of working days and hours, mostly; refresh what the planner knows."""
    rng, sellers = Random(seed), _ids(Person.objects.filter(role="manager"))
    stages = [None, *_ids(Stage.objects.all())]
    numbers = [
        *Phone.objects.exclude(client=None).values_list("e164", "client_id", "client__source"),
        *((f"+7900{one:07}", None, None) for one in range(STRANGERS)),
    ]
    for done in range(0, n, SLICE):
        rows = [_row(rng, now, sellers, stages, numbers) for _ in range(min(SLICE, n - done))]
        with transaction.atomic():
            ids = reserve(Call, len(rows))
            insert(Call, COLUMNS, ((pk, *row) for pk, row in zip(ids, rows, strict=True)))
        progress(done, "calls")
    lay_past_of_all()
    refresh_statistics()


def call_results(*, calls: int, progress: Progress) -> Iterator[Result]:
    """Measure the pages of calls, and what laying the days down costs."""
    make_up(calls, progress)
    known = settings.all_settings()
    rules = rules_of(known, settings.calendar(known))
    yield from _laying(rules)
    browser = browser_of(Person.objects.filter(role="head").order_by("pk")[0].pk)
    manager = _ids(Person.objects.filter(role="manager"))[0]
    n = Call.objects.count()
    for name, address in PAGES:
        found = measure_page(browser, f"/calls/{address.format(manager=manager)}")
        how = f"best {found.best_ms:.1f}, first {found.first_ms:.1f}; of {n:,} calls"
        yield Result(name, found.cpu_ms, "CPU ms", BAR_MS, how)
        how = f"{found.first_queries} right after the setup changed"
        yield Result(f"{name}: queries", found.queries, "queries", QUERIES, how)


def _laying(rules: Rules) -> Iterator[Result]:
    begun = time.process_time()
    laid = lay_days(now=datetime.now(UTC), rules=rules)
    spent = time.process_time() - begun
    if laid:
        per_day = 1000 * spent / laid
        yield Result("laying a day down", per_day, "CPU ms", None, f"{laid} days, once")
    rows = CallDay.objects.count()
    yield Result("rows of days", rows, "rows", None, "one for all and one per person")


def _row(
    rng: Random,
    now: datetime,
    sellers: list[int],
    stages: list[int | None],
    numbers: list[tuple[str, int | None, int | None]],
) -> tuple[Any, ...]:
    phone, client_id, source_id = rng.choice(numbers)
    is_in, answered = rng.random() < 0.4, rng.random() < 0.75
    outcome = (
        "answered" if answered else "missed" if is_in else rng.choice(("busy", "no_answer"))
    )
    talk = min(5 + int(rng.lognormvariate(4.6, 0.95)), 3000) if answered else 0
    return (
        _moment(rng, now), "in" if is_in else "out", phone, client_id, None,
        rng.choice(sellers),
        answered, 2 + int(rng.expovariate(1 / 14)), talk, outcome, rng.choice(LINES),
        rng.choice(stages), source_id,
    )  # fmt: skip


def _moment(rng: Random, now: datetime) -> datetime:
    """Draw a moment of the span: nine of ten between 9 and 18 in Moscow, few at week-ends."""
    while True:
        at = now - SPAN * rng.random()
        hour = (at.hour + 3) % 24
        if at.weekday() >= 5 and rng.random() < 0.85:
            continue
        if 9 <= hour < 18 or rng.random() < 0.06:
            return at.replace(microsecond=0)


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
