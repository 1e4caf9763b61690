"""A workbook's sheet as rows of texts, with the cells that hold no value."""

from collections.abc import Iterator, Sequence

from python_calamine import CalamineSheet

from voronka.importing.bad_files import FileEmptyError
from voronka.importing.cell_texts import is_rounded, text_of
from voronka.importing.sheet_scan import SheetFacts
from voronka.importing.tables import Problem, Row, fitted, judged, looks_like_header

_TITLE_ROWS = 20


class SheetRows:
    """The filled rows of a sheet, and its header."""

    def __init__(self, page: CalamineSheet, facts: SheetFacts) -> None:
        self._page = page
        self._first_column = page.start[1] if page.start else 0
        self._errors: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in facts.errors.items():
            place = column - 1 - self._first_column
            self._errors.setdefault(row, []).append((place, text))
        self.headers: list[str] = []
        self.header_row = 0

    def header(self) -> tuple[int, list[str]]:
        """Give the first filled row, or the first wide one below lines of title."""
        filled = []
        for number, cells in enumerate(self._page.iter_rows(), start=1):
            texts = [text_of(cell) for cell in cells]
            if any(text.strip() for text in texts):
                filled.append((number, texts))
            if len(filled) == _TITLE_ROWS:
                break
        if not filled:
            raise FileEmptyError()
        wide = [row for row in filled if _count(row[1]) >= 2]
        is_title = _count(filled[0][1]) == 1 and len(wide) >= 2
        if is_title and _count(wide[0][1]) >= 3 and looks_like_header(wide[0][1]):
            return wide[0]
        return filled[0]

    def rows(self, start_line: int) -> Iterator[Row]:
        """Give the filled rows from `start_line` on."""
        start = max(start_line, self.header_row + 1)
        width = len(self.headers)
        for number, values in enumerate(self._page.iter_rows(), start=1):
            if number < start:
                continue
            texts = [text_of(value) for value in values]
            bad = self._bad(number, texts, values)
            if not bad and not any(text.strip() for text in texts):
                continue
            cells, long = fitted(texts, width)
            cells, more = judged(cells)
            yield Row(number, cells, long + bad + more)

    def _bad(
        self, number: int, texts: list[str], values: Sequence[object]
    ) -> tuple[Problem, ...]:
        bad = [Problem("cell_error", at, text) for at, text in self._errors.get(number, ())]
        for at, value in enumerate(values):
            if is_rounded(value):
                bad.append(Problem("number_damaged", at, texts[at]))
                texts[at] = ""
        return tuple(each for each in bad if each.column < len(self.headers))


def _count(texts: list[str]) -> int:
    return sum(bool(text.strip()) for text in texts)
