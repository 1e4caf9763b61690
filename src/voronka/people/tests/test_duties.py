"""Hours, limits, a pause, skills, absences: each a fact, each only by whom it behoves."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.journal.models import Fact
from voronka.people.absences import BadAbsenceError, cancel_absence, put_absence
from voronka.people.duties import DutyRow, duties, duty_of
from voronka.people.duty_changes import BadDutyError, set_duty, set_pause, set_skill
from voronka.people.models import Absence, Duty, Skill

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK: list[tuple[int, int] | None] = [(540, 1080)] * 5 + [None, None]


def facts(kind: str) -> list[dict[str, Any]]:
    return [
        dict(body)
        for body in Fact.objects.filter(kind=kind).order_by("pk").values_list("body", flat=True)
    ]


@pytest.fixture
def put(cast: SimpleNamespace) -> Callable[..., None]:
    """Write olga's duty as the head."""

    def made(who: str = "vera", **more: Any) -> None:
        usual: dict[str, Any] = {"week": [], "cap": None, "weight_percent": 100}
        usual |= {"most_open": None, "person_id": cast.olga.pk}
        set_duty(**usual | more, by=cast.see(who), at=MONDAY)

    return made


def test_a_duty_is_written_once_with_what_was_before(
    cast: SimpleNamespace, put: Callable[..., None]
) -> None:
    assert duty_of(cast.olga.pk) == DutyRow()
    put()
    assert (Duty.objects.count(), facts("person.duty_changed")) == (0, [])
    put(week=WEEK, cap=5, weight_percent=50, most_open=40)
    put(week=WEEK, cap=5, weight_percent=50, most_open=40)
    row = duty_of(cast.olga.pk)
    assert (row.week, row.cap, row.weight_percent, row.most_open) == (tuple(WEEK), 5, 50, 40)
    (fact,) = facts("person.duty_changed")
    assert (fact["before"]["cap"], fact["after"]["cap"]) == (None, 5)


@pytest.mark.parametrize(
    "more",
    [
        {"week": WEEK[:6]},
        {"week": [None] * 7},
        {"week": [(600, 540)] * 7},
        {"week": [(0, 1441)] * 7},
        {"weight_percent": 0},
        {"weight_percent": 301},
        {"cap": -1},
        {"most_open": 10_000},
    ],
)
def test_what_cannot_be_is_refused(put: Callable[..., None], more: dict[str, Any]) -> None:
    with pytest.raises(BadDutyError):
        put(**more)
    assert (Duty.objects.count(), Fact.objects.count()) == (0, 0)


def test_only_who_changes_people_writes_duties_skills_and_absences(
    cast: SimpleNamespace, put: Callable[..., None]
) -> None:
    for who in ("olga", "lev", "audit"):
        by = cast.see(who)
        with pytest.raises(PermissionError):
            put(who, cap=1)
        with pytest.raises(PermissionError):
            set_skill(person_id=cast.olga.pk, skill="Окна", level=1, by=by, at=MONDAY)
        with pytest.raises(PermissionError):
            put_absence(
                person_id=cast.olga.pk, kind="sick", first_on=MONDAY.date(),
                last_on=MONDAY.date(), stands_in_id=None, by=by, at=MONDAY,
            )  # fmt: skip
    assert Fact.objects.count() == 0


def test_a_pause_is_set_by_the_person_the_lead_or_the_head(cast: SimpleNamespace) -> None:
    def pause(who: str, *, is_paused: bool) -> None:
        set_pause(
            person_id=cast.olga.pk, is_paused=is_paused, reason=" на объекте ",
            by=cast.see(who), at=MONDAY,
        )  # fmt: skip

    for who in ("olga", "lev", "vera"):
        pause(who, is_paused=True)
        assert duty_of(cast.olga.pk).paused_at == MONDAY
        assert duty_of(cast.olga.pk).pause_reason == "на объекте"
        pause(who, is_paused=True)
        pause(who, is_paused=False)
        assert duty_of(cast.olga.pk).pause_reason == ""
    assert [fact["is_paused"] for fact in facts("person.pause_set")] == [True, False] * 3
    for who in ("oleg", "audit"):
        with pytest.raises(PermissionError):
            pause(who, is_paused=True)


def test_a_skill_has_one_level_whatever_its_case(cast: SimpleNamespace) -> None:
    for skill, level in (("Окна  ПВХ", 1), ("окна пвх", 3), ("Окна ПВХ", 3), ("Английский", 2)):
        set_skill(
            person_id=cast.olga.pk, skill=skill, level=level, by=cast.see("vera"), at=MONDAY
        )
    assert duty_of(cast.olga.pk).skills == {"Окна ПВХ": 3, "Английский": 2}
    set_skill(
        person_id=cast.olga.pk, skill="английский", level=0, by=cast.see("vera"), at=MONDAY
    )
    assert [(one.name, one.level) for one in Skill.objects.all()] == [("Окна ПВХ", 3)]
    assert [(one["was"], one["level"]) for one in facts("person.skill_set")] == [
        (0, 1), (1, 3), (0, 2), (2, 0),
    ]  # fmt: skip
    with pytest.raises(BadDutyError):
        set_skill(person_id=cast.olga.pk, skill="Окна", level=4, by=cast.see("vera"), at=MONDAY)


def test_an_absence_holds_both_days_and_can_be_taken_back(cast: SimpleNamespace) -> None:
    first, by = date(2026, 3, 10), cast.see("vera")
    days: dict[str, Any] = {"first_on": first, "last_on": first + 4 * DAY}
    days |= {"person_id": cast.olga.pk, "kind": "vacation", "by": by, "at": MONDAY}
    made = put_absence(**days, stands_in_id=cast.oleg.pk)
    assert put_absence(**days, stands_in_id=cast.oleg.pk) == made
    row = duties()[cast.olga.pk]
    assert [row.away_on(first + n * DAY) is not None for n in (-1, 0, 4, 5)] == [
        False, True, True, False,
    ]  # fmt: skip
    away = row.away_on(first)
    assert away is not None
    assert away.stands_in_id == cast.oleg.pk
    for _ in range(2):
        cancel_absence(absence_id=made.pk, by=by, at=MONDAY)
    assert cast.olga.pk not in duties()
    assert [one["is_cancelled"] for one in facts("person.absence_put")] == [False, True]


@pytest.mark.parametrize(
    "more",
    [
        {"last_on": date(2026, 3, 9)},
        {"last_on": date(2029, 12, 1)},
        {"kind": "holiday"},
        {"stands_in_id": "own"},
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    cast: SimpleNamespace, more: dict[str, Any]
) -> None:
    day = date(2026, 3, 10)
    given: dict[str, Any] = {"kind": "sick", "first_on": day, "last_on": day}
    given |= {"stands_in_id": None, "person_id": cast.olga.pk} | more
    if given["stands_in_id"] == "own":
        given["stands_in_id"] = cast.olga.pk
    with pytest.raises(BadAbsenceError):
        put_absence(**given, by=cast.see("vera"), at=MONDAY)
    assert (Absence.objects.count(), Fact.objects.count()) == (0, 0)
