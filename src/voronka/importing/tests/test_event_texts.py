"""A log's text is looked at while it is read, and never taken for what it is not."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voronka.importing.bad_files import (
    FileEncodingMixedError,
    FileNotTextError,
    FileTruncatedError,
)
from voronka.importing.event_files import EventFile, read_events

LINES = 40_000
"""More than the first MiB, which is all that is looked at before."""


def _written(path: Path, activity: str, encoding: str, end: bytes) -> Path:
    lines = [f"{n % 9000},{activity},2026-01-01 10:00:00\n" for n in range(LINES)]
    path.write_bytes(("case,activity,time\n" + "".join(lines)).encode(encoding) + end)
    return path


def _read(path: Path) -> EventFile:
    now = datetime(2026, 2, 1, tzinfo=UTC)
    columns = {"case": "case", "activity": "activity", "at": "time"}
    return read_events(path, zone=ZoneInfo("UTC"), now=now, columns=columns)


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "koi8_r"])
def test_letters_that_come_late_are_read_in_their_encoding(
    encoding: str, tmp_path: Path
) -> None:
    end = "".join(
        f"{n},Согласование договора с юристом,2026-01-02 10:00:00\n" for n in range(90)
    )
    path = _written(tmp_path / "log.csv", "Order received", "ascii", end.encode(encoding))
    found = _read(path)
    assert path.stat().st_size > 1 << 20
    assert (found.rows, found.bad_rows) == (LINES + 90, 0)
    assert found.log.names == ["Order received", "Согласование договора с юристом"]


@pytest.mark.parametrize(
    ("end", "error"),
    [
        ("7,Отказ,2026-01-02 10:00:00\n".encode("cp1251"), FileEncodingMixedError),
        (b"7,\0\0,2026-01-02 10:00:00\n", FileNotTextError),
    ],
)
def test_what_is_spoilt_behind_the_beginning_is_refused(
    end: bytes, error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        _read(_written(tmp_path / "log.csv", "Заявка", "utf-8", end))


def test_a_column_that_nobody_reads_is_looked_at_too(tmp_path: Path) -> None:
    path = _written(tmp_path / "log.csv", "Заявка", "utf-8", b"")
    text = path.read_bytes().replace(b"\n", b",\xd0\xbf\xd0\xb8\xd1\x81\n")
    path.write_bytes(text)
    assert _read(path).rows == LINES
    path.write_bytes(text[:-3] + "п\n".encode("cp1251"))
    with pytest.raises((FileEncodingMixedError, FileTruncatedError)):
        _read(path)


def test_the_line_that_names_the_delimiter_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = "".join(f"{n};Заявка;2026-01-01 10:00:00\n" for n in range(50))
    path.write_text("sep=;\ncase;activity;time\n" + rows, encoding="utf-8")
    found = _read(path)
    assert (found.rows, found.bad_rows, found.log.cases) == (50, 0, 50)


def test_the_mark_of_utf_8_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    assert _read(_written(tmp_path / "log.csv", "Заявка", "utf-8-sig", b"")).rows == LINES
