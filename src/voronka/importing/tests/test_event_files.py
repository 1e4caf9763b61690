"""Logs from files: columns found, odd rows named, lifecycles understood."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voronka.importing.event_files import EventFile, read_events
from voronka.importing.mapping import BadMappingError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Moscow")


def read(path: Path, text: str, encoding: str = "utf-8", **more: object) -> EventFile:
    path.write_bytes(text.encode(encoding))
    return read_events(path, zone=ZONE, now=NOW, **more)  # type: ignore[arg-type]


def cases(found: EventFile) -> dict[str, int]:
    log = found.log
    counts: dict[str, int] = {}
    for trace in log.traces:
        for code in trace.sequence():
            counts[log.names[code]] = counts.get(log.names[code], 0) + trace.n
    return counts


def test_columns_are_guessed_in_russian_and_english(tmp_path: Path) -> None:
    ru = (
        "Сделка;Событие;Время;Сотрудник\n1;Заявка;01.02.2026 10:00;Анна\n1;КП;02.02.2026;Анна\n"
    )
    found = read(tmp_path / "a.csv", ru, "cp1251")
    assert cases(found) == {"Заявка": 1, "КП": 1}
    en = "case_id,activity,timestamp,resource\n1,Lead,2026-02-01T10:00,Ann\n"
    found = read(tmp_path / "b.csv", en)
    assert found.columns == {
        "case": "case_id", "activity": "activity", "at": "timestamp", "person": "resource",
    }  # fmt: skip


def test_rows_that_cannot_be_read_are_named_and_left_out(tmp_path: Path) -> None:
    text = (
        "case,activity,timestamp\n1,Заявка,2026-02-01T10:00+03:00\n,КП,2026-02-01\n"
        "1,,2026-02-01\n1,КП,вчера\n1,КП,2029-01-01T00:00Z\n1\n\n1,КП,2026-02-03 12:00\n"
    )
    found = read(tmp_path / "a.csv", text)
    assert cases(found) == {"Заявка": 1, "КП": 1}
    assert found.problems == [
        (3, "no_case"), (4, "no_activity"), (5, "bad_date"), (6, "in_future"),
        (7, "no_activity"),
    ]  # fmt: skip
    assert (found.rows, found.bad_rows) == (7, 5)


def test_only_what_is_complete_counts_where_there_is_such_a_word(tmp_path: Path) -> None:
    text = (
        "case,activity,lifecycle,timestamp\n1,Call,START,2026-02-01\n"
        "1,Call,COMPLETE,2026-02-02\n1,Quote,COMPLETE,2026-02-03\n"
    )
    found = read(tmp_path / "a.csv", text)
    assert cases(found) == {"Call": 1, "Quote": 1}
    assert [found.log.names[code] for code in found.log.long_acts] == ["Call"]


def test_words_that_are_no_lifecycle_make_activities_of_their_own(tmp_path: Path) -> None:
    text = (
        "case,activity,lifecycle,timestamp\n1,Accepted,In Progress,2026-02-01\n"
        "1,Accepted,Wait,2026-02-02\n1,Completed,Closed,2026-02-03\n"
    )
    found = read(tmp_path / "a.csv", text)
    assert set(cases(found)) == {
        "Accepted: In Progress", "Accepted: Wait", "Completed: Closed",
    }  # fmt: skip


def test_only_the_wanted_activities_are_taken(tmp_path: Path) -> None:
    text = "case,activity,timestamp\n1,A_X,2026-02-01\n1,W_Y,2026-02-02\n1,O_Z,2026-02-03\n"
    assert set(cases(read(tmp_path / "a.csv", text, only=["A_*", "O_*"]))) == {"A_X", "O_Z"}


def test_named_columns_win_and_missing_ones_are_named(tmp_path: Path) -> None:
    text = "a,b,c,d\n1,Заявка,2026-02-01,won\n"
    named = {"case": "a", "activity": "b", "at": "c", "outcome": "d"}
    found = read(tmp_path / "a.csv", text, columns=named)
    assert [trace.outcome for trace in found.log.traces] == ["won"]
    with pytest.raises(BadMappingError) as raised:
        read(tmp_path / "a.csv", text, columns={"case": "нет такой"})
    assert raised.value.details["names"] == ["нет такой"]


def test_a_file_without_needed_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMappingError):
        read(tmp_path / "a.csv", "Имя,Телефон\nАнна,89123456789\n")
