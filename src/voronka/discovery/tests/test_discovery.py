"""Stages from small logs counted by hand, and honest silence where there is too little."""

import random
from collections.abc import Iterable

import pytest

from voronka.discovery.builder import LogBuilder
from voronka.discovery.log import Log
from voronka.discovery.model import Block, factored
from voronka.discovery.pnml import to_pnml
from voronka.discovery.report import Report, report_on

HOUR = 3_600_000
START = 1_700_000_000_000
Event = tuple[str, str, int]
WAY = ("Заявка", "Замер", "КП", "Договор", "Оплата")


def log_of(events: Iterable[Event], ends: dict[str, str] | None = None) -> Log:
    """A log of (case, activity, hours since the start)."""
    builder = LogBuilder()
    for case, activity, hours in events:
        builder.add(case, activity, START + hours * HOUR, "Анна")
    for case, end in (ends or {}).items():
        builder.end(case, end)
    return builder.finish()


def sales(won: int = 60, lost: int = 40, opened: int = 10, seed: int = 1) -> list[Event]:
    """Sales on the way of five stages; the lost ones break off with a refusal."""
    rng, events = random.Random(seed), []
    for n in range(won + lost + opened):
        at, case = rng.randrange(500), f"c{n}"
        last = 5 if n < won else rng.randrange(1, 5)
        for place, activity in enumerate(WAY[:last]):
            events.append((case, activity, at))
            if place == 1 and rng.random() < 0.4:
                events.append((case, "Выезд технолога", at + 1))
            for _ in range(rng.randrange(4)):
                events.append((case, "Звонок", at + 2))
            at += rng.randrange(5, 30)
        if won <= n < won + lost:
            events.append((case, "Отказ клиента", at + 1))
    return events


def told(report: Report) -> list[tuple[str, str]]:
    return [(stage.kind, stage.name) for stage in report.stages]


def test_stages_stand_in_order_with_options_and_work() -> None:
    report = report_on(log_of(sales()))
    assert (report.won, report.lost, report.open) == (60, 40, 10)
    assert report.won_by == ("Оплата",)
    assert report.lost_by == ("Отказ клиента",)
    main = [name for kind, name in told(report) if kind == "main"]
    assert main == list(WAY)
    assert ("optional", "Выезд технолога") in told(report)
    assert [work["activity"] for work in report.work] == ["Звонок"]
    assert report.weak == []
    assert report.problem == ""


def test_reached_conversion_and_losses_sum_up() -> None:
    report = report_on(log_of(sales()))
    row = [stage for stage in report.stages if stage.kind == "main"]
    assert row[0].reached == 100
    assert row[-1].reached == 60
    assert sum(stage.lost_here for stage in row) == 40
    for one, two in zip(row, row[1:], strict=False):
        assert one.reached - two.reached == one.lost_here
    assert all(stage.p50_hours <= stage.p80_hours for stage in row[:-1])  # type: ignore[operator]
    assert row[-1].p80_hours is None


def test_what_keeps_no_order_is_parallel_not_in_the_row() -> None:
    events: list[Event] = []
    for n in range(80):
        middle = (
            [("Юрист", 10), ("Проверка", 20)] if n % 2 else [("Проверка", 10), ("Юрист", 20)]
        )
        way = [("Заявка", 0), *middle, ("КП", 30), ("Оплата", 40)]
        events += [(f"c{n}", activity, at) for activity, at in way]
    report = report_on(log_of(events))
    kinds = {name: kind for kind, name in told(report)}
    assert sorted((kinds["Юрист"], kinds["Проверка"])) == ["main", "parallel"]
    assert "parallel" in str(report.to_json()["model"])


def test_a_burst_is_one_stage_whatever_the_order_of_its_rows() -> None:
    events: list[Event] = []
    for n in range(60):
        pair = ["Расчёт", "КП отправлено"]
        random.Random(n).shuffle(pair)
        way = [("Заявка", 0), *((one, 10) for one in pair), ("Договор", 30), ("Оплата", 50)]
        events += [(f"c{n}", activity, at) for activity, at in way]
    names = {told(report_on(log_of(_shuffled(events, n))))[1] for n in range(5)}
    assert names == {("main", "КП отправлено + Расчёт")}


def _shuffled(events: list[Event], seed: int) -> list[Event]:
    again = list(events)
    random.Random(seed).shuffle(again)
    return again


def test_rows_in_any_order_give_the_same_report() -> None:
    whole = told(report_on(log_of(sales())))
    assert all(told(report_on(log_of(_shuffled(sales(), n)))) == whole for n in range(5))


