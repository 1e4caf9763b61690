"""A table as read from any file: its header, and its rows with what is wrong in each."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple

from voronka.importing import limits
from voronka.importing.bad_files import (
    FileEmptyError,
    HeaderDuplicateError,
    HeaderMissingError,
    TooManyColumnsError,
)

CELL_ERRORS = frozenset(
    [
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#BUSY!",
        "#GETTING_DATA",
        "#ССЫЛКА!",
        "#Н/Д",
        "#ЗНАЧ!",
        "#ДЕЛ/0!",
        "#ИМЯ?",
        "#ПУСТО!",
        "#ЧИСЛО!",
        "#ПЕРЕНОС!",
        "#ВЫЧИСЛ!",
    ]
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATED = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{4}")


class Problem(NamedTuple):
    """What is wrong in a row.

    Codes: row_too_long, cell_error, field_too_large, number_damaged. `column` is the place
    in `cells` (from 0); a bad cell's own text is taken out of the row and its beginning
    stands in `text`.
    """

    code: str
    column: int
    text: str = ""


class Row(NamedTuple):
    """A row as the spreadsheet numbers it (the header is row 1), as wide as the header."""

    number: int
    cells: list[str]
    problems: tuple[Problem, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """The first thing that is wrong, if any."""
        return self.problems[0] if self.problems else None


@dataclass(frozen=True)
class Table:
    """An opened file. Usable in `with`; rows may be read any number of times.

    `row_ceiling`: no row has a higher number (lines of text may be fewer rows).
    `doubtful_line`: first line that came here already garbled, or None.
    `is_encoding_sure`: False when the text is too short to tell.
    """

    headers: list[str]
    format: str
    size_bytes: int
    row_ceiling: int
    read: Callable[[int], Iterator[Row]] = field(repr=False)
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    is_encoding_sure: bool = True
    doubtful_line: int | None = None

    @property
    def header_set(self) -> str:
        """A hash of the names of the columns, whatever their order and case.

        So what is remembered under it must name columns by header, not by place.
        """
        names = sorted(normal_header(name) for name in self.headers)
        return hashlib.sha256("\x1f".join(names).encode()).hexdigest()

    def rows(self, start_line: int = 0) -> Iterator[Row]:
        """Give the filled rows below the header whose number is `start_line` or more.

        Raises: FileTruncatedError, FieldTooLargeError, FileEncodingMixedError at that row.
        """
        return self.read(start_line)

    def __enter__(self) -> "Table":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing stays open between readings; here for `with` and for callers' habit."""


def normal_header(name: str) -> str:
    """Bring a header to the form in which two are the same: case, blanks, ё."""
    return " ".join(name.replace("\ufeff", "").casefold().replace("ё", "е").split())


def checked_header(cells: list[str], *, row: int) -> list[str]:
    """Give the names of the columns, without the empty ones at the end.

    Raises: FileEmptyError, HeaderMissingError, HeaderDuplicateError, TooManyColumnsError.
    """
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(sign.isalnum() for name in names for sign in name):
        raise FileEmptyError()
    if len(names) > limits.COLUMNS:
        raise TooManyColumnsError(columns=len(names), limit=limits.COLUMNS)
    if not looks_like_header(names):
        raise HeaderMissingError(row=row)
    counts = Counter(normal_header(name) for name in names if name)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise HeaderDuplicateError(columns=[_places(name, names) for name in twice])
    return names


def _places(normal: str, names: list[str]) -> dict[str, object]:
    positions = [at for at, name in enumerate(names, start=1) if normal_header(name) == normal]
    return {"name": names[positions[0] - 1], "positions": positions}


def looks_like_header(names: list[str]) -> bool:
    """Say whether these are names: some have letters, none is a mail, a date, a phone."""
    if not any(sign.isalpha() for name in names for sign in name):
        return False
    return not any(_is_data(name) for name in names)


def _is_data(name: str) -> bool:
    digits = sum(sign.isdigit() for sign in name)
    letters = sum(sign.isalpha() for sign in name)
    is_number = digits >= 10 and letters == 0
    return is_number or bool(_MAIL.fullmatch(name)) or bool(_DATED.match(name))


def fitted(cells: list[str], width: int) -> tuple[list[str], tuple[Problem, ...]]:
    """Pad a short row; cut a long one, which is a problem unless the rest is blank."""
    if len(cells) <= width:
        return cells + [""] * (width - len(cells)), ()
    extra = " ".join(cells[width : width + 20]).strip()
    if not extra and not "".join(cells[width:]).strip():
        return cells[:width], ()
    return cells[:width], (Problem("row_too_long", width, extra[:100]),)


def judged(cells: list[str]) -> tuple[list[str], tuple[Problem, ...]]:
    """Take out cells that are spreadsheet errors or too large, saying so."""
    clean, problems = list(cells), []
    for column, text in enumerate(cells):
        if len(text) > limits.FIELD_SIGNS:
            problems.append(Problem("field_too_large", column, text[:100]))
            clean[column] = ""
        elif text in CELL_ERRORS:
            problems.append(Problem("cell_error", column, text))
            clean[column] = ""
    return clean, tuple(problems)
