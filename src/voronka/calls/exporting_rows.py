"""Calls as a workbook: the right to take them out, the fact that it was done, the file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from voronka.calls.conditions import Conditions, calls_where
from voronka.calls.sums import Norms
from voronka.foundation.errors import RefusalError
from voronka.journal import actions as journal
from voronka.journal.kinds import ListExported
from voronka.journal.viewer import Viewer

MOST = 200_000


class TooManyRowsError(RefusalError):
    """A workbook does not hold so many rows."""

    code = "too_many_rows"


@transaction.atomic
def note_export(*, viewer: Viewer, asked: Conditions, norms: Norms, at: datetime) -> int:
    """Note that a list of calls leaves the product; give how many rows it has.

    Raises: PermissionError without the right to export, TooManyRowsError.
    Records: ListExported.
    """
    if not viewer.may("export", "read"):
        raise PermissionError("export")
    rows = calls_where(viewer, asked, norms).count()
    if rows > MOST:
        raise TooManyRowsError(rows=rows, most=MOST)
    body = ListExported(what="calls", rows=rows)
    journal.record(body, about=journal.About(case="export:calls"), by_id=viewer.by_id, at=at)
    return rows


def write_workbook(
    file: BinaryIO,
    *,
    title: str,
    header: Sequence[str],
    lines: Iterable[Sequence[str | int]],
) -> None:
    """Write one sheet, row by row; texts stay texts, whatever they begin with."""
    # It draws in NumPy: 16 MB of a server that may never be asked for a workbook.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    def cell(value: str | int) -> object:
        if isinstance(value, int) or not value:
            return value
        made = WriteOnlyCell(sheet, value=value)
        # A name that begins with "=" must not become a formula in the reader's table.
        made.data_type = "s"
        return made

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for line in lines:
        sheet.append([cell(one) for one in line])
    book.save(file)
