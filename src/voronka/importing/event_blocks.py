"""An event log in blocks of some thousand rows, by columns; plain UTF-8 goes quicker."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from pathlib import Path

from voronka.importing.event_texts import texts_of
from voronka.importing.tables import Table

SIGNS = 1 << 16
ROWS = 512
"""Fewer than the garbage collector waits for: with 4,096 lists it took a third of the time."""


class Block:
    """Rows that follow each other, as cells. `first`: the row of the file that the first is."""

    def __init__(self, rows: Sequence[list[str]], first: int) -> None:
        self._rows, self._first = rows, first

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def is_wide(self, width: int) -> bool:
        """Say whether every row has so many cells."""
        return min(map(len, self._rows), default=width) >= width

    def filled(self, width: int) -> "tuple[Block, list[int]]":
        """Leave out blank rows and make short ones wide; give also which rows were kept."""
        rows = self._rows
        kept = [n for n, cells in enumerate(rows) if len(cells) >= width or any(cells)]
        return Block([[*rows[n], *[""] * width] for n in kept], 0), kept

    def column(self, place: int) -> list[str]:
        """Give the cells of a column, from 0."""
        return [cells[place] for cells in self._rows]

    def number(self, n: int) -> int:
        """Tell which row of the file the n-th is: a cell may hold a few lines."""
        text = "".join(map("".join, self._rows[:n]))
        return self._first + n + text.count("\n") + text.count("\r") - text.count("\r\n")


class _PlainBlock(Block):
    """Rows of equal width in one list of cells, a line break after each."""

    def __init__(self, cells: list[str], width: int, first: int) -> None:
        self._cells, self._width, self._first = cells, width, first

    def __len__(self) -> int:
        return len(self._cells) // (self._width + 1)

    def is_wide(self, width: int) -> bool:
        return self._width >= width

    def column(self, place: int) -> list[str]:
        return self._cells[place :: self._width + 1]

    def number(self, n: int) -> int:
        return self._first + n


class _NumberedBlock(Block):
    """Rows that know their numbers."""

    def __init__(self, rows: Sequence[list[str]], numbers: Sequence[int]) -> None:
        self._rows, self._numbers = rows, numbers

    def number(self, n: int) -> int:
        return self._numbers[n]


def blocks_of(path: Path, table: Table) -> Iterator[Block]:
    """Give the blocks of an opened table, from the first row below the header on."""
    if not is_plain(table):
        return _numbered(table)
    return _quick(texts_of(path, SIGNS), table.delimiter or ",", len(table.headers))


def is_plain(table: Table) -> bool:
    """Say whether a table is plain text, looked at while it is read."""
    is_text = table.format == "csv" and table.encoding in ("utf-8", "utf-8-sig")
    return is_text and table.header_row == 1


def _quick(texts: Iterator[str], mark: str, width: int) -> Iterator[Block]:
    """Cut text without quotes at once; from the first quote on read it row by row."""
    head = next(texts, "")
    header = StringIO(head, newline="").readline()
    if '"' in header:
        yield from _quoted(_lines([head], texts), mark, first=1, skipped=1)
        return
    first = 2
    for text in chain([head[len(header) :]], texts):
        plain = text.replace("\r\n", "\n") if "\r" in text else text
        if '"' in text or "\r" in plain:
            yield from _quoted(_lines([text], texts), mark, first=first)
            return
        if block := _cut(plain, mark, width, first):
            yield block
            first += len(block)


def _cut(text: str, mark: str, width: int, first: int) -> Block | None:
    if not text:
        return None
    if not text.endswith("\n"):
        text += "\n"
    lines = text.count("\n")
    cells = text.replace("\n", f"{mark}\n{mark}").split(mark)
    del cells[-1]
    if lines == cells[width :: width + 1].count("\n") == len(cells) / (width + 1):
        return _PlainBlock(cells, width, first)
    return Block([line.split(mark) for line in text[:-1].split("\n")], first)


def _lines(*texts: Iterable[str]) -> Iterator[str]:
    for text in chain.from_iterable(texts):
        yield from StringIO(text, newline="")


def _quoted(
    lines: Iterable[str], mark: str, *, first: int, skipped: int = 0
) -> Iterator[Block]:
    reader = csv.reader(lines, delimiter=mark)
    for _ in range(skipped):
        next(reader, None)
    line = reader.line_num
    while rows := list(islice(reader, ROWS)):
        yield Block(rows, first + line)
        line = reader.line_num


def _numbered(table: Table) -> Iterator[Block]:
    rows = table.rows()
    while found := list(islice(rows, ROWS)):
        yield _NumberedBlock([row.cells for row in found], [row.number for row in found])
