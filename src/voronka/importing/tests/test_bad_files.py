"""Files that must not be read: each is refused with its own code and place."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from voronka.importing import bad_files, limits
from voronka.importing.files import open_table

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(data: bytes, name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return made


def refusal(path: Path) -> bad_files.BadFileError:
    with pytest.raises(bad_files.BadFileError) as caught:
        for _ in open_table(path).rows():
            pass
    return caught.value


ROWS = "".join(f"клиент {n};город\n" for n in range(2, 20))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"<!DOCTYPE html><table><tr>", "page"),
        (b'<?xml version="1.0"?><Workbook>', "page"),
        (b'[{"name": 1}]', "json"),
        (b"a;b\n1;\x00\n", "binary"),
        (bytes(range(1, 256)) * 8, "binary"),
        ("a;b\n1;2\n".encode("utf-32"), "utf-32"),
    ],
)
def test_what_is_no_text_is_refused(write: Write, data: bytes, kind: str) -> None:
    error = refusal(write(data))
    assert (error.code, error.details) == ("file_not_text", {"kind": kind})


def test_zero_bytes_far_below_are_found(write: Write) -> None:
    data = ("имя;город\n" + ROWS).encode() + b"a;\0\n"
    assert refusal(write(data)).code == "file_not_text"


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ([("имя;город\n" + ROWS, "utf-8"), ("Щука;Чита\n", "cp1251"), (ROWS, "utf-8")], 20),
        ([("имя;город\n" + ROWS, "cp1251"), ("Щука;Чита\n", "utf-8"), (ROWS, "cp1251")], 20),
        ([("name;city\n", "utf-8-sig"), ("Щука;Чита\n", "cp1251")], 2),
        ([("Привет;", "utf-8"), ("город\nа;б\n", "cp1251"), (ROWS, "cp1251")], 1),
    ],
)
def test_two_encodings_in_one_file_are_refused(
    write: Write, parts: list[tuple[str, str]], line: int
) -> None:
    error = refusal(write(b"".join(text.encode(encoding) for text, encoding in parts)))
    assert (error.code, error.details) == ("file_encoding_mixed", {"line": line})


def test_a_byte_that_means_nothing_is_refused(write: Write) -> None:
    error = refusal(write("имя;город\nИван;Омск\n".encode("cp1251") + b"\x98;1\n"))
    assert (error.code, error.details) == ("file_encoding_mixed", {"line": 3})


def test_a_file_cut_inside_a_letter_is_truncated(write: Write) -> None:
    utf8 = ("имя;город\n" + ROWS + "Иванов;Омск").encode()[:-1]
    assert (refusal(write(utf8)).code, refusal(write(utf8)).details) == (
        "file_truncated",
        {"row": 20},
    )
    utf16 = "имя;город\nИванов;Омск".encode("utf-16")[:-1]
    assert refusal(write(utf16)).code == "file_truncated"


def test_a_cut_gzip_is_refused_before_any_row(write: Write) -> None:
    packed = gzip.compress(("имя;город\n" + ROWS * 2000).encode())
    for cut in (len(packed) // 2, len(packed) - 5):
        path = write(packed[:cut], "a.csv.gz")
        with pytest.raises(bad_files.FileTruncatedError):
            open_table(path)
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    with pytest.raises(bad_files.FileTruncatedError):
        open_table(write(bytes(damaged), "a.csv.gz"))


def test_an_open_quote_is_told_with_its_row(write: Write) -> None:
    table = open_table(write(('имя;город\nа;б\nв;"г\n' + ROWS).encode()))
    rows = table.rows()
    assert next(rows).cells == ["а", "б"]
    with pytest.raises(bad_files.FileTruncatedError) as caught:
        next(rows)
    assert caught.value.details == {"row": 3}


def test_a_cell_without_end_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIELD_CEILING", 1000)
    error = refusal(write(('имя;город\nа;б\nв;"г\n' + ROWS * 20).encode()))
    assert (error.code, error.details) == ("field_too_large", {"row": 3, "column": 2})


def test_a_line_without_end_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIELD_CEILING", 3 * limits.MIB)
    error = refusal(write(b"a;b\n1;2\n" + b"x" * (6 * limits.MIB)))
    assert (error.code, error.details["row"]) == ("field_too_large", 3)


def test_a_gzip_bomb_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = write(gzip.compress(b"a;b\n" + b"1;2\n" * 300_000), "a.csv.gz")
    assert len(list(open_table(bomb).rows())) == 300_000
    monkeypatch.setattr(limits, "RATIO_FREE_BYTES", limits.MIB)
    error = refusal(bomb)
    assert (error.code, error.details["ratio"]) == ("archive_bomb", 200)
    monkeypatch.setattr(limits, "UNPACKED_RATIO", 100_000)
    monkeypatch.setattr(limits, "UNPACKED_BYTES", limits.MIB)
    assert refusal(bomb).code == "archive_bomb"


def test_a_file_beyond_the_limit_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    error = refusal(write(b"name;city\na;b\n"))
    assert error.code == "file_too_large"
    assert error.details == {"what": "bytes", "size": 14, "limit": 10}


@pytest.mark.parametrize(
    "header",
    [
        "1;2;3",
        "Иванов;+7 900 000-14-52",
        "Иванов;a@b.ru",
        "Иванов;24.11.2026",
        "Иван;2026-11-24",
    ],
)
def test_data_in_place_of_the_header_is_refused(write: Write, header: str) -> None:
    error = refusal(write(f"\n{header}\nа;б;в\n".encode()))
    assert (error.code, error.details) == ("header_missing", {"row": 2})


def test_equal_headers_are_refused_with_their_places(write: Write) -> None:
    error = refusal(write("Имя;Телефон;имя ;Счёт;телефон;счет\nа;б;в;г;д;е\n".encode()))
    assert error.code == "header_duplicate"
    assert error.details == {
        "columns": [
            {"name": "Имя", "positions": [1, 3]},
            {"name": "Телефон", "positions": [2, 5]},
            {"name": "Счёт", "positions": [4, 6]},
        ]
    }


def test_too_many_columns_are_refused(write: Write) -> None:
    error = refusal(write(";".join(f"c{n}" for n in range(2001)).encode()))
    assert (error.code, error.details) == ("too_many_columns", {"columns": 2001, "limit": 2000})
