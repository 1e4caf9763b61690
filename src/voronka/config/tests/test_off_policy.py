"""What another way of choosing would have given, checked where the truth is known."""

from pathlib import Path
from random import Random

import pytest

from voronka.config.benching.off_policy import Case, by_propensity, doubly_robust, told_by
from voronka.config.commands import bench

CHANCE = {0: 0.2, 1: 0.6}


def logged(n: int, *, seed: int, guess: float) -> list[Case]:
    """Cases given to the better one three times of ten; the other way always takes them. The
    model knows nothing: one guess for everybody.
    """
    rng, cases = Random(seed), []
    for place in range(n):
        person = int(rng.random() < 0.3)
        got = float(rng.random() < CHANCE[person])
        share = 0.3 if person else 0.7
        cases.append(Case(got, person == 1, share, guess, guess, place // 20))
    return cases


def test_both_find_the_true_gain_whatever_the_model_guesses() -> None:
    truth = 0.6 - (0.3 * 0.6 + 0.7 * 0.2)
    for guess in (0.1, 0.4, 0.9):
        cases = logged(8_000, seed=4, guess=guess)
        assert doubly_robust(cases).value == pytest.approx(truth, abs=0.03)
        assert by_propensity(cases).value == pytest.approx(truth, abs=0.03)
    assert told_by(logged(1000, seed=4, guess=0.4)) == pytest.approx(300, abs=30)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = 0.28
    found = [doubly_robust(logged(400, seed=seed, guess=0.3)) for seed in range(30)]
    assert sum(one.low <= truth <= one.high for one in found) >= 26
    assert all(one.is_told_apart for one in found)


def test_no_choice_shared_tells_nothing_and_files_that_are_missing_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = [Case(1.0, False, 0.5, 0.4, 0.4, 1)]
    assert by_propensity(alone * 2).value == told_by(alone) == 0.0
    assert bench.run(["routing", "--olist", str(tmp_path)]) == 2
    assert "olist_marketing_qualified_leads" in capsys.readouterr().err
