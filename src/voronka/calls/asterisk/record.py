"""Asterisk's own record in a database: rows of its CEL table after a place, read only."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

COLUMNS = (
    "id", "eventtype", "eventtime", "cidnum", "exten", "channel", "app", "uniqueid",
    "linkedid", "extra",
)  # fmt: skip
OTHER_NAMES = {
    "id": "acctid", "channel": "channame", "cidnum": "cid_num", "app": "appname",
}  # fmt: skip
"""As Asterisk itself (SQLite) and its samples for MySQL and PostgreSQL name them."""
AT_ONCE = 5000
OVERLAP_ROWS = 500
"""Where several write at once a smaller number may come later: these are read again."""


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
    with _opened(address) as (cursor, mark):
        table = _table(address)
        names = _names(cursor, table)
        first = _first_row(cursor, table, names)
        if first != place.first:
            place = Place(first, 0)
        overlap = 0 if address.startswith("sqlite") else OVERLAP_ROWS
        listed = ", ".join(names[name] for name in COLUMNS)
        cursor.execute(
            f"SELECT {listed} FROM {table} WHERE {names['id']} > {mark}"
            f" ORDER BY {names['id']} LIMIT {AT_ONCE}",
            (max(0, place.last_id - overlap),),
        )
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    last = max([place.last_id, *(int(row["id"]) for row in rows)])
    return rows, Place(first, last)


def recordings_of(address: str, linkedids: Sequence[str]) -> dict[str, str]:
    """Give the names of recordings that the exchange's CDR tells of, by call.

    Columns: recording or recordingfile. A call without one is left out.
    Raises: RecordProblemError.
    """
    with _opened(address) as (cursor, mark):
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


@contextmanager
def _opened(address: str) -> Iterator[tuple[Any, str]]:
    kind = urlsplit(address).scheme
    if kind == "sqlite":
        with _sqlite(address) as cursor:
            yield cursor, "?"
    elif kind in ("postgresql", "postgres"):
        with _postgresql(address) as cursor:
            yield cursor, "%s"
    else:
        raise RecordProblemError("record_address", kind)


@contextmanager
def _sqlite(address: str) -> Iterator[Any]:
    path = unquote(urlsplit(address).path)
    try:
        opened = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
    except sqlite3.Error as error:
        raise RecordProblemError("no_record", str(error)) from error
    try:
        yield opened.cursor()
    except sqlite3.Error as error:
        raise RecordProblemError("bad_record", str(error)) from error
    finally:
        opened.close()


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


def _table(address: str) -> str:
    options = dict(
        part.split("=", 1) for part in urlsplit(address).query.split("&") if "=" in part
    )
    table = options.get("table", "cel")
    if not table.replace("_", "").replace(".", "").isalnum():
        raise RecordProblemError("record_address", table)
    return table


def _names(cursor: Any, table: str) -> Mapping[str, str]:
    cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
    there = {str(column[0]).lower() for column in cursor.description}
    names = {}
    for name in COLUMNS:
        other = OTHER_NAMES.get(name, name)
        names[name] = name if name in there else other
        if names[name] not in there:
            raise RecordProblemError("bad_record", name)
    return names


def _first_row(cursor: Any, table: str, names: Mapping[str, str]) -> str:
    listed, by = f"{names['id']}, {names['eventtime']}", names["id"]
    cursor.execute(f"SELECT {listed} FROM {table} ORDER BY {by} LIMIT 1")
    found = cursor.fetchall()
    return f"{found[0][0]} {found[0][1]}" if found else ""
