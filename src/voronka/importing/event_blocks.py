"""An event log in blocks of some thousand rows, by columns; plain UTF-8 goes quicker."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from pathlib import Path

import numpy as np

from voronka.discovery.texts import Buffer, Ints, Texts
from voronka.importing.delimiters import excel_line
from voronka.importing.event_texts import pieces_of
from voronka.importing.tables import Table

SIZE = 1 << 19
"""Bytes: what is worked out of them stays in the processor's own memory."""
NEW_LINE = ord("\n")
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

    def column(self, place: int) -> Texts:
        """Give the cells of a column, from 0."""
        return Texts.of([cells[place] for cells in self._rows])

    def number(self, n: int) -> int:
        """Tell which row of the file the n-th is: a cell may hold a few lines."""
        text = "".join(map("".join, self._rows[:n]))
        return self._first + n + text.count("\n") + text.count("\r") - text.count("\r\n")

    def check(self) -> None:
        """Look at the cells that nobody asks for. Raises: UnicodeDecodeError."""


class _PlainBlock(Block):
    """Rows of equal width as they lie in the file. `ends`: of the cells, a row each."""

    def __init__(self, data: bytes, ends: Ints, first: int) -> None:
        self._buffer, self._ends, self._first = Buffer(data), ends, first

    def __len__(self) -> int:
        return len(self._ends)

    def is_wide(self, width: int) -> bool:
        return int(self._ends.shape[1]) >= width

    def column(self, place: int) -> Texts:
        ends = self._ends
        if place:
            return Texts(self._buffer, ends[:, place - 1] + 1, ends[:, place])
        return Texts(self._buffer, np.append(0, ends[:-1, -1] + 1), ends[:, 0])

    def number(self, n: int) -> int:
        return self._first + n

    def check(self) -> None:
        self._buffer.data.decode()


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
    return _quick(pieces_of(path, SIZE), table.delimiter or ",", len(table.headers))


def is_plain(table: Table) -> bool:
    """Say whether a table is plain text, looked at while it is read."""
    is_text = table.format == "csv" and table.encoding in ("utf-8", "utf-8-sig")
    return is_text and table.header_row == 1 and table.delimiter.isascii()


def _quick(pieces: Iterator[bytes], mark: str, width: int) -> Iterator[Block]:
    """Cut text without quotes at once; from the first quote on read it row by row."""
    head = next(pieces, b"")
    header = _first_line(head)
    if excel_line(header)[1]:
        head = head[len(header.encode()) :]
        header = _first_line(head)
    if '"' in header:
        yield from _quoted(_lines([head], pieces), mark, first=1, skipped=1)
        return
    first = 2
    for piece in chain([head[len(header.encode()) :]], pieces):
        plain = piece.replace(b"\r\n", b"\n") if b"\r" in piece else piece
        if b'"' in piece or b"\r" in plain:
            yield from _quoted(_lines([piece], pieces), mark, first=first)
            return
        if block := _cut(plain, mark, width, first):
            yield block
            first += len(block)


def _first_line(data: bytes) -> str:
    return StringIO(data[: data.find(b"\n") + 1 or None].decode(), newline="").readline()


def _cut(data: bytes, mark: str, width: int, first: int) -> Block | None:
    if not data:
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    signs = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero((signs == ord(mark)) | (signs == NEW_LINE))
    lines = data.count(b"\n")
    if len(ends) == lines * width:
        cells = ends.reshape(lines, width)
        if bool(np.all(signs[cells[:, -1]] == NEW_LINE)):
            return _PlainBlock(data, cells, first)
    return Block([line.split(mark) for line in data[:-1].decode().split("\n")], first)


def _lines(*pieces: Iterable[bytes]) -> Iterator[str]:
    for piece in chain.from_iterable(pieces):
        yield from StringIO(piece.decode(), newline="")


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
