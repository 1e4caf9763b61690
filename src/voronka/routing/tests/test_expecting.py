"""What is expected of a way to give inquiries out: nothing where people do not differ."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from voronka.routing.expecting import Expected, Outcome, Wins, expected_from

FACTORS = ("source", "product")
PEOPLE = range(1, 9)
Kind = tuple[str, ...]
Truth = Callable[[int, Kind], float]


def _world(spread: float, n: int, seed: int) -> tuple[list[Outcome], Truth]:
    """Draw outcomes of people who differ by so much, as a whole and by product."""
    rng = Random(seed)
    whole = {pk: rng.gauss(0, spread) for pk in PEOPLE}
    own = {(pk, one): rng.gauss(0, spread) for pk in PEOPLE for one in "xyzw"}

    def truth(person_id: int, kind: Kind) -> float:
        return min(0.95, max(0.02, 0.25 + whole[person_id] + own[person_id, kind[1]]))

    outcomes = []
    for _ in range(n):
        pk, kind = rng.choice(PEOPLE), (rng.choice("ab"), rng.choice("xyzw"))
        case = dict(zip(FACTORS, kind, strict=True))
        outcomes.append(Outcome(pk, case, rng.random() < truth(pk, kind)))
    return outcomes, truth


def _best(outcomes: list[Outcome], truth: Truth) -> tuple[Wins, float]:
    """Give every inquiry to whoever looks best: what that seems to gain, and what it does."""
    known, counts, really = expected_from(outcomes, FACTORS), Counter[tuple[int, Kind]](), 0.0
    for one in outcomes:
        kind = known.kind_of(one.case)
        best = max(PEOPLE, key=lambda pk: (known.chance(pk, kind), -pk))
        counts[best, kind] += 1
        counts[one.person_id, kind] -= 1
        really += truth(best, kind) - truth(one.person_id, kind)
    return known.wins(counts), really


@pytest.mark.parametrize("n", [80, 600])
def test_choosing_who_looks_best_gains_nothing_where_all_are_alike(n: int) -> None:
    clear = 0
    for seed in range(40):
        gain, really = _best(*_world(0.0, n, seed))
        assert really == 0.0
        clear += gain.low > 0
    assert clear == 0


def test_a_gain_that_is_there_is_found_with_its_size() -> None:
    covered, clear, guessed, there = 0, 0, 0.0, 0.0
    for seed in range(20):
        gain, really = _best(*_world(0.08, 1500, seed))
        covered += gain.low <= really <= gain.high
        clear += gain.low > 0
        guessed += gain.mean
        there += really
    assert covered >= 17
    assert clear == 20
    assert guessed == pytest.approx(there, rel=0.1)


def test_what_is_expected_of_what_was_is_what_was() -> None:
    outcomes, _ = _world(0.05, 2000, 3)
    known = expected_from(outcomes, FACTORS)
    counts = Counter((one.person_id, known.kind_of(one.case)) for one in outcomes)
    assert known.wins(counts).mean == pytest.approx(
        sum(one.is_won for one in outcomes), rel=0.02
    )
    assert known.outcomes == Counter(one.person_id for one in outcomes)


def test_one_win_proves_little_and_a_stranger_is_as_usual() -> None:
    outcomes, _ = _world(0.05, 400, 5)
    case = {"source": "a", "product": "x"}
    known = expected_from([*outcomes, Outcome(77, case, True)], FACTORS)
    usual = known.chance(0, ("a", "x"))
    assert known.chance(88, ("a", "x")) == usual
    assert usual < known.chance(77, ("a", "x")) < usual + 0.05


def test_without_outcomes_nothing_is_expected_and_nothing_is_clear() -> None:
    known = expected_from([], FACTORS)
    assert known == Expected(FACTORS)
    assert known.wins({(1, ("a", "x")): 3, (2, ("a", "x")): -3}) == Wins(0.0, 0.0, 0.0)
