"""Columns of a log told by their values: no header says anything."""

from zoneinfo import ZoneInfo

from voronka.importing.guessing_events import guess_by_values

ZONE = ZoneInfo("Europe/Moscow")
STEPS = ("Заявка", "Замер", "КП", "Оплата")


def rows(cases: int = 30) -> list[list[str]]:
    return [
        [f"{n:05}", f"0{1 + place}.03.2026 1{n % 10}:00", who, step, str(100 + n)]
        for n in range(cases)
        for place, step in enumerate(STEPS)
        for who in [("Орлов", "Белова")[n % 2]]
    ]


def test_case_time_and_activity_are_told_by_what_they_hold() -> None:
    found = guess_by_values(["a", "b", "c", "d", "e"], rows(), {}, ZONE)
    assert found == {"case": "a", "at": "b", "activity": "d"}


def test_what_is_known_stays_and_is_not_given_twice() -> None:
    known = {"case": "e", "activity": "d"}
    assert guess_by_values(["a", "b", "c", "d", "e"], rows(), known, ZONE) == known | {
        "at": "b"
    }


def test_a_list_of_clients_is_no_log() -> None:
    clients = [[f"ООО «{n}»", f"+7 900 {n:07}", "Самара"] for n in range(40)]
    found = guess_by_values(["x", "y", "z"], clients, {}, ZONE)
    assert "at" not in found
    assert guess_by_values(["x"], [], {}, ZONE) == {}