def test_ways_tell_of_skips_and_returns() -> None:
    events: list[Event] = []
    for n in range(40):
        steps = [0, 1, 2, 3, 4] if n < 20 else [0, 1, 3, 4] if n < 30 else [0, 1, 2, 1, 2, 3, 4]
        events += [(f"c{n}", WAY[step], 10 * k) for k, step in enumerate(steps)]
    ways = report_on(log_of(events)).variants
    told_ways = {way.steps: (way.n, way.skips, way.returns) for way in ways}
    assert told_ways == {
        (1, 2, 3, 4, 5): (20, 0, 0), (1, 2, 4, 5): (10, 1, 0), (1, 2, 3, 2, 4, 5): (10, 0, 1),
    }  # fmt: skip
    assert {way.won for way in ways} == {1.0}


def test_ends_without_a_word_of_loss_are_told_by_how_far_the_cases_came() -> None:
    events = [(c, "В архив" if a == "Отказ клиента" else a, at) for c, a, at in sales()]
    report = report_on(log_of(events))
    assert (report.won_by, report.lost_by) == (("Оплата",), ("В архив",))
    assert (report.won, report.lost, report.open) == (60, 40, 10)


@pytest.mark.parametrize("seed", range(3))
def test_nearly_all_cases_enter_the_row_in_order_even_when_rows_are_noisy(seed: int) -> None:
    rng, events = random.Random(seed), sales(won=300, lost=200, opened=20, seed=seed)
    noisy = [(c, a, at - 12 if rng.random() < 0.02 else at) for c, a, at in events]
    log = log_of(event for event in noisy if rng.random() > 0.02)
    report = report_on(log)
    row = [stage.activities for stage in report.stages if stage.kind == "main"]
    assert len(row) >= 4
    kept = 0
    for trace in log.traces:
        first: dict[str, int] = {}
        for n, burst in enumerate(trace.bursts):
            for code in burst:
                first.setdefault(log.names[code], n)
        entered = [[first[a] for a in step if a in first] for step in row]
        order = [min(places) for places in entered if places]
        kept += trace.n * (order == sorted(order))
    assert kept >= 0.98 * log.cases


def test_outcomes_that_the_log_holds_are_kept() -> None:
    ends = {f"c{n}": "lost" for n in range(30)} | {f"c{n}": "won" for n in range(30, 110)}
    report = report_on(log_of(sales(), ends))
    assert (report.won, report.lost, report.open) == (80, 30, 0)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [("c1", "Заявка", 0)],
        [(f"c{n}", "Заявка", n) for n in range(9)],
        [("c1", f"Шаг {n % 7}", n) for n in range(10_000)],
    ],
    ids=["empty", "one event", "nine cases", "a case of ten thousand events"],
)
def test_too_little_is_said_and_no_stage_is_made_up(events: list[Event]) -> None:
    report = report_on(log_of(events))
    assert report.problem == "too_little_data"
    assert report.stages == ()
    assert report.to_json()["model"] is None


def test_work_alone_makes_no_stage() -> None:
    events = [(f"c{case}", "Звонок", hour) for case in range(50) for hour in range(3)]
    assert report_on(log_of(events)).problem == "too_little_data"


def test_one_activity_is_one_stage_at_most() -> None:
    report = report_on(log_of([(f"c{n}", "Заявка", n) for n in range(50)]))
    assert len(report.stages) <= 1


def test_five_hundred_activities_are_no_five_hundred_stages() -> None:
    rng = random.Random(3)
    events = [
        (f"c{case}", f"Действие {rng.randrange(500)}", hour)
        for case in range(200)
        for hour in range(12)
    ]
    report = report_on(log_of(events))
    assert len(report.stages) <= 2


def test_all_open_is_judged_by_what_there_is() -> None:
    report = report_on(log_of(sales(won=0, lost=0, opened=80)))
    assert (report.won, report.lost, report.open) == (0, 0, 80)
    assert all(stage.reached > 0 for stage in report.stages)


def test_common_beginnings_and_ends_are_written_once() -> None:
    block = factored([(1, 2, 4), (1, 3, 4), (1, 4)])
    names = ["-", "a", "b", "c", "d"]
    wanted = {"sequence": ["a", {"optional": {"choice": ["b", "c"]}}, "d"]}
    assert block.to_json(names) == wanted
    assert block.transitions() == 5


def test_a_net_has_one_way_in_and_one_way_out() -> None:
    parts = (Block("activity", code=0), Block("activity", code=1))
    text = to_pnml(Block("sequence", (Block("parallel", parts), parts[0])), ["a & b", "c"])
    assert text.count("<initialMarking>") == text.count("<finalmarkings>") == 1
    assert "a &amp; b" in text
    assert text.count("<transition ") == 5
