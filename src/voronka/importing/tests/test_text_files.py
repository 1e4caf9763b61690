"""Text tables: whatever the encoding and delimiter, the same rows come out."""

import codecs
import csv
import gzip
import io
import re
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from voronka.importing import bad_files, limits
from voronka.importing.files import Row, Table, open_table

HEADER = ["Название компании", "Телефон рабочий", "Ответственный менеджер"]
WORDS = st.sampled_from(
    ["Ромашка", "Иванов", "Пётр", "Щербаков", "ООО", "съезд", "Юлия", "Эхо", "ёлка", "№5 «Я»"]
)
SIGNS = st.sampled_from(list("abcXYZ019 ;,|\t\"'\n=+-@.%/\\"))
PIECES = st.lists(st.one_of(WORDS, SIGNS), max_size=6).map("".join)
WIDE = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff"), max_size=8
)
CELLS = {"cp1251": PIECES, "utf-8": st.one_of(PIECES, WIDE), "utf-16": st.one_of(PIECES, WIDE)}
ENCODINGS = {
    "cp1251": "cp1251", "utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16",
    "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
}  # fmt: skip


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(content: str | bytes, encoding: str = "utf-8", name: str = "a.csv") -> Path:
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return made


def cells_of(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows()]


def as_text(rows: list[list[str]], delimiter: str, newline: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_table_reads_back_equal(data: st.DataObject, tmp_path: Path) -> None:
    encoding = data.draw(st.sampled_from(list(ENCODINGS)))
    cell = CELLS[encoding[:6] if encoding != "utf-8-sig" else "utf-8"]
    rows = data.draw(st.lists(st.lists(cell, min_size=3, max_size=3), max_size=8))
    rows = [row for row in rows if "".join(row).strip()]
    assume(not any(re.fullmatch(r"#[А-ЯA-Z/0]+[!?]?", text) for row in rows for text in row))
    text = as_text(
        [HEADER, *rows],
        data.draw(st.sampled_from([",", ";", "\t", "|"])),
        data.draw(st.sampled_from(["\r\n", "\n"])),
    )
    path = tmp_path / "any.csv"
    path.write_bytes(text.encode(encoding))
    with open_table(path) as table:
        assert table.headers == HEADER
        assert cells_of(table) == rows
        assert table.encoding in (encoding, "utf-8")


@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_told(write: Write, encoding: str, delimiter: str) -> None:
    rows = [HEADER, ["ООО «Ромашка»", "+7 900 000-14-52", 'Пётр; Юрьевич, | \t "Щука"\nй']]
    table = open_table(write(as_text(rows, delimiter, "\r\n"), encoding))
    assert (table.encoding, table.delimiter, table.format) == (encoding, delimiter, "csv")
    assert cells_of(table) == rows[1:]


@pytest.mark.parametrize("encoding", ["koi8_r", "cp866", "mac_cyrillic"])
def test_old_encodings_are_read_not_garbled(write: Write, encoding: str) -> None:
    rows = [HEADER, *[["Общество «Весна»", "нет", "Соколова Анна Юрьевна"]] * 5]
    rows = [[cell.replace("«", "").replace("»", "") for cell in row] for row in rows]
    table = open_table(write(as_text(rows, ";", "\n"), encoding))
    assert (table.encoding, cells_of(table)) == (encoding, rows[1:])


def test_capitals_in_cp1251_stay_cp1251(write: Write) -> None:
    table = open_table(write("НАЗВАНИЕ;ГОРОД\nООО ЩИТ;КАЗАНЬ\n", "cp1251"))
    assert (table.encoding, cells_of(table)) == ("cp1251", [["ООО ЩИТ", "КАЗАНЬ"]])


def test_western_letters_are_not_read_as_russian(write: Write) -> None:
    table = open_table(write("name;city\nCafé Müller;Orléans\n", "cp1252"))
    assert cells_of(table) == [["Café Müller", "Orléans"]]
    assert table.is_encoding_sure is False


def test_too_little_text_is_said_to_be_unsure(write: Write) -> None:
    assert open_table(write("a;b\nё;1\n", "cp1251")).is_encoding_sure is False
    assert open_table(write("Название;Город\nёж;1\n", "cp1251")).is_encoding_sure is True


def test_text_that_came_garbled_is_pointed_at(write: Write) -> None:
    garbled = "Привет всем".encode().decode("cp1251", "replace")
    assert open_table(write(f"имя;город\nа;б\n{garbled};в\n")).doubtful_line == 3
    assert open_table(write("имя;город\nа;б\nпоте\ufffdря;в\n")).doubtful_line == 3
    assert open_table(write("имя;город\nа;б\n")).doubtful_line is None


def test_numbers_are_those_of_a_spreadsheet(write: Write) -> None:
    text = 'имя;город\nа;"б\nб"\n\n ; \nв;г\n'
    table = open_table(write(text))
    assert list(table.rows()) == [Row(2, ["а", "б\nб"]), Row(5, ["в", "г"])]
    assert list(table.rows(3)) == [Row(5, ["в", "г"])]
    assert list(table.rows()) == list(table.rows(0))
    assert table.row_ceiling >= 5


def test_excel_line_names_the_delimiter(write: Write) -> None:
    for mark in (b"", codecs.BOM_UTF8):
        table = open_table(write(mark + "sep=|\r\nимя, или фирма|город\r\nа;б|в\r\n".encode()))
        assert (table.headers, table.delimiter) == (["имя, или фирма", "город"], "|")
        assert list(table.rows()) == [Row(2, ["а;б", "в"])]


def test_blank_lines_above_the_header_are_passed_over(write: Write) -> None:
    table = open_table(write("\n;;\nимя;город;\nа;б;\n"))
    assert (table.header_row, table.headers) == (3, ["имя", "город"])
    assert list(table.rows()) == [Row(4, ["а", "б"])]


def test_short_rows_are_padded_and_long_ones_reported(write: Write) -> None:
    rows = list(open_table(write("имя;город;;\nа\nб;в;;;\nг;д;лишнее\n")).rows())
    assert [row.cells for row in rows] == [["а", ""], ["б", "в"], ["г", "д"]]
    assert [row.problem for row in rows[:2]] == [None, None]
    assert rows[2].problem is not None
    assert rows[2].problem == ("row_too_long", 2, "лишнее")


def test_one_column_is_one_column(write: Write) -> None:
    table = open_table(write("Название\nООО Ромашка, Москва\nИП; Сидоров\n"))
    assert cells_of(table) == [["ООО Ромашка, Москва"], ["ИП; Сидоров"]]


def test_decimal_commas_do_not_make_columns(write: Write) -> None:
    table = open_table(write("Бюджет, руб;Имя\n100,50;Иван\n200,75;Пётр\n"))
    assert (table.delimiter, table.headers) == (";", ["Бюджет, руб", "Имя"])


def test_a_long_cell_is_its_own_error_only(write: Write) -> None:
    long = "ы" * (10 * limits.MIB)
    rows = list(open_table(write(f"имя;заметка\nа;{long}\nб;в\n")).rows())
    assert [(row.number, row.cells) for row in rows] == [(2, ["а", ""]), (3, ["б", "в"])]
    assert rows[0].problem == ("field_too_large", 1, "ы" * 100)
    assert rows[1].problem is None


def test_spreadsheet_errors_are_not_text(write: Write) -> None:
    rows = list(open_table(write("имя;сумма\nа;#ССЫЛКА!\n#N/A;5\n")).rows())
    assert [row.cells for row in rows] == [["а", ""], ["", "5"]]
    assert [row.problem for row in rows] == [
        ("cell_error", 1, "#ССЫЛКА!"),
        ("cell_error", 0, "#N/A"),
    ]


def test_gzip_is_unpacked_whatever_its_name(write: Write, tmp_path: Path) -> None:
    packed = write("имя;город\nа;б\n", "cp1251", "a.csv.gz")
    renamed = tmp_path / "table.dat"
    renamed.write_bytes(packed.read_bytes())
    assert cells_of(open_table(renamed)) == cells_of(open_table(packed)) == [["а", "б"]]


def test_header_set_does_not_depend_on_order_and_case(write: Write) -> None:
    one = open_table(write("Имя;Город\nа;б\n", name="1.csv")).header_set
    assert open_table(write("город,ИМЯ \nа,б\n", name="2.csv")).header_set == one
    assert open_table(write("имя;город;инн\nа;б;1\n", name="3.csv")).header_set != one
    assert len(one) == 64


def test_reading_is_quick_and_flat(write: Write) -> None:
    line = "ООО «Ромашка»;+7 900 000-14-52;Иванов Иван;2026-11-24;100000;Москва\n"
    path = write("имя;тел;кто;когда;сумма;город\n" + line * 200_000)
    table = open_table(path)
    tracemalloc.start()
    for _, row in zip(range(20_000), table.rows(), strict=False):
        assert row
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * limits.MIB
    start = time.process_time()
    assert sum(1 for _ in table.rows()) == 200_000
    assert time.process_time() - start < 4.0


@pytest.mark.parametrize("content", [b"", b"\n\n", b" ; ;\n", codecs.BOM_UTF8])
def test_an_empty_file_is_refused(write: Write, content: bytes) -> None:
    with pytest.raises(bad_files.FileEmptyError):
        open_table(write(content))
