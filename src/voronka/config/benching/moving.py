"""A stage move there and back, as a drag on the board makes it."""

from statistics import median

from django.test import Client

from voronka.config.benching.examples import Move
from voronka.config.benching.measuring import ROUNDS, BadAnswerError, measure_acts
from voronka.deals.models import Deal


def measure_move(
    browser: Client, of: Move, *, rounds: int = ROUNDS
) -> tuple[float, float, int]:
    """Give CPU milliseconds (median, best) and the queries of a move with all that follows.

    Raises: BadAnswerError when the answer is not 303, or the deal is not where it was put.
    """
    address = f"/deals/{of.deal}/move/"

    def put(stage_id: int) -> None:
        answer = browser.post(address, {"stage": stage_id, "back": "/board/"})
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
    return median(times), min(times), queries
