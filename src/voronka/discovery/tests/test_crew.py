"""Who does what, who leads, how often cases change hands; a robot is no person."""

from collections.abc import Iterable

from voronka.discovery.builder import LogBuilder
from voronka.discovery.crew import handovers, who_does_what
from voronka.discovery.log import Log
from voronka.discovery.outcomes import find_ends

HOUR = 3_600_000
START = 1_700_000_000_000
Done = tuple[str, str, float, str]


def log_of(events: Iterable[Done]) -> Log:
    """A log of (case, activity, hours since the start, person)."""
    builder = LogBuilder()
    for case, activity, hours, person in events:
        builder.add(case, activity, int(START + hours * HOUR), person)
    return builder.finish()


def registered(n: int, robot_hours: Iterable[int]) -> list[Done]:
    """Cases that «Робот» registers at these hours of the day, then one of ten people calls."""
    hours = list(robot_hours)
    events: list[Done] = []
    for case in range(n):
        day = 24 * case
        events.append((f"c{case}", "Заявка", day + hours[case % len(hours)], "Робот"))
        events.append((f"c{case}", "Звонок", day + 34 + case % 5, f"Менеджер {case % 10}"))
    return events


def test_what_stands_in_every_case_round_the_clock_is_no_person() -> None:
    log = log_of(registered(120, range(24)))
    assert log.crew.automation == {"Робот"}
    told = who_does_what(log.names, log.people, log.crew.automation)
    assert [one["activity"] for one in told] == ["Звонок"]
    leaders = {log.crew.names[number] for number in log.crew.leaders}
    assert leaders == {f"Менеджер {n}" for n in range(10)}
    assert handovers(log.crew, ["open"] * len(log.traces))["per_case"] == 0


def test_a_dispatcher_who_sleeps_at_night_is_a_person() -> None:
    log = log_of(registered(120, range(8, 18)))
    assert log.crew.automation == frozenset()
    assert handovers(log.crew, ["open"] * len(log.traces))["per_case"] == 1


def test_two_people_who_share_the_work_are_people_whatever_their_hours() -> None:
    events = [(f"c{n}", "Звонок", 25 * n, "Анна" if n % 2 else "Борис") for n in range(100)]
    assert log_of(events).crew.automation == frozenset()


def test_each_activity_names_its_first_three_with_their_share() -> None:
    who = ["Анна"] * 5 + ["Борис"] * 3 + ["Вера"] + ["Глеб"]
    events = [(f"c{n}", "КП", n, name) for n, name in enumerate(who)]
    events += [("c0", "Замер", 30, "Анна"), ("c1", "Замер", 30, "")]
    log = log_of(events)
    quote, visit = who_does_what(log.names, log.people, log.crew.automation)
    assert (quote["activity"], quote["n"], quote["of"]) == ("КП", 10, 4)
    assert [(one["person"], one["n"], one["share"]) for one in quote["people"]] == [
        ("Анна", 5, 0.5), ("Борис", 3, 0.3), ("Вера", 1, 0.1),
    ]  # fmt: skip
    assert (visit["n"], visit["people"][0]["share"]) == (1, 1.0)


def test_changes_of_hands_are_counted_and_told_with_the_share_won() -> None:
    events: list[Done] = []
    for n in range(40):
        second = "Борис" if n % 4 == 0 else "Анна"
        end = "Оплата" if n >= 10 else "Отказ"
        events += [(f"c{n}", "Заявка", n, "Анна"), (f"c{n}", "КП", n + 5, second)]
        events.append((f"c{n}", end, n + 50, "Анна"))
    log = log_of(events)
    find_ends(log)
    told = handovers(log.crew, [trace.outcome for trace in log.traces])
    assert (told["cases"], told["per_case"]) == (40, 0.5)
    # Of 0, 4, ... 36 the cases 0, 4, 8 are lost.
    assert (told["with"]["won"], told["with"]["n"]) == (7, 10)
    assert (told["without"]["won"], told["without"]["n"]) == (23, 30)
    assert told["with"]["low"] < 0.7 < told["with"]["high"]


def test_two_in_one_minute_are_no_handover_in_either_order() -> None:
    events: list[Done] = [
        ("c1", "Заявка", 0, "Анна"),
        ("c1", "КП", 5, "Борис"),
        ("c1", "Письмо", 5 + 1 / 120, "Анна"),
        ("c1", "Звонок", 9, "Анна"),
    ]
    log = log_of(events)
    assert (log.crew.places.tolist(), log.crew.turns.tolist()) == ([0], [0])
    assert [log.crew.names[who] for who in log.crew.leaders] == ["Анна"]


def test_a_case_with_a_single_act_has_nothing_to_hand_over() -> None:
    log = log_of([(f"c{n}", "Звонок", n, "Анна") for n in range(20)])
    told = handovers(log.crew, ["lost"] * len(log.traces))
    assert (told["cases"], told["per_case"], told["without"]["n"]) == (20, 0, 0)
