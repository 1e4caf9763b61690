"""An Asterisk's days gone by, read from its record wherever our own reading stands."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from voronka.calls.asterisk.cel import WANTED, moment_of
from voronka.calls.asterisk.connector import events_of_record
from voronka.calls.asterisk.reading import endpoints_of
from voronka.calls.asterisk.record import (
    AT_ONCE,
    COLUMNS,
    address_of,
    first_row,
    names_of,
    table_of,
)
from voronka.calls.asterisk.record_doors import RecordProblemError, looked
from voronka.calls.exchange_models import Exchange
from voronka.calls.histories import HistoryProblemError, NoHistoryError, Past

BEFORE, AFTER = timedelta(hours=1), timedelta(hours=4)
"""Rows so long before and after a period are read too: where its calls begin and end."""


def past_of(exchange: Exchange, begin: datetime, end: datetime) -> Past:
    """Give the calls that began in [begin, end): from CEL, or how many by CDR without it.

    Raises: NoHistoryError without a record, HistoryProblemError.
    """
    address = address_of(exchange)
    if not address:
        raise NoHistoryError(kind=exchange.kind)
    try:
        first, rows = rows_between(address, begin, end)
    except RecordProblemError as error:
        if error.code != "bad_record":
            raise HistoryProblemError(why=error.code) from error
        return Past(source="cdr", counted=_counted(exchange, address, begin, end))
    calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["eventtype"] in WANTED and row["linkedid"]:
            calls[str(row["linkedid"])[:120]].append(row)
    since = max(begin.timestamp(), float(exchange.options.get("since", 0)))
    return Past(
        source="cel",
        events={
            ref: events_of_record(exchange, first, rows)
            for ref, rows in calls.items()
            if rows[0]["eventtype"] == "CHAN_START"
            and since <= _moment(rows[0]["eventtime"]) < end.timestamp()
        },
    )


def rows_between(
    address: str, begin: datetime, end: datetime
) -> tuple[str, list[dict[str, Any]]]:
    """Give what the record begins with, and the rows of a period with what is around it.

    Only those rows are read, however long the record is. Raises: RecordProblemError.
    """
    table = table_of(address)
    earliest, latest = (begin - BEFORE).timestamp(), (end + AFTER).timestamp()
    first, row_id = looked(address, partial(_start, table=table, since=earliest))
    rows: list[dict[str, Any]] = []
    while True:
        page = looked(address, partial(_page, table=table, row_id=row_id))
        rows += [row for row in page if _moment(row["eventtime"]) <= latest]
        if len(page) < AT_ONCE or _moment(page[-1]["eventtime"]) > latest:
            return first, rows
        row_id = int(page[-1]["id"]) + 1


def latest_rows(address: str, most: int) -> list[dict[str, Any]]:
    """Give the last rows of the record, the newest first. Raises: RecordProblemError."""
    return looked(address, partial(_latest, table=table_of(address), most=most))


def _latest(cursor: Any, _mark: str, *, table: str, most: int) -> list[dict[str, Any]]:
    names = names_of(cursor, table)
    listed = ", ".join(names[name] for name in COLUMNS)
    cursor.execute(f"SELECT {listed} FROM {table} ORDER BY {names['id']} DESC LIMIT {most}")
    return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _start(cursor: Any, mark: str, *, table: str, since: float) -> tuple[str, int]:
    """Find the first row of a moment by halving: a column of moments has no index, ids have.

    What databases hold as a moment differs; what they give for it, `_moment` reads.
    """
    names = names_of(cursor, table)
    pk = names["id"]
    cursor.execute(f"SELECT MIN({pk}), MAX({pk}) FROM {table}")
    low, high = cursor.fetchall()[0]
    first = first_row(cursor, table, names)
    if low is None:
        return first, 0
    low, high = int(low), int(high) + 1
    while low < high:
        middle = (low + high) // 2
        cursor.execute(
            f"SELECT {pk}, {names['eventtime']} FROM {table} WHERE {pk} >= {mark}"
            f" ORDER BY {pk} LIMIT 1",
            (middle,),
        )
        found = cursor.fetchall()
        if not found or _moment(found[0][1]) >= since:
            high = middle
        else:
            low = int(found[0][0]) + 1
    return first, low


def _page(cursor: Any, mark: str, *, table: str, row_id: int) -> list[dict[str, Any]]:
    names = names_of(cursor, table)
    listed = ", ".join(names[name] for name in COLUMNS)
    cursor.execute(
        f"SELECT {listed} FROM {table} WHERE {names['id']} >= {mark}"
        f" ORDER BY {names['id']} LIMIT {AT_ONCE}",
        (row_id,),
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _moment(told: Any) -> float:
    """Give a row's moment; a torn one is long ago, and stops nobody."""
    try:
        return moment_of(told)
    except ValueError:
        return 0.0


def _counted(exchange: Exchange, address: str, begin: datetime, end: datetime) -> int:
    """Count calls with clients by CDR: whichever of their rows touches a line outside."""
    zone = ZoneInfo(exchange.zone)
    span = [f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" for at in (begin, end)]
    try:
        rows = looked(address, partial(_cdr_rows, span=span))
    except RecordProblemError as error:
        raise HistoryProblemError(why=error.code) from error
    endpoints = endpoints_of(exchange)
    channels: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        channels[str(row["linkedid"])] |= set(_channels(row))
    roles = [{endpoints.role(one) for one in those} for those in channels.values()]
    return sum("client" in those for those in roles)


def _cdr_rows(cursor: Any, mark: str, *, span: list[str]) -> list[dict[str, Any]]:
    cursor.execute("SELECT * FROM cdr WHERE 1 = 0")
    there = {str(column[0]).lower() for column in cursor.description}
    began = "calldate" if "calldate" in there else "start"
    if not {began, "linkedid", "channel", "dstchannel"} <= there:
        raise RecordProblemError("bad_record", "cdr")
    # Bare it is a word of SQL to some, and in quotes a mere text to MySQL.
    quoted = f"cdr.{began}"
    cursor.execute(
        f"SELECT linkedid, channel, dstchannel FROM cdr"
        f" WHERE {quoted} >= {mark} AND {quoted} < {mark}",
        tuple(span),
    )
    names = ("linkedid", "channel", "dstchannel")
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _channels(row: Mapping[str, Any]) -> Iterator[str]:
    return (str(row[name]) for name in ("channel", "dstchannel") if row[name])
