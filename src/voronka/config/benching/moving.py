"""A stage move there and back, as a drag on the board makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median

from django.test import Client

from voronka.config.benching.examples import Move
from voronka.config.benching.measuring import ROUNDS, BadAnswerError, measure_acts
from voronka.deals import demands
from voronka.deals.models import Deal
from voronka.people.models import Person
from voronka.people.viewers import viewer_of

DEMANDS = (("field", "inn", 0), ("talk", "", 30), ("done", "quote", 0), ("next_step", "", 0))


@contextmanager
def every_demand(stage_id: int) -> Iterator[None]:
    """Have a stage softly demand one thing of each kind meanwhile."""
    by = viewer_of(Person.objects.get(role="administrator"))
    now = datetime.now(UTC)
    since, soft = now.date() - timedelta(days=1), "warn"
    rows = [
        demands.put_demand(
            stage_id=stage_id, kind=kind, what=what, least=least, level=soft, since=since,
            by=by, at=now,
        )
        for kind, what, least in DEMANDS
    ]  # fmt: skip
    try:
        yield
    finally:
        for row in rows:
            demands.drop_demand(demand_id=row.pk, by=by, at=now)


def measure_move(
    browser: Client, of: Move, *, rounds: int = ROUNDS, reason: str = ""
) -> tuple[float, float, int]:
    """Give CPU milliseconds (median, best) and the queries of a move forward with all that
    follows; it is taken back in between.

    Raises: BadAnswerError when the answer is not 303, or the deal is not where it was put.
    """
    address = f"/deals/{of.deal}/move/"
    asked = {"back": "/board/", "reason": reason}

    def put(stage_id: int) -> None:
        answer = browser.post(address, asked | {"stage": stage_id})
        if answer.status_code != 303:
            raise BadAnswerError(f"{address}: {answer.status_code}")

    def stands_on(stage_id: int) -> None:
        if not Deal.objects.filter(pk=of.deal, stage_id=stage_id).exists():
            raise BadAnswerError(f"{address}: the deal is not on stage {stage_id}")

    put(of.next_stage)
    stands_on(of.next_stage)
    put(of.stage)
    stands_on(of.stage)
    acts = [lambda: put(of.next_stage), lambda: put(of.stage)]
    times, queries = measure_acts(acts, rounds=rounds)
    stands_on(of.stage)
    forward = times[::2]
    return median(forward), min(forward), queries
