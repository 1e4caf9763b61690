"""A log kept up to date equals one read anew, whatever comes and in whatever order."""

import random
from collections.abc import Iterable
from typing import Any

import pytest

from voronka.discovery.builder import LogBuilder
from voronka.discovery.deeds import HOUR_MS
from voronka.discovery.live_log import LiveLog
from voronka.discovery.log import Log
from voronka.discovery.report import report_on

START = 1_700_000_000_000
WAY = ("Заявка", "Замер", "КП", "Договор", "Оплата", "Отказ клиента", "Звонок")
Event = tuple[str, str, int, str]


def noise(rng: random.Random, events: int, cases: int) -> list[Event]:
    """Events as they come: cases mixed, some late, some at once, some rows twice."""
    found: list[Event] = []
    for n in range(events):
        case = f"c{rng.randrange(cases)}"
        step = min(len(WAY) - 1, rng.randrange(1 + n * len(WAY) * 2 // events))
        at = START + n * 40_000 - rng.choice((0, 0, 0, 20_000, 5_000_000))
        found += [(case, WAY[step], at, rng.choice(("", "Анна", "Борис")))]
        if rng.random() < 0.03:
            found.append(found[-1])
    return found


def whole(events: Iterable[Event], ends: Iterable[tuple[str, str]] = ()) -> Log:
    builder = LogBuilder()
    for event in events:
        builder.add(*event)
    for case, end in ends:
        builder.end(case, end)
    return builder.finish()


def everything(log: Log) -> list[Any]:
    """All that a log tells, but the order of the cases in a trace."""
    return [
        (log.names, log.people, log.events, log.cases, log.sets),
        [
            (t.bursts, t.tail, t.held, t.n, t.activities, t.again, t.examples, _starts(t))
            for t in log.traces
        ],
        _crew(log),
    ]


def _crew(log: Log) -> Any:
    # Of equals the leader is whom the log named first: that alone depends on what came first.
    crew = log.crew
    return crew.automation, sorted(zip(crew.places, crew.turns, strict=True))


def leaders(log: Log) -> list[tuple[int, str, int]]:
    crew = log.crew
    names = [crew.names[number] for number in crew.leaders]
    return sorted(zip(crew.places, names, crew.turns, strict=True))


def _starts(trace: Any) -> list[tuple[int, ...]]:
    return sorted(zip(*map(trace.starts, range(len(trace.bursts))), strict=True))


@pytest.mark.parametrize("seed", range(2))
def test_two_hundred_random_prefixes_equal_the_full_pass(seed: int) -> None:
    rng = random.Random(seed)
    events = noise(rng, 2000, 80)
    live, taken = LiveLog(), 0
    for n, prefix in enumerate(sorted(rng.sample(range(1, len(events)), 200))):
        for event in events[taken:prefix]:
            live.add(*event)
        taken = prefix
        log, anew = live.log(), whole(events[:prefix])
        assert everything(log) == everything(anew)
        assert leaders(log) == leaders(anew)
        if n % 8 == 0:
            assert report_on(log).to_json() == report_on(anew).to_json()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_cases_come_changes_nothing(seed: int) -> None:
    rng = random.Random(seed)
    events = noise(rng, 2000, 150)
    live = LiveLog()
    for case in rng.sample(sorted({event[0] for event in events}), 150):
        for event in events:
            if event[0] == case:
                live.add(*event)
        live.log()
    assert everything(live.log()) == everything(whole(events))


@pytest.mark.parametrize("seed", range(3))
def test_a_case_left_out_was_never_there_and_may_come_again(seed: int) -> None:
    rng = random.Random(seed)
    events, live = noise(rng, 1500, 60), LiveLog()
    for event in events:
        live.add(*event)
    live.log()
    for _ in range(20):
        gone = set(rng.sample([f"c{n}" for n in range(60)], rng.randrange(60)))
        there = {case for case in gone if live.forget(case)}
        assert there == gone & {event[0] for event in events}
        kept = [event for event in events if event[0] not in gone]
        assert everything(live.log()) == everything(whole(kept))
        for event in events:
            if event[0] in gone:
                live.add(*event)
    assert everything(live.log()) == everything(whole(events))
    assert live.events == len(events)


def test_an_end_told_later_moves_the_case() -> None:
    events = noise(random.Random(1), 600, 40)
    live = LiveLog()
    for event in events:
        live.add(*event)
    assert report_on(live.log()).won != 7
    ends = [(f"c{n}", "won" if n < 7 else "lost") for n in range(20)]
    for case, end in ends:
        live.end(case, end)
    log = live.log()
    assert everything(log) == everything(whole(events, ends))
    report = report_on(log)
    assert (report.won, report.lost, report.open) == (7, 13, log.cases - 20)
    assert report_on(log).to_json() == report.to_json()


def test_more_than_four_thousand_activities_are_taken_as_one() -> None:
    events = [(f"c{n % 50}", f"Действие {n}", START + n, "") for n in range(4200)]
    live = LiveLog()
    for event in events:
        live.add(*event)
    assert everything(live.log()) == everything(whole(events))
    assert len(live.log().names) == 4096


def test_a_robot_met_on_the_way_leads_no_case_any_more() -> None:
    rng = random.Random(6)
    events = [
        event
        for n in range(120)
        for event in (
            (f"c{n}", "Заявка", START + n * 25 * HOUR_MS, "Робот"),
            (f"c{n}", "Звонок", START + n * 25 * HOUR_MS + HOUR_MS, f"Менеджер {n % 8}"),
        )
    ]
    live, robots = LiveLog(), list[frozenset[str]]()
    for n, event in enumerate(events, start=1):
        live.add(*event)
        if n % 20 == 0:
            log, anew = live.log(), whole(events[:n])
            assert (everything(log), leaders(log)) == (everything(anew), leaders(anew))
            robots.append(log.crew.automation)
    assert [*robots[0], *robots[-1]] == ["Робот"]
    for case in rng.sample(range(120), 116):
        live.forget(f"c{case}")
    assert live.log().crew.automation == frozenset()


def test_a_moment_out_of_all_time_stops_nothing() -> None:
    events = [("c1", "Заявка", -62_135_596_800_000, "Анна"), ("c1", "КП", START, "Борис")]
    events += [("c1", "Оплата", 253_402_300_799_000, "Анна")]
    log = whole(events)
    assert [log.names[code] for code in log.traces[0].sequence()] == ["Заявка", "КП", "Оплата"]
    assert log.crew.turns.tolist() == [2]
