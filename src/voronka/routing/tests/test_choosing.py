"""Whose client first, then the score; nobody inactive, absent or full."""

import pytest

from voronka.routing.barring import Candidate
from voronka.routing.choosing import Decision, choose, fair_shares
from voronka.routing.competence import Competence

CASE = {"source": "сайт", "product": "окна"}


def decide(*candidates: Candidate, **more: object) -> Decision:
    known = Competence(("source", "product"))
    for _ in range(50):
        known.learn(CASE, 1, is_won=True)
        known.learn(CASE, 2, is_won=False)
    return choose(CASE, candidates, known, **more)  # type: ignore[arg-type]


def test_the_best_of_those_who_may() -> None:
    found = decide(Candidate(1), Candidate(2))
    assert (found.person_id, found.how) == (1, "competence")
    assert [one.person_id for one in found.scored] == [1, 2]


@pytest.mark.parametrize(
    ("best", "why"),
    [
        (Candidate(1, is_active=False), "inactive"),
        (Candidate(1, is_absent=True), "absent"),
        (Candidate(1, taken=3, cap=3), "cap"),
    ],
)
def test_who_may_not_is_named_with_the_reason(best: Candidate, why: str) -> None:
    found = decide(best, Candidate(2))
    assert (found.person_id, found.barred) == (2, ((1, why),))
    assert decide(best).how == "nobody"


def test_an_own_client_goes_to_the_owner_beyond_the_cap_but_not_when_away() -> None:
    full, away = Candidate(2, taken=9, cap=3), Candidate(2, is_absent=True)
    assert decide(Candidate(1), full, owner_id=2).how == "owner"
    assert decide(Candidate(1), away, owner_id=2).person_id == 1
    assert decide(Candidate(1), owner_id=7).person_id == 1


def test_a_price_rises_only_beyond_what_the_cap_lets_or_somewhat_more_than_an_even_share() -> (
    None
):
    two = [Candidate(1, cap=11), Candidate(2, cap=11)]
    assert fair_shares(two) == {1: 0.85, 2: 0.85}
    assert fair_shares(two, 20.0) == {1: pytest.approx(0.5335), 2: pytest.approx(0.5335)}
    assert fair_shares([Candidate(1), Candidate(2, is_absent=True)], 20.0) == {1: 1.7}
