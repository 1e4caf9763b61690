"""Speed of the answer and expected money: learned, drawn to the usual, told in terms."""

from math import exp, log
from random import Random

import pytest

from voronka.routing.barring import Candidate
from voronka.routing.choosing import choose
from voronka.routing.competence import Competence
from voronka.routing.measured import seconds
from voronka.routing.memory import from_json, to_json
from voronka.routing.rules import Asked, Rule
from voronka.routing.scored import expected
from voronka.routing.skill import WHOLE, sigmoid

FACTORS = ("source", "product", "band")
CASES = [
    {"source": source, "product": product, "band": "1"}
    for source in ("сайт", "выставка")
    for product in ("окна", "двери")
]
BY_MONEY = Rule(1, "", frozenset((1, 2, 3)), way="money", is_last=True)


def taught(*, matters: float, seed: int = 2) -> Competence:
    """The first answers in half the usual time, the second in twice the usual; an answer that
    is e times quicker adds `matters` to the logit, and nothing else tells them apart. The
    third one wins as often as anybody and sells for twice as much.
    """
    rng, known = Random(seed), Competence(FACTORS)
    slower = {1: -log(2), 2: log(2), 3: 0.0}
    heard = []
    for _ in range(3000):
        case, person = rng.choice(CASES), rng.choice((1, 2, 3))
        late = slower[person] + rng.gauss(0, 0.8)
        known.waited(case, person, 1800 * exp(late))
        heard.append((case, person, late))
    for case, person, late in heard:
        is_won = rng.random() < sigmoid(-1 - matters * late)
        known.learn(case, person, is_won=is_won, waited=1800 * exp(late))
        if is_won:
            usual = 100_000_00 * (2 if person == 3 else 1)
            known.won_sum(case, person, round(usual * exp(rng.gauss(0, 0.5))))
    return known


def test_how_soon_each_answers_is_told_by_segment_and_drawn_to_the_usual() -> None:
    rng, waits = Random(1), seconds()
    for n in range(900):
        person, product = n % 3, rng.choice(("окна", "двери"))
        slow = 1.0 if (person, product) == (0, "окна") else 0.0
        waits.learn(person, [WHOLE, ("product", product)], 600 * exp(slow + rng.gauss(0, 1)))
    windows, doors = ([WHOLE, ("product", name)] for name in ("окна", "двери"))
    assert waits.beside(0, windows) > waits.beside(0, doors) + 0.2
    assert waits.beside(0, windows) > waits.beside(1, windows) + 0.5
    waits.learn(9, windows, 600 * exp(3))
    assert 0 < waits.beside(9, windows) < 0.5
    assert waits.beside(10, windows) == 0


def test_the_speed_of_answers_is_a_term_as_far_as_outcomes_show_that_it_matters() -> None:
    known = taught(matters=0.6)
    assert known.speed.mean == pytest.approx(0.6, abs=0.2)
    terms = {one.person_id: one.terms for one in known.score(CASES[0], (1, 2))}
    assert terms[1]["speed"] > 0.15 > -0.15 > terms[2]["speed"]
    idle = taught(matters=0.0)
    assert abs(idle.speed.mean) < 0.1
    assert all(abs(one.terms["speed"]) < 0.08 for one in idle.score(CASES[0], (1, 2)))


def test_expected_money_is_told_in_terms_that_sum_to_the_score() -> None:
    known = taught(matters=0.6)
    known.prices = {1: 0.4, 2: 0.1}
    for case in (*CASES, {"source": "новый"}):
        for one in known.score(case, (1, 2, 3, 4), kopecks=300_000_00):
            assert one.unit == "rubles"
            assert one.score == pytest.approx(sum(one.terms.values()))
            sells_for = 1 + one.terms["check"] / (300_000 * one.chance)
            assert expected(one.terms) == pytest.approx(300_000 * one.chance * sells_for)
    by_wins = {one.person_id: one.chance for one in known.score(CASES[0], (1, 2, 3))}
    by_money = {one.person_id: one for one in known.score(CASES[0], (1, 2, 3), kopecks=10**7)}
    assert {pk: one.chance for pk, one in by_money.items()} == by_wins
    assert by_money[3].terms["check"] > 0.3 * 100_000 * by_wins[3]
    assert by_money[1].terms["check"] < 0


def test_by_money_a_large_inquiry_is_worth_the_time_of_the_best_and_a_small_one_is_not() -> (
    None
):
    known = taught(matters=0.6)
    people = [Candidate(one) for one in (1, 2, 3)]

    def goes_to(kopecks: int | None) -> tuple[int | None, str]:
        known.prices = {1: 0.0, 2: 0.0, 3: 0.6}
        asked = Asked(CASES[0], kopecks)
        made = choose(CASES[0], people, known, rules=(BY_MONEY,), asked=asked)
        return made.person_id, made.scored[0].unit

    assert goes_to(2_000_000_00) == (3, "rubles")
    assert goes_to(10_000_00) == (1, "rubles")
    assert goes_to(None) == goes_to(0) == (1, "logits")


def test_what_was_measured_is_the_same_after_it_was_kept() -> None:
    known = taught(matters=0.6)
    known.edges = (100_000_00, 500_000_00)
    back = from_json(to_json(known))
    for kopecks in (None, 300_000_00):
        kept = known.score(CASES[0], (1, 2, 3), kopecks=kopecks)
        for one, two in zip(
            kept, back.score(CASES[0], (1, 2, 3), kopecks=kopecks), strict=True
        ):
            assert two.score == pytest.approx(one.score, rel=1e-3, abs=1e-3)
    assert [back.band(sum_) for sum_ in (None, 0, 1, 100_000_00, 700_000_00)] == [
        "", "", "1", "2", "3",
    ]  # fmt: skip
