"""Who wins what is learned from outcomes, and every score is the sum of its terms."""

from random import Random

import pytest

from voronka.routing.competence import Competence
from voronka.routing.memory import from_json, to_json
from voronka.routing.skill import sigmoid

FACTORS = ("source", "product")
CASES = [{"source": s, "product": p} for s in ("сайт", "звонок") for p in ("окна", "двери")]


def taught(outcomes: int = 400) -> Competence:
    """Two people: 1 wins windows, 2 wins doors."""
    rng, known = Random(3), Competence(FACTORS)
    for _ in range(outcomes):
        case, person = rng.choice(CASES), rng.choice((1, 2))
        own = (person == 1) == (case["product"] == "окна")
        known.learn(case, person, is_won=rng.random() < (0.5 if own else 0.15))
    return known


@pytest.mark.parametrize(("product", "best"), [("окна", 1), ("двери", 2)])
def test_each_gets_what_each_wins(product: str, best: int) -> None:
    scored = taught().score({"source": "сайт", "product": product}, (1, 2))
    assert scored[0].person_id == best
    assert scored[0].chance > scored[1].chance + 0.15


def test_the_terms_sum_to_the_score_and_to_the_chance() -> None:
    known = taught()
    known.took(1, {1: 0.5, 2: 0.5})
    for case in (*CASES, {"source": "новый", "product": ""}):
        for one in known.score(case, (1, 2, 3)):
            assert one.score == pytest.approx(sum(one.terms.values()))
            told = [one.terms[name] for name in ("common", "person", *FACTORS, "pairs")]
            assert one.chance == pytest.approx(sigmoid(sum(told)))
            assert one.low < one.chance < one.high


def test_a_newcomer_is_tried_and_the_price_of_who_takes_all_rises() -> None:
    known = taught()
    newcomer = next(one for one in known.score(CASES[0], (1, 2, 9)) if one.person_id == 9)
    others = [one for one in known.score(CASES[0], (1, 2)) if one.n]
    assert newcomer.terms["trial"] > 2 * max(one.terms["trial"] for one in others)
    before = known.score(CASES[0], (1, 2))[0]
    for _ in range(30):
        known.took(before.person_id, {1: 0.5, 2: 0.5})
    assert known.score(CASES[0], (1, 2))[0].person_id != before.person_id


def test_the_same_outcomes_give_the_same_numbers_and_doubt_never_grows_beyond_the_prior() -> (
    None
):
    one, two = taught(3000), taught(3000)
    assert one.score(CASES[0], (1, 2)) == two.score(CASES[0], (1, 2))
    for skill in one.skills.values():
        for (factor, _value), place in skill.places.items():
            assert 0 < skill.covariance[place][place] <= one.spreads[factor] + 1e-9


def test_how_much_people_differ_is_learned_by_each_factor() -> None:
    rng, known = Random(5), Competence(FACTORS)
    for _ in range(6000):
        case, person = rng.choice(CASES), rng.randrange(12)
        chance = 0.55 if (person % 2 == 0) == (case["product"] == "окна") else 0.15
        known.learn(case, person, is_won=rng.random() < chance)
    assert known.spreads["product"] > 0.5**2 > 0.32**2 > known.spreads["source"]


def test_what_only_a_pair_of_values_tells_is_learned_too() -> None:
    rng, known = Random(6), Competence(FACTORS)
    for _ in range(6000):
        case, person = rng.choice(CASES), rng.randrange(12)
        is_pair = (case["source"] == "сайт") == (case["product"] == "окна")
        chance = 0.5 if is_pair == (person % 2 == 0) else 0.2
        known.learn(case, person, is_won=rng.random() < chance)
    even, odd = sorted(known.score(CASES[0], (0, 1)), key=lambda one: one.person_id)
    assert even.chance > odd.chance + 0.15
    assert even.terms["pairs"] > odd.terms["pairs"] + 0.5


def test_what_is_known_is_the_same_after_it_was_kept() -> None:
    known = taught()
    back = from_json(to_json(known))
    for case in CASES:
        for one, two in zip(known.score(case, (1, 2)), back.score(case, (1, 2)), strict=True):
            assert two.score == pytest.approx(one.score, abs=1e-4)
    old = to_json(known)
    for name in ("spreads", "outcomes"):
        del old[name]
    for skill in old["skills"]:
        del skill["pairs"]
    assert from_json(old).score(CASES[0], (1, 2))[0].person_id == 1
