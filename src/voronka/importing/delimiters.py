"""Which sign separates the columns, told from the beginning of the text."""

import csv
import re
from contextlib import suppress
from itertools import islice

DELIMITERS = (";", "\t", ",", "|")
_NO_DELIMITER = "\x1f"
_EXCEL_LINE = re.compile(r'\ufeff?"?sep=(.)"?\s*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_RECORDS = 200


def excel_line(text: str) -> tuple[str, int]:
    """Give the sign named by Excel's first line `sep=;` and that line's length, or "", 0."""
    found = _EXCEL_LINE.match(text)
    return (found[1], found.end()) if found else ("", 0)


def find_delimiter(text: str, *, is_whole: bool) -> str:
    """Choose among ; tab , | by how many rows come out as wide as the header.

    Quotes are respected. A file of one column gets a sign that occurs in no text.
    `is_whole`: the text does not end in the middle of a record.
    """
    tables = {sign: _records(text, sign, is_whole) for sign in DELIMITERS}
    scores = {sign: _score(table) for sign, table in tables.items()}
    best = max(DELIMITERS, key=lambda sign: scores[sign])
    if scores[best] > (0.0, 0):
        return best
    ragged = {sign: _wide_rows(table) for sign, table in tables.items()}
    best = max(DELIMITERS, key=lambda sign: ragged[sign])
    return best if ragged[best] >= 0.8 else _NO_DELIMITER


def _records(text: str, delimiter: str, is_whole: bool) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    records: list[list[str]] = []
    with suppress(csv.Error):
        records.extend(islice(reader, _RECORDS))
    if not is_whole and len(records) < _RECORDS:
        # The sample ends in the middle of this one.
        records = records[:-1] or records
    return [record for record in records if "".join(record).strip()]


def _score(table: list[list[str]]) -> tuple[float, int]:
    """The share of rows as wide as the header (trailing blanks apart), and the width."""
    width = len(_trimmed(table[0])) if table else 0
    if width < 2:
        return (0.0, 0)
    fitting = sum(_fits(record, width) for record in table)
    return (round(fitting / len(table), 1) or 0.05, width)


def _fits(record: list[str], width: int) -> bool:
    return len(record) >= width and not any(record[width:])


def _wide_rows(table: list[list[str]]) -> float:
    rows = table[1:]
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count) if widths else 1
    return widths.count(usual) / len(widths) if usual > 1 else 0.0


def _trimmed(record: list[str]) -> list[str]:
    last = max((at for at, cell in enumerate(record) if cell.strip()), default=-1)
    return record[: last + 1]
