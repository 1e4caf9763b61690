"""Tables in text files: rows as a stream, memory flat at any size."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voronka.importing import limits
from voronka.importing.bad_files import (
    FieldTooLargeError,
    FileEmptyError,
    FileEncodingMixedError,
    FileTruncatedError,
)
from voronka.importing.byte_lines import TextFacts
from voronka.importing.delimiters import excel_line, find_delimiter
from voronka.importing.tables import CELL_ERRORS, Row, Table, checked_header, fitted, judged
from voronka.importing.text_encodings import examine, examine_head
from voronka.importing.unpacking import checked_size, chunks, opened

_SAMPLE_SIGNS = 128 * 1024


def open_csv(path: Path, *, is_hasty: bool = False) -> Table:
    """Open a text file, plain or gzipped, having looked at all of its bytes; `is_hasty`: at
    the first MiB, if that is plain UTF-8.

    Raises: what `text_encodings.examine`, `unpacking.chunks` and `checked_header` raise.
    """
    size = checked_size(path)
    _allow_long_fields()
    facts = (is_hasty and examine_head(chunks(path))) or examine(chunks(path))
    text = _Text(path, facts.encoding, *_shape(path, facts))
    header_row, header = text.header()
    headers = checked_header(header, row=header_row)
    body = _Body(text, header_row, len(headers))
    return Table(
        headers=headers,
        format="csv",
        size_bytes=size,
        row_ceiling=facts.lines,
        read=body.rows,
        header_row=header_row,
        encoding=facts.encoding,
        delimiter=text.delimiter,
        is_encoding_sure=facts.is_sure,
        doubtful_line=facts.doubtful_line,
    )


def _allow_long_fields() -> None:
    """Lift the limit of 128 KiB, kept by `csv` for the whole process, that breaks rows off."""
    csv.field_size_limit(limits.FIELD_CEILING)


def _shape(path: Path, facts: TextFacts) -> tuple[str, int]:
    """Give the delimiter and how many signs at the beginning to skip."""
    with io.TextIOWrapper(opened(path), facts.encoding, newline="") as file:
        sample = file.read(_SAMPLE_SIGNS)
        is_whole = not file.read(1)
    sign, skipped = excel_line(sample)
    return sign or find_delimiter(sample[skipped:], is_whole=is_whole), skipped


@dataclass(frozen=True)
class _Text:
    path: Path
    encoding: str
    delimiter: str
    skipped: int

    def header(self) -> tuple[int, list[str]]:
        """Give the first filled record and its number, from 1."""
        for number, cells in _Records(self):
            if "".join(cells).strip():
                return number, cells
        raise FileEmptyError()


class _Records:
    """The records of a text with their numbers; knows when the last one was cut short."""

    def __init__(self, text: _Text) -> None:
        self._text = text
        self._is_at_end = False
        self._last_line = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        text = self._text
        number = 0
        _allow_long_fields()
        with io.TextIOWrapper(opened(text.path), text.encoding, newline="") as file:
            file.read(text.skipped)
            reader = csv.reader(self._lines(file), delimiter=text.delimiter)
            try:
                for number, cells in enumerate(reader, start=1):
                    # The reader asks for another line only inside quotes.
                    if self._is_at_end:
                        raise FileTruncatedError(row=number)
                    self._last_line = reader.line_num
                    yield number, cells
            except csv.Error:
                column = self._open_column()
                raise FieldTooLargeError(row=number + 1, column=column) from None
            except UnicodeDecodeError:
                raise FileEncodingMixedError(line=self._last_line + 1) from None

    def _lines(self, file: io.TextIOWrapper) -> Iterator[str]:
        yield from file
        self._is_at_end = True

    def _open_column(self) -> int:
        """Find the column, from 1, in which the record after the last good one stays open."""
        text = self._text
        with io.TextIOWrapper(opened(text.path), text.encoding, newline="") as file:
            file.read(text.skipped)
            for _ in range(self._last_line):
                file.readline()
            line = file.readline(limits.FIELD_CEILING // 2)
        return max(1, len(next(csv.reader([line], delimiter=text.delimiter), [])))


@dataclass(frozen=True)
class _Body:
    text: _Text
    header_row: int
    width: int

    def rows(self, start_line: int) -> Iterator[Row]:
        """Give the filled rows from `start_line` on."""
        start = max(start_line, self.header_row + 1)
        width = self.width
        ceiling = limits.FIELD_SIGNS
        has_no_errors = CELL_ERRORS.isdisjoint
        for number, cells in _Records(self.text):
            if number < start or not any(cells):
                continue
            is_sound = len(cells) == width and has_no_errors(cells)
            if is_sound and max(map(len, cells)) <= ceiling:
                if cells[0].strip() or "".join(cells).strip():
                    yield Row(number, cells)
                continue
            if "".join(cells).strip():
                yield _mended(number, cells, width)


def _mended(number: int, cells: list[str], width: int) -> Row:
    cells, long = fitted(cells, width)
    cells, bad = judged(cells)
    return Row(number, cells, long + bad)
