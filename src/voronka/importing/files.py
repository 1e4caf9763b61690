"""The door to files: a path becomes a table of texts, whatever the format."""

from pathlib import Path

from voronka.importing.bad_files import FileErasedError
from voronka.importing.csv_files import open_csv
from voronka.importing.sheet_files import is_workbook, open_sheet
from voronka.importing.tables import Problem, Row, Table
from voronka.importing.unpacking import checked_size

__all__ = ["Problem", "Row", "Table", "open_table"]


def open_table(path: Path, *, sheet: str | None = None, is_hasty: bool = False) -> Table:
    """Open a CSV (plain or .gz; UTF-8, CP1251, UTF-16 ...) or a workbook (.xlsx, .xls ...).

    What it is shows in its bytes, not in its name. `sheet` chooses a workbook's sheet.
    A text is read through once to make sure of all of it; rows then stream in flat memory.
    `is_hasty`: of a text that begins as plain UTF-8 only the beginning is looked at.

    Raises: subclasses of `bad_files.BadFileError`; FileNotFoundError, PermissionError.
    """
    if path == Path():
        raise FileErasedError
    checked_size(path)
    if is_workbook(path):
        return open_sheet(path, sheet=sheet)
    return open_csv(path, is_hasty=is_hasty)
