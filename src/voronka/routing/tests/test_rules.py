"""Ordered rules: what each takes, whom it allows, how it chooses, what is said of others."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from voronka.routing.barring import Candidate
from voronka.routing.choosing import Decision, choose
from voronka.routing.competence import Competence
from voronka.routing.rules import Asked, Rule, Wants

CASE = {"source": "сайт", "product": "окна", "region": "Москва", "language": "ru"}
NINE, TEN = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (9, 10))
ALL = frozenset({1, 2, 3})
LAST = Rule(9, "Все остальные", ALL, is_last=True)


def decide(*candidates: Candidate, **more: Any) -> Decision:
    return choose(CASE, candidates, Competence(("source", "product")), **more)


def wants(**values: str) -> Wants:
    return Wants({name: frozenset(value.split("|")) for name, value in values.items()})


@pytest.mark.parametrize(
    ("asks", "fits"),
    [
        (Wants(), True),
        (wants(source="сайт|почта"), True),
        (wants(source="почта"), False),
        (wants(region="Москва", product="окна"), True),
        (wants(region="Москва", product="двери"), False),
        (wants(colour="белый"), False),
        (Wants(least=100), True),
        (Wants(least=101), False),
        (Wants(most=100), False),
        (Wants(least=50, most=101), True),
        (Wants(weekdays=frozenset({0, 1})), True),
        (Wants(weekdays=frozenset({5, 6})), False),
        (Wants(since=600, until=660), True),
        (Wants(since=600, until=630), False),
        (Wants(since=631), False),
        (Wants(until=631), True),
        (Wants(since=1320, until=360), False),
        (Wants(since=1320, until=660), True),
        (Wants(in_hours=True), True),
        (Wants(in_hours=False), False),
    ],
)
def test_a_rule_takes_what_it_names(asks: Wants, fits: bool) -> None:
    asked = Asked(CASE, amount_kopecks=100, weekday=1, minute=630, is_open=True)
    assert asks.fit(asked) == fits


def test_a_sum_that_nobody_said_fits_no_bounds() -> None:
    assert not Wants(least=1).fit(Asked(CASE))
    assert not Wants(most=10**9).fit(Asked(CASE))
    assert Wants().fit(Asked(CASE))


def test_the_first_rule_that_has_somebody_narrows_and_the_passed_ones_are_named() -> None:
    first = Rule(1, "Москва", frozenset({1}), wants(region="Москва"))
    second = Rule(2, "Окна", frozenset({2}), wants(product="окна"))
    other = Rule(3, "Двери", frozenset({3}), wants(product="двери"))
    rules = (other, first, second, LAST)
    found = decide(Candidate(1), Candidate(2), Candidate(3), rules=rules)
    assert (found.person_id, found.how, found.rule_id, found.rule) == (1, "rule", 1, "Москва")
    assert dict(found.barred) == {2: "rule", 3: "rule"}
    found = decide(Candidate(1, is_paused=True), Candidate(2), Candidate(3), rules=rules)
    assert (found.person_id, found.rule, found.passed) == (2, "Окна", ("Москва",))
    away = (Candidate(1, is_paused=True), Candidate(2, is_absent=True), Candidate(3))
    found = decide(*away, rules=rules)
    assert (found.person_id, found.how, found.rule_id) == (3, "competence", 9)
    assert found.passed == ("Москва", "Окна")
    assert dict(found.barred) == {1: "paused", 2: "absent"}


def test_a_skill_is_asked_at_its_level_and_may_be_what_the_inquiry_says() -> None:
    people = [Candidate(pk, skills={"окна": pk}) for pk in (1, 2, 3)]
    by_product = Rule(1, "Знают товар", ALL, skill="*product", level=3)
    found = decide(*people, rules=(by_product, LAST))
    assert (found.person_id, dict(found.barred)) == (3, {1: "skill", 2: "skill"})
    english = Rule(2, "По-английски", ALL, skill="английский", level=1)
    found = decide(*people, rules=(english, LAST))
    assert (found.how, found.passed) == ("competence", ("По-английски",))
    # An inquiry that names no product asks for no skill.
    bare = choose({}, people, Competence(()), rules=(by_product, LAST))
    assert (bare.how, len(bare.scored)) == ("rule", 3)


def test_a_rules_own_cap_counts_what_came_by_it() -> None:
    capped = Rule(1, "Дорогие", frozenset({1, 2}), cap=2)
    found = decide(
        Candidate(1, taken=9), Candidate(2), rules=(capped, LAST), given={(1, 1): 1, (1, 2): 2}
    )
    assert (found.person_id, dict(found.barred)) == (1, {2: "rule_cap"})
    found = decide(Candidate(1), Candidate(3), rules=(capped, LAST), given={(1, 1): 2})
    assert found.rule_id == 9


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (Candidate(1, is_active=False), "inactive"),
        (Candidate(1, is_absent=True), "absent"),
        (Candidate(1, is_paused=True), "paused"),
        (Candidate(1, taken=5, cap=5), "cap"),
        (Candidate(1, open_work=45, most_open=45), "full"),
        (Candidate(1, starts_at=NINE), "off_shift"),
    ],
)
def test_nobody_is_chosen_who_cannot_and_why_not_is_said(one: Candidate, why: str) -> None:
    found = decide(one, Candidate(2), rules=(LAST,))
    assert (found.person_id, dict(found.barred)) == (2, {1: why})


def test_out_of_all_shifts_whoever_starts_first_gets_it() -> None:
    late, early = Candidate(1, starts_at=TEN), Candidate(2, starts_at=NINE)
    found = decide(late, early, rules=(LAST,))
    assert (found.person_id, found.starts_at) == (2, NINE)
    assert dict(found.barred) == {1: "off_shift"}
    # Of a rule's own people first, though others start sooner.
    named = Rule(1, "Ночные", frozenset({1}))
    found = decide(late, early, rules=(named, LAST))
    assert (found.person_id, found.rule, found.starts_at) == (1, "Ночные", TEN)
    # Yet who is on shift now goes before those of an earlier rule who are not.
    found = decide(late, Candidate(2), rules=(named, LAST))
    assert (found.person_id, found.passed, found.starts_at) == (2, ("Ночные",), None)


def test_nobody_at_all_is_said_with_every_reason() -> None:
    found = decide(Candidate(1, is_absent=True), Candidate(2, taken=1, cap=1), rules=(LAST,))
    assert (found.person_id, found.how) == (None, "nobody")
    assert dict(found.barred) == {1: "absent", 2: "cap"}
    named = Rule(1, "Свои", frozenset({3}), is_last=True)
    assert decide(Candidate(1), rules=(named,)).how == "nobody"


def test_an_absent_owner_is_stood_in_for_unless_that_one_is_away_too() -> None:
    owner = Candidate(1, is_absent=True, stands_in_id=2)
    found = decide(owner, Candidate(2, taken=9, cap=9), Candidate(3), owner_id=1, rules=(LAST,))
    assert (found.person_id, found.how, found.barred) == (2, "stands_in", ((1, "absent"),))
    away = Candidate(2, is_absent=True)
    found = decide(owner, away, Candidate(3), owner_id=1, rules=(LAST,))
    assert (found.person_id, found.how) == (3, "competence")
    off = Candidate(1, starts_at=NINE, is_paused=True)
    found = decide(off, Candidate(2), owner_id=1, rules=(LAST,))
    assert (found.person_id, found.how, found.starts_at) == (1, "owner", NINE)


def dealt(rule: Rule, people: dict[int, Candidate], n: int) -> Counter[int]:
    """Deal so many inquiries by a rule; each stays open."""
    got: Counter[int] = Counter()
    last = 0
    for _ in range(n):
        found = decide(*people.values(), rules=(rule,), last_id=last)
        pk = last = found.person_id or 0
        got[pk] += 1
        one = people[pk]
        people[pk] = replace(one, taken=one.taken + 1, open_work=one.open_work + 1)
    return got


def test_in_turn_everybody_gets_as_many_by_weight() -> None:
    turn = replace(LAST, way="turn")
    people = {pk: Candidate(pk) for pk in (1, 2, 3)}
    for n in range(1, 20):
        got = dealt(turn, dict(people), n)
        assert max(got.values()) - min(got[pk] for pk in people) <= 1
    people[1] = Candidate(1, weight=0.5)
    assert dealt(turn, dict(people), 50) == {1: 10, 2: 20, 3: 20}


def test_in_turn_the_round_goes_on_the_next_day() -> None:
    turn = replace(LAST, way="turn")
    people = [Candidate(pk) for pk in (1, 2, 3)]
    assert [decide(*people, rules=(turn,), last_id=pk).person_id for pk in (0, 1, 2, 3)] == [
        1, 2, 3, 1,
    ]  # fmt: skip


def test_least_busy_is_who_has_the_least_open_for_the_weight() -> None:
    busy = replace(LAST, way="least_busy")
    people = [
        Candidate(1, open_work=30),
        Candidate(2, open_work=12),
        Candidate(3, open_work=20),
    ]
    assert decide(*people, rules=(busy,)).person_id == 2
    people[1] = replace(people[1], weight=0.25)
    found = decide(*people, rules=(busy,))
    assert [one.person_id for one in found.scored] == [3, 1, 2]
    assert found.way == "least_busy"


def test_a_newcomer_is_not_flooded_when_loads_are_counted_by_the_day() -> None:
    turn = replace(LAST, way="turn")
    people = {1: Candidate(1), 2: Candidate(2), 3: Candidate(3)}
    before = dealt(turn, people, 30)
    today = {pk: Candidate(pk) for pk in before}
    assert dealt(turn, today, 9) == {1: 3, 2: 3, 3: 3}
