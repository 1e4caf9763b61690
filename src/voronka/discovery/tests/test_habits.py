"""Skips, moves back and loops of each person, and when a difference is sure."""

import pytest

from voronka.discovery.builder import LogBuilder
from voronka.discovery.habits import Course, habits_of
from voronka.discovery.report import report_on

HOUR = 3_600_000
WAY = ("Заявка", "Замер", "КП", "Договор", "Оплата")


@pytest.mark.parametrize(
    ("steps", "again", "signs"),
    [
        ((1, 2, 3), False, []),
        ((1, 3), False, ["skips"]),
        ((2, 3), False, ["skips"]),
        ((1, 2, 1, 2, 3), True, ["backs", "loops"]),
        ((1, 3, 2, 3), True, ["skips", "backs", "loops"]),
        ((1, 2), True, ["loops"]),
    ],
)
def test_what_a_course_shows(steps: tuple[int, ...], again: bool, signs: list[str]) -> None:
    assert Course("Анна", steps, again).signs == signs


def test_a_reopened_deal_begins_where_it_stands_and_skips_nothing() -> None:
    assert Course("Анна", (3, 4), False, is_whole=False).signs == []
    assert Course("Анна", (2, 4), False, is_whole=False).signs == ["skips"]


def test_only_a_sure_difference_is_flagged_and_never_on_few_cases() -> None:
    courses = [
        Course("Анна", (1, 2, 3), False, n=160),
        Course("Анна", (1, 3), False, n=40),
        Course("Борис", (1, 2, 3), False, n=30),
        Course("Борис", (1, 3), False, n=30, deal_id=7),
        Course("Вера", (1, 2, 3), False, n=16),
        Course("Вера", (1, 3), False, n=6),
        Course("Новый", (1, 3), False, n=9),
    ]
    told = habits_of(courses)
    lines = {one["person"]: one for one in told["people"]}
    assert list(lines) == ["Анна", "Борис", "Вера", "Новый"]
    assert {who: one["flags"] for who, one in lines.items()} == {
        "Анна": [], "Борис": ["skips"], "Вера": [], "Новый": [],
    }  # fmt: skip
    assert (lines["Новый"]["skips"], lines["Новый"]["is_few"]) == (9, True)
    assert lines["Борис"]["deals"] == {"skips": [7]}
    assert (told["cases"], told["all"]["skips"]["n"]) == (291, 85)
    assert told["all"]["skips"]["low"] < 85 / 291 < told["all"]["skips"]["high"]


def test_a_log_s_cases_go_to_who_did_most_in_them() -> None:
    builder = LogBuilder()
    for n in range(60):
        steps = [0, 1, 2, 3, 4] if n < 40 else [0, 1, 2, 1, 2, 3, 4]
        who = "Анна" if n < 40 else "Борис"
        for k, step in enumerate(steps):
            person = "Секретарь" if k == 0 else who
            builder.add(f"c{n}", WAY[step], (10 * k + n) * HOUR, person)
    told = report_on(builder.finish()).to_json()["habits"]
    lines = {one["person"]: one for one in told["people"]}
    assert {who: (one["n"], one["backs"], one["loops"]) for who, one in lines.items()} == {
        "Анна": (40, 0, 0), "Борис": (20, 20, 20),
    }  # fmt: skip
    assert lines["Борис"]["flags"] == ["backs", "loops"]


def test_the_order_inside_a_minute_is_no_move_back() -> None:
    builder = LogBuilder()
    for n in range(40):
        for k, activity in enumerate(("Заявка", "КП", "Замер", "Договор", "Оплата")):
            late = 10 * k if activity not in ("КП", "Замер") or n > 1 else 10
            builder.add(f"c{n}", activity if n < 2 else WAY[k], late * HOUR, "Анна")
    told = report_on(builder.finish()).to_json()["habits"]
    assert told["people"][0]["backs"] == 0
