"""Writing thousands of rows at once, with ids known beforehand."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

# SQLite takes 32,766 values in a statement.
AT_ONCE, MOST_VALUES = 300, 30_000

Converter = Callable[[Any], Any]


class Ids:
    """Hands out the next free id of each table; `settle` tells the database at the end."""

    def __init__(self) -> None:
        self._tops: dict[type[models.Model], int] = {}

    def next(self, model: type[models.Model]) -> int:
        """Give an id that no row has."""
        if model not in self._tops:
            self._tops[model] = model._default_manager.aggregate(top=Max("pk"))["top"] or 0
        self._tops[model] += 1
        return self._tops[model]

    def settle(self) -> None:
        """Let later inserts go on after these ids (SQLite does so by itself)."""
        statements = connection.ops.sequence_reset_sql(no_style(), list(self._tops))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def reserve(model: type[models.Model], n: int) -> list[int]:
    """Give `n` ids that nobody else will get; to be called inside the writing transaction.

    SQLite: the transaction holds the only write lock. PostgreSQL: from the table's sequence.
    """
    if not n:
        return []
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        with connection.cursor() as cursor:
            cursor.execute(sql, [connection.ops.quote_name(table), n])
            return [row[0] for row in cursor.fetchall()]
    top = model._default_manager.aggregate(top=Max("pk"))["top"] or 0
    with connection.cursor() as cursor:
        # Ids of deleted rows are not given twice: undone loads remember them.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    start = max(top, row[0] if row else 0) + 1
    return list(range(start, start + n))


def refresh_statistics() -> None:
    """Let the planner know how full the tables are; without it SQLite takes worse indexes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows given as values of `columns` (names of attributes); the rest by default.

    Prepared once for all rows: six times quicker than building an object for each. Many rows
    go in one statement: a trigger that feeds a search index then works twice as quick.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    others = [name for name in fields if name not in columns and name != "id"]
    defaults = [_stored(fields[name])(fields[name].get_default()) for name in others]
    written = [fields[name] for name in (*columns, *others)]
    at_once = max(1, min(AT_ONCE, MOST_VALUES // len(written)))
    changes = [
        (place, convert)
        for place, name in enumerate(columns)
        if (convert := _stored(fields[name])) is not _same
    ]
    source = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(source, at_once)):
            values = [value for row in chunk for value in _values(row, changes, defaults)]
            cursor.execute(_statement(model, written, len(chunk)), values)


def _values(
    row: Sequence[Any], changes: list[tuple[int, Converter]], defaults: list[Any]
) -> list[Any]:
    values = list(row)
    for place, convert in changes:
        values[place] = convert(values[place])
    values += defaults
    return values


def _statement(model: type[models.Model], fields: Sequence[Any], rows: int) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * rows)}"


def _stored(field: Any) -> Converter:
    if isinstance(field, models.DateTimeField):
        # Most rows of a load share their moments.
        return lru_cache(maxsize=256)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value
    return json.dumps if isinstance(field, models.JSONField) else _same


def _same(value: Any) -> Any:
    return value
