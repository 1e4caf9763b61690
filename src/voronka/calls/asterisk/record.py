"""Asterisk's own record in a database: rows of its CEL table after a place, read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.calls.asterisk.record_doors import RecordProblemError, looked, parts_of
from voronka.calls.exchange_models import Exchange

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


@dataclass(frozen=True, slots=True)
class Place:
    """How far a record is read. `first`: its first row, another one tells of a new record."""

    first: str = ""
    last_id: int = 0


def address_of(exchange: Exchange) -> str:
    """Give where an exchange's record is, "" for none; with the exchange's zone for moments
    that tell none, unless the address names another (`?zone=UTC` where Asterisk has
    usegmtime=yes).
    """
    address = str(exchange.options.get("record", ""))
    if not address or "zone=" in address.partition("?")[2]:
        return address
    return f"{address}{'&' if '?' in address else '?'}zone={exchange.zone}"


def rows_after(address: str, place: Place) -> tuple[list[dict[str, Any]], Place]:
    """Give the rows after a place, in their order, and the place behind them.

    A record begun anew is read from its first row. Rows may come a second time.

    `address`: sqlite:///path, postgresql://… or mysql://…, `?table=` other than cel, `?zone=`
    of moments that tell none (else UTC).
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


def table_of(address: str) -> str:
    """Give the name of the CEL table. Raises: RecordProblemError record_address."""
    query = parts_of(address).query
    options = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
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
    if not found:
        return ""
    row_id, at = found[0]
    # As it stands in the record: another zone must not make another record of it.
    bare = at.replace(tzinfo=None) if isinstance(at, datetime) else at
    return f"{row_id} {bare}"
