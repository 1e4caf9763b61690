"""What the first rows of a file would become under a mapping, column by column."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from voronka.importing.files import open_table
from voronka.importing.mapping import Plan
from voronka.importing.models import Load
from voronka.importing.row_values import RowReader
from voronka.importing.targets import custom_name, targets_of
from voronka.people import settings

ROWS = 200


@dataclass(slots=True)
class Column:
    """A column of the file: samples, the field chosen, and what the first sample becomes.

    `n_bad` of `n_filled` sampled cells cannot be read; `wrong` is the first refusal.
    """

    header: str
    field: str
    samples: list[str] = dataclasses.field(default_factory=list)
    becomes: Any = None
    n_filled: int = 0
    n_bad: int = 0
    wrong: Mapping[str, Any] | None = None


def columns_of(load: Load, plan: Plan) -> list[Column]:
    """Read the first 200 rows by the plan. Raises: BadFileError."""
    targets = {one.field for one in targets_of(load.as_what)}
    with open_table(Path(load.path), sheet=plan.sheet or None) as table:
        usable = {
            header: name
            for header, name in plan.columns.items()
            if header in table.headers and (name in targets or custom_name(name))
        }
        found = [Column(header, usable.get(header, "")) for header in table.headers]
        one_by_one = {
            column.header: _reader(load, plan, table.headers, column)
            for column in found
            if column.field
        }
        for row in islice(table.rows(), ROWS):
            for place, column in enumerate(found):
                cell = row.cells[place].strip()
                if not cell:
                    continue
                if len(column.samples) < 3 and cell[:80] not in column.samples:
                    column.samples.append(cell[:80])
                if reader := one_by_one.get(column.header):
                    _see(column, reader.read(row))
    return found


def _reader(load: Load, plan: Plan, headers: list[str], column: Column) -> RowReader:
    alone = Plan(
        columns={column.header: column.field},
        values=plan.values,
        empty=plan.empty,
        day_first=plan.day_first,
    )
    zone = ZoneInfo(settings.all_settings()["zone"])
    return RowReader(alone, headers, load.as_what, zone)


def _see(column: Column, values: Any) -> None:
    own = [wrong for wrong in values.wrong if wrong.code != "field_missing"]
    column.n_filled += 1
    if own:
        column.n_bad += 1
        column.wrong = column.wrong or {"code": own[0].code, **own[0].details}
        return
    if column.becomes is None:
        value = values.one.get(column.field) or values.many.get(column.field)
        custom = custom_name(column.field)
        column.becomes = values.custom.get(custom) if custom else value
