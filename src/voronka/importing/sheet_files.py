"""Tables in workbooks: .xlsx, and .xls, .xlsb, .ods where the reader manages them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from voronka.importing import limits, sheet_probe
from voronka.importing.bad_files import (
    FileEmptyError,
    FileNotTextError,
    SheetMissingError,
    XlsxBrokenError,
)
from voronka.importing.sheet_rows import SheetRows
from voronka.importing.sheet_scan import SheetFacts, scan_sheet, verify_members
from voronka.importing.tables import Table, checked_header
from voronka.importing.unpacking import checked_members, checked_size, first_bytes

_OLE = b"\xd0\xcf\x11\xe0"
Scan = Callable[[str], SheetFacts]


def is_workbook(path: Path) -> bool:
    """Say whether the file begins as workbooks do (its name is not asked)."""
    return first_bytes(path, 4) in (_OLE, b"PK\x03\x04", b"PK\x05\x06")


def open_sheet(path: Path, *, sheet: str | None = None) -> Table:
    """Open a workbook at `sheet`, or at its first visible sheet that holds anything.

    The sheet stays in memory, some 100 bytes a cell. Titles above the header that fill one
    cell, as 1C writes them, are passed over.

    Raises: XlsxBrokenError, SheetMissingError, ArchiveBombError, FileTooLargeError,
    FileEmptyError, FileNotTextError, and what `checked_header` raises.
    """
    size = checked_size(path)
    if first_bytes(path, 4) == _OLE:
        return _probed(path, sheet, size, "xls")
    members = checked_members(path)
    kind = _kind({member.filename for member in members})
    if kind != "xlsx":
        return _probed(path, sheet, size, kind)
    verify_members(path, members)
    return _open(path, sheet, size, kind, lambda name: scan_sheet(path, members, name))


def _kind(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise FileNotTextError(kind="archive")


def _probed(path: Path, sheet: str | None, size: int, kind: str) -> Table:
    """Let another process try first: a crafted file ends the process that reads it."""
    command = [sys.executable, sheet_probe.__file__, str(path), sheet or ""]
    try:
        probe = subprocess.run(
            [*command, str(limits.PROBE_BYTES)],
            capture_output=True,
            check=False,
            timeout=limits.PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise XlsxBrokenError(problem="broken") from None
    if probe.returncode:
        wants_password = probe.returncode == sheet_probe.WANTS_PASSWORD
        raise XlsxBrokenError(problem="password" if wants_password else "broken")
    return _open(path, sheet, size, kind, lambda name: SheetFacts(rows=1))


def _open(path: Path, sheet: str | None, size: int, kind: str, scan: Scan) -> Table:
    try:
        with load_workbook(path) as book:
            name, page, facts = _chosen(book, sheet, scan)
            names = book.sheet_names
    except PasswordError:
        raise XlsxBrokenError(problem="password") from None
    except BaseException as error:
        # The reader is native: a panic in it is no Exception.
        if type(error).__module__ in ("python_calamine", "pyo3_runtime", "zipfile"):
            raise XlsxBrokenError(problem="broken") from None
        raise
    body = SheetRows(page, facts)
    header_row, header = body.header()
    body.headers = checked_header(header, row=header_row)
    body.header_row = header_row
    return Table(
        headers=body.headers,
        format=kind,
        size_bytes=size,
        row_ceiling=page.end[0] + 1 if page.end else 0,
        read=body.rows,
        header_row=header_row,
        sheet=name,
        sheets=names,
    )


def _chosen(
    book: CalamineWorkbook, sheet: str | None, scan: Scan
) -> tuple[str, CalamineSheet, SheetFacts]:
    metadata = book.sheets_metadata
    pages = [each.name for each in metadata if each.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None:
        if sheet not in pages:
            raise SheetMissingError(sheet=sheet, sheets=pages)
        return sheet, *_page(book, sheet, scan)
    hidden = {each.name for each in metadata if each.visible != SheetVisibleEnum.Visible}
    for name in [name for name in pages if name not in hidden] or pages:
        page, facts = _page(book, name, scan)
        if page.start is not None:
            return name, page, facts
    raise FileEmptyError()


def _page(book: CalamineWorkbook, name: str, scan: Scan) -> tuple[CalamineSheet, SheetFacts]:
    facts = scan(name)
    return book.get_sheet_by_name(name), facts
