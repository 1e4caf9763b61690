"""Asterisk's own record in a database: rows of its CEL table after a place, read only."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

Found = TypeVar("Found")
COLUMNS = (
    "id", "eventtype", "eventtime", "cidnum", "exten", "channel", "app", "uniqueid",
    "linkedid", "extra",
)  # fmt: skip
OTHER_NAMES = {
    "id": "acctid", "channel": "channame", "cidnum": "cid_num", "app": "appname",
}  # fmt: skip
"""As Asterisk itself (SQLite) and its samples for MySQL and PostgreSQL name them."""
AT_ONCE = 5000
OVERLAP_ROWS = 100
"""A smaller number may come later, or be overlooked in a torn look: these are read again."""
LOOKS, BETWEEN_LOOKS = 8, 0.004


class RecordProblemError(Exception):
    """The record cannot be read; `code`: no_record, bad_record, record_address."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(f"{code}: {told}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """How far a record is read. `first`: its first row, another one tells of a new record."""

    first: str = ""
    last_id: int = 0


def rows_after(address: str, place: Place) -> tuple[list[dict[str, Any]], Place]:
    """Give the rows after a place, in their order, and the place behind them.

    A record begun anew is read from its first row. Rows may come a second time.

    `address`: sqlite:///path, postgresql://… or mysql://…, `?table=` other than cel.
    Raises: RecordProblemError.
    """
    return looked(address, lambda cursor, mark: _after(cursor, mark, table_of(address), place))


def _after(
    cursor: Any, mark: str, table: str, place: Place
) -> tuple[list[dict[str, Any]], Place]:
    names = names_of(cursor, table)
    first = first_row(cursor, table, names)
    if first != place.first:
        place = Place(first, 0)
    listed = ", ".join(names[name] for name in COLUMNS)
    cursor.execute(
        f"SELECT {listed} FROM {table} WHERE {names['id']} > {mark}"
        f" ORDER BY {names['id']} LIMIT {AT_ONCE}",
        (max(0, place.last_id - OVERLAP_ROWS),),
    )
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    last = max([place.last_id, *(int(row["id"]) for row in rows)])
    return rows, Place(first, last)


def recordings_of(address: str, linkedids: Sequence[str]) -> dict[str, str]:
    """Give the names of recordings that the exchange's CDR tells of, by call.

    Columns: recording or recordingfile. A call without one is left out.
    Raises: RecordProblemError.
    """
    return looked(address, lambda cursor, mark: _recordings(cursor, mark, linkedids))


def _recordings(cursor: Any, mark: str, linkedids: Sequence[str]) -> dict[str, str]:
    cursor.execute("SELECT * FROM cdr WHERE 1 = 0")
    there = {column[0] for column in cursor.description}
    name = next((one for one in ("recording", "recordingfile") if one in there), "")
    if not name or "linkedid" not in there:
        return {}
    wanted = ", ".join([mark] * len(linkedids))
    cursor.execute(
        f"SELECT linkedid, {name} FROM cdr WHERE linkedid IN ({wanted}) AND {name} <> ''",
        tuple(linkedids),
    )
    return {str(linkedid): str(found) for linkedid, found in cursor.fetchall()}


def looked(address: str, look: Callable[[Any, str], Found]) -> Found:
    """Give what `look` reads with a cursor and the database's own mark for a parameter.

    Raises: RecordProblemError.
    """
    kind = urlsplit(address).scheme
    if kind == "sqlite":
        return _looked_into_file(Path(unquote(urlsplit(address).path)), look)
    if kind in ("postgresql", "postgres"):
        with _postgresql(address) as cursor:
            return look(cursor, "%s")
    raise RecordProblemError("record_address", kind)


def _looked_into_file(path: Path, look: Callable[[Any, str], Found]) -> Found:
    """Look without a lock: Asterisk drops a row that it cannot write within a millisecond.

    18 of 50 rows of a burst were lost to a reader that locked. A look during which the file
    changed is taken again; the last one counts, and what it overlooked is read with the next.
    """
    if not path.is_file():
        raise RecordProblemError("no_record", str(path))
    has_wal = path.with_name(f"{path.name}-wal").exists()
    problem = ""
    for n in range(LOOKS):
        before = _state_of(path)
        try:
            found = _one_look(path, look, locks=has_wal)
        except sqlite3.Error as error:
            problem = str(error)
        else:
            is_last = n == LOOKS - 1
            if has_wal or is_last or (before == _state_of(path) and before[1] == 0):
                return found
        time.sleep(BETWEEN_LOOKS)
    raise RecordProblemError("bad_record", problem)


def _one_look(path: Path, look: Callable[[Any, str], Found], *, locks: bool) -> Found:
    how = "mode=ro" if locks else "mode=ro&immutable=1"
    opened = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=5)
    try:
        return look(opened.cursor(), "?")
    finally:
        opened.close()


def _state_of(path: Path) -> tuple[bytes, int]:
    """The file's own count of changes, and the size of what is being written."""
    journal = path.with_name(f"{path.name}-journal")
    with path.open("rb") as file:
        file.seek(24)
        count = file.read(4)
    try:
        return count, journal.stat().st_size
    except FileNotFoundError:
        return count, 0


@contextmanager
def _postgresql(address: str) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415

    bare = address.partition("?")[0]
    try:
        with psycopg.connect(bare, connect_timeout=5, autocommit=True) as opened:
            opened.read_only = True
            yield opened.cursor()
    except psycopg.OperationalError as error:
        raise RecordProblemError("no_record", str(error)) from error
    except psycopg.Error as error:
        raise RecordProblemError("bad_record", str(error)) from error


def table_of(address: str) -> str:
    """Give the name of the CEL table. Raises: RecordProblemError record_address."""
    options = dict(
        part.split("=", 1) for part in urlsplit(address).query.split("&") if "=" in part
    )
    table = options.get("table", "cel")
    if not table.replace("_", "").replace(".", "").isalnum():
        raise RecordProblemError("record_address", table)
    return table


def names_of(cursor: Any, table: str) -> Mapping[str, str]:
    """Give how this table calls each of COLUMNS. Raises: RecordProblemError bad_record."""
    cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
    there = {str(column[0]).lower() for column in cursor.description}
    names = {}
    for name in COLUMNS:
        other = OTHER_NAMES.get(name, name)
        names[name] = name if name in there else other
        if names[name] not in there:
            raise RecordProblemError("bad_record", name)
    return names


def first_row(cursor: Any, table: str, names: Mapping[str, str]) -> str:
    """Give what the record begins with; "" while it is empty."""
    listed, by = f"{names['id']}, {names['eventtime']}", names["id"]
    cursor.execute(f"SELECT {listed} FROM {table} ORDER BY {by} LIMIT 1")
    found = cursor.fetchall()
    return f"{found[0][0]} {found[0][1]}" if found else ""
