"""Skips and repeats beside those that kept the way; counted by hand."""

from voronka.discovery.builder import LogBuilder
from voronka.discovery.detours import Passage, detours_of
from voronka.discovery.report import report_on

HOUR = 3_600_000
DAY = 24 * HOUR
WAY = ("Заявка", "Замер", "КП", "Оплата")


def alike(n: int, stages: set[int], outcome: str, days: int, again: int = 0) -> Passage:
    repeated = frozenset({again}) if again else frozenset[int]()
    return Passage(frozenset(stages), repeated, outcome, (days * DAY,) * n)


def test_a_skip_is_compared_with_those_that_came_beyond_by_way_of_the_stage() -> None:
    told = detours_of(
        [
            alike(60, {1, 2, 3}, "won", 10),
            alike(60, {1, 2, 3}, "lost", 8),
            alike(5, {1, 2, 3}, "open", 99),
            alike(4, {1, 3}, "won", 20),
            alike(36, {1, 3}, "lost", 24),
            alike(100, {1, 2}, "lost", 1),
        ],
        [["Заявка"], ["Замер"], ["КП"]],
    )
    (line,) = told
    assert (line["kind"], line["stage"], line["n"]) == ("skip", ["Замер"], 40)
    assert line["share"] == round(40 / 165, 4)
    assert (line["won"], line["closed"], line["days"]) == (4, 40, 24)
    assert (line["others_won"], line["others_closed"], line["others_days"]) == (60, 120, 10)
    assert line["is_sure"]


def test_a_repeat_is_compared_with_those_that_came_to_the_stage_once() -> None:
    told = detours_of(
        [
            alike(30, {1, 2}, "won", 10),
            alike(30, {1, 2}, "lost", 10),
            alike(10, {1, 2}, "won", 16, again=2),
            alike(8, {1, 2}, "lost", 16, again=2),
        ],
        [["Заявка"], ["КП"]],
    )
    (line,) = told
    assert (line["kind"], line["stage"], line["n"], line["days"]) == ("again", ["КП"], 18, 16)
    assert (line["won"], line["others_won"], line["is_sure"]) == (10, 30, False)


def test_nine_closed_sales_are_too_few_to_compare() -> None:
    told = detours_of(
        [alike(50, {1, 2, 3}, "won", 10), alike(9, {1, 3}, "lost", 10)],
        [["Заявка"], ["Замер"], ["КП"]],
    )
    assert told == []


def test_a_log_tells_of_its_detours() -> None:
    builder = LogBuilder()
    for n in range(80):
        steps = [0, 1, 2, 3] if n < 60 else [0, 1, 2, 1, 2, 3]
        for k, step in enumerate(steps):
            builder.add(f"c{n}", WAY[step], (24 * k + n) * HOUR, "Анна")
    told = report_on(builder.finish()).to_json()["detours"]
    assert {(one["kind"], *one["stage"], one["n"], one["days"]) for one in told} == {
        ("again", "Замер", 20, 5.0), ("again", "КП", 20, 5.0),
    }  # fmt: skip
    assert {one["others_days"] for one in told} == {3.0}
