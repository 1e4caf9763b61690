"""A look into .xlsx before the reader: real sizes, and the cells that hold errors.

The reader takes the whole rectangle of a sheet into memory and ends the process when that
does not fit: five kilobytes with one cell at XFD1048576 ask for half a terabyte. It also
gives an error cell as an empty one.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from voronka.importing import limits
from voronka.importing.bad_files import ArchiveBombError, FileTooLargeError, XlsxBrokenError
from voronka.importing.unpacking import inflated

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_COLUMN = re.compile(rb'\sr="([A-Z]{1,3})\d')
_NUMBER = re.compile(rb'\sr="[A-Z]{0,3}(\d{1,7})"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_READ = (".xml", ".rels", ".bin")
_INDEX_BYTES = 16 * limits.MIB


@dataclass
class SheetFacts:
    """What stands in a sheet's text: its last row and column, and errors by (row, column)."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def verify_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Unpack for real what the reader reads on opening: texts, styles, all but the sheets.

    Raises: ArchiveBombError, XlsxBrokenError.
    """
    for member in members:
        name = member.filename
        if name.endswith(_READ) and not name.startswith("xl/worksheets/sheet"):
            for _ in inflated(path, member):
                pass


def scan_sheet(path: Path, members: list[zipfile.ZipInfo], sheet: str) -> SheetFacts:
    """Look through one sheet's text. Raises: the same, FileTooLargeError."""
    names = {member.filename: member for member in members}
    facts = _scan(inflated(path, names[_part_of(path, names, sheet)]))
    cells = facts.rows * facts.columns
    if cells > limits.SHEET_CELLS:
        raise FileTooLargeError(what="cells", size=cells, limit=limits.SHEET_CELLS)
    return facts


def _part_of(path: Path, names: dict[str, zipfile.ZipInfo], sheet: str) -> str:
    """Find the member that holds the sheet of this name."""
    book = _index(path, names, "xl/workbook.xml")
    relations = _index(path, names, "xl/_rels/workbook.xml.rels")
    targets = {each.get("Id"): each.get("Target", "") for each in relations.iter()}
    for each in book.iter():
        if each.tag.endswith("}sheet") and each.get("name") == sheet:
            target = targets.get(each.get(_RELATION) or each.get(_STRICT_RELATION), "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            if part in names:
                return part
    raise XlsxBrokenError(problem="broken")


def _index(path: Path, names: dict[str, zipfile.ZipInfo], name: str) -> ElementTree.Element:
    member = names.get(name)
    if member is None:
        raise XlsxBrokenError(problem="broken")
    if member.file_size > _INDEX_BYTES:
        raise ArchiveBombError(limit_bytes=_INDEX_BYTES, ratio=limits.UNPACKED_RATIO)
    text = b"".join(inflated(path, member))
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise XlsxBrokenError(problem="broken")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError:
        raise XlsxBrokenError(problem="broken") from None


def _scan(chunks: Iterable[bytes]) -> SheetFacts:
    facts = SheetFacts()
    columns: set[bytes] = set()
    for block in _row_blocks(chunks):
        columns.update(_COLUMN.findall(block))
        facts.rows = max(facts.rows, max(map(int, set(_NUMBER.findall(block))), default=0))
        if b't="e"' in block:
            for letters, row, text in _ERROR.findall(block):
                facts.errors[int(row), column_number(letters)] = text.decode("utf-8", "replace")
    facts.columns = max(map(column_number, columns), default=0)
    return facts


def _row_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Regroup so that no cell is cut in two."""
    tail = b""
    for chunk in chunks:
        block = tail + chunk
        cut = block.rfind(b"<", 0, max(block.rfind(b"row>"), 0) + 1)
        if cut <= 0:
            cut = max(block.rfind(b"<c "), block.rfind(b"<row "), 0)
        tail = block[cut:]
        if len(tail) > limits.FIELD_CEILING:
            raise XlsxBrokenError(problem="broken")
        if cut:
            yield block[:cut]
    yield tail


def column_number(letters: bytes) -> int:
    """Give the place of a column from 1: A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
