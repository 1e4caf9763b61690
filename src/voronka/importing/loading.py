"""What all loaders share: chunks of rows, the choices of the load, traces of what was done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from voronka.foundation.bulk_rows import insert
from voronka.foundation.worktime import WorkCalendar
from voronka.importing.mapping import Plan
from voronka.importing.models import Change, Trace
from voronka.importing.names import Names
from voronka.importing.report import Report
from voronka.importing.row_values import Values

CHUNK = 1000


@dataclass(slots=True)
class Task:
    """One run over a file. With `is_dry` everything is decided and nothing is written."""

    plan: Plan
    report: Report
    names: Names
    calendar: WorkCalendar
    batch_id: int
    by_id: int | None
    at: datetime
    is_dry: bool
    traces: list[tuple[int, str, int]] = field(default_factory=list)

    def trace(self, row: int, table: str, row_id: int) -> None:
        """Note which row of the file made or touched which row of ours."""
        self.traces.append((row, table, row_id))

    def write_traces(self) -> None:
        """Write the traces of the chunk, inside its transaction."""
        columns = ("row", "table", "row_id", "batch_id")
        insert(Trace, columns, ((*one, self.batch_id) for one in self.traces))
        self.traces.clear()

    def keep_changes(
        self, table: str, done: Iterable[tuple[int, dict[str, Any], dict[str, Any]]]
    ) -> None:
        """Write down the values before and after: the way back."""
        Change.objects.bulk_create(
            Change(
                batch_id=self.batch_id,
                table=table,
                row_id=pk,
                before=_jsonable(before),
                after=_jsonable(after),
            )
            for pk, before, after in done
        )


class Loader(Protocol):
    """Loads one kind of rows."""

    def resume(self) -> None:
        """Recall what was written before the load was cut off."""

    def load(self, chunk: Sequence[Values]) -> None:
        """Decide on a chunk of sound rows, and write them unless the run is dry."""


def _jsonable(values: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return (
            value if isinstance(value, str | int | float | bool | dict | None) else str(value)
        )

    return {name: plain(value) for name, value in values.items()}


def shown(report: Report, values: Values) -> bool:
    """Tell the report what is wrong in a row; say whether the row can be taken."""
    for wrong in values.wrong:
        details = wrong.details
        report.wrong(values.number, wrong.column, wrong.code, details, is_fatal=wrong.is_fatal)
    if not values.is_sound:
        report.count("skipped")
        return False
    return True
