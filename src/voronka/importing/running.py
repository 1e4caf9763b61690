"""Running a load: dry, for real, and on from where it was cut off."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction

from voronka.calls.past_call_backs import lay_past_of
from voronka.control.watch import look_at_all
from voronka.deals.chances import refresh_chances
from voronka.foundation.bulk_rows import refresh_statistics
from voronka.foundation.recent import changed
from voronka.importing.event_store import Event, EventStore
from voronka.importing.files import open_table
from voronka.importing.loading import CHUNK, Loader, Task, shown
from voronka.importing.loading_calls import CallLoader, answer_waiting
from voronka.importing.loading_clients import ClientLoader
from voronka.importing.loading_deals import DealLoader
from voronka.importing.loading_history import HistoryLoader
from voronka.importing.loading_inquiries import InquiryLoader
from voronka.importing.mapping import Plan, checked
from voronka.importing.models import Load
from voronka.importing.names import Names
from voronka.importing.report import Report
from voronka.importing.row_values import RowReader, Values
from voronka.importing.tables import Table
from voronka.people import settings

Progress = Callable[[int, int], None]
LOADERS: dict[str, Callable[[Task], Loader]] = {
    "clients": ClientLoader,
    "deals": DealLoader,
    "inquiries": InquiryLoader,
    "calls": CallLoader,
}
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to load: a file, as what, by which mapping, for whom; `load` None means dry."""

    path: Path
    as_: str
    plan: Plan
    at: datetime
    by_id: int | None = None
    load: Load | None = None
    progress: Progress | None = None

    @property
    def batch_id(self) -> int:
        """The batch that all rows belong to; 0 for a dry run."""
        return (self.load.batch_id or 0) if self.load else 0


def run(order: Order) -> Report:
    """Go through the whole file; give the report.

    A dry run writes nothing. A real one writes a thousand rows a transaction, together with
    the report so far and where to go on; called again after a crash it goes on from there and
    ends with the same rows and the same report.

    Raises: BadFileError and BadMappingError before anything is written; FileTruncatedError
        and the like in the middle: what was written stays, and can be undone.
    """
    table = open_table(order.path, sheet=order.plan.sheet or None)
    plan = checked(order.plan, table.headers, order.as_)
    kept = order.load.report if order.load and order.load.next_row else None
    report = Report(order.as_, kept)
    task = _task(order, plan, report)
    if order.as_ == "history":
        _run_history(order, task, table)
    else:
        _run_rows(order, task, table)
    if not task.is_dry:
        changed()
        if order.as_ in ("deals", "history"):
            refresh_chances(now=order.at)
        if order.as_ == "calls":
            answer_waiting(task)
            lay_past_of(order.batch_id)
        look_at_all(now=order.at)
        refresh_statistics()
        changed()
    return report


def _task(order: Order, plan: Plan, report: Report) -> Task:
    is_dry = order.load is None
    return Task(
        plan=plan,
        report=report,
        names=Names(plan, report, batch_id=order.batch_id, at=order.at, is_dry=is_dry),
        calendar=settings.calendar(settings.all_settings()),
        batch_id=order.batch_id,
        by_id=order.by_id,
        at=order.at,
        is_dry=is_dry,
    )


def _run_rows(order: Order, task: Task, table: Table) -> None:
    loader = LOADERS[order.as_](task)
    start = order.load.next_row if order.load else 0
    if start:
        loader.resume()
    reader = _reader(task, table, order.as_)
    # A chunk ends at a fixed row of the file, so that a resumed load has the same chunks.
    for rows in _chunks(table.rows(start), CHUNK):
        with transaction.atomic():
            taken = []
            for row in rows:
                task.report.count("rows")
                values = reader.read(row)
                if shown(task.report, values):
                    taken.append(values)
            loader.load(taken)
            _keep_place(order, task, rows[-1].number + 1)
        _tell(order, rows[-1].number, table.row_ceiling)


def _run_history(order: Order, task: Task, table: Table) -> None:
    skip = order.load.next_row if order.load else 0
    with EventStore(order.path.parent) as store:
        for values in _events(task, table, is_counted=not skip):
            store.add(values.text("case"), _event(values))
        cases = store.finish()
        with transaction.atomic():
            loader = HistoryLoader(task, store, cases, is_resumed=bool(skip))
            _keep_place(order, task, skip)
        done = skip
        for chunk in _chunks(store.cases(skip), CHUNK // 2):
            with transaction.atomic():
                loader.load(chunk)
                done += len(chunk)
                _keep_place(order, task, done)
            _tell(order, done, cases)


def _events(task: Task, table: Table, *, is_counted: bool) -> Iterator[Values]:
    reader = _reader(task, table, "history")
    for row in table.rows():
        values = reader.read(row)
        if is_counted:
            task.report.count("rows")
            if shown(task.report, values):
                yield values
        elif values.is_sound:
            yield values


def _event(values: Values) -> Event:
    return Event(
        row=values.number,
        at=values.one["at"],
        activity=values.text("activity"),
        lifecycle=values.text("lifecycle"),
        person=values.text("person"),
        amount_kopecks=values.one.get("amount"),
        outcome=values.text("outcome"),
    )


def _reader(task: Task, table: Table, as_: str) -> RowReader:
    zone = ZoneInfo(settings.all_settings()["zone"])
    return RowReader(task.plan, table.headers, as_, zone)


def _keep_place(order: Order, task: Task, next_row: int) -> None:
    if order.load is None:
        task.traces.clear()
        return
    task.write_traces()
    order.load.next_row, order.load.report = next_row, task.report.counts
    order.load.save(update_fields=["next_row", "report"])


def _tell(order: Order, done: int, whole: int) -> None:
    if order.progress:
        order.progress(done, max(done, whole))


def _chunks(rows: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    source: Any = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
