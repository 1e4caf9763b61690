"""A load's life: a file comes in, its mapping is chosen, it is tried, written, taken back."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.importing.files import open_table
from voronka.importing.mapping import Plan, checked, guessed, plan_from_json
from voronka.importing.models import Load, Mapping
from voronka.importing.proposing import proposed
from voronka.importing.report import Report
from voronka.importing.running import Order, Progress, run
from voronka.importing.tables import Table
from voronka.importing.targets import TARGETS
from voronka.journal import actions as journal
from voronka.journal.kinds import ImportFinished, ListExported
from voronka.journal.models import Batch
from voronka.journal.viewer import Viewer
from voronka.people.settings import all_settings

SAMPLE = 200


class LoadBusyError(RefusalError):
    """The load is being tried or written, or has been written already."""

    code = "load_busy"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page of columns shows: headers, samples of each, the plan so far."""

    headers: list[str]
    samples: list[list[str]]
    plan: Plan
    encoding: str
    delimiter: str
    format: str
    size_bytes: int
    sheets: list[str]
    sheet: str


def demand_right(by: Viewer) -> None:
    """Raise PermissionError unless `by` may load files."""
    if not by.may("import", "change"):
        raise PermissionError("import")


def take_file(
    *, file: BinaryIO, name: str, as_: str, folder: Path, by: Viewer, at: datetime
) -> Load:
    """Keep an uploaded file and guess its mapping, or recall it for the same header.

    Raises: PermissionError, KeyError for an unknown `as_`, BadFileError; the file is gone then.
    """
    demand_right(by)
    TARGETS[as_]
    folder.mkdir(parents=True, exist_ok=True)
    load = Load(file_name=name[-300:], as_what=as_, by_id=by.by_id, started_at=at, mapping={})
    load.save()
    path = folder / f"{load.pk}{_ending(name)}"
    try:
        with path.open("wb") as out:
            shutil.copyfileobj(file, out, 1024 * 1024)
        with open_table(path) as table:
            plan = recalled(table, as_)
            load.rows_total = max(0, table.row_ceiling - table.header_row)
    except BaseException:
        path.unlink(missing_ok=True)
        load.delete()
        raise
    if as_ == "history":
        zone = ZoneInfo(all_settings()["zone"])
        plan = proposed(plan, path, name=load.file_name, zone=zone, now=at)
    load.mapping = plan.to_json()
    load.path, load.file_hash = str(path), hash_of(path)
    load.save(update_fields=["path", "file_hash", "mapping", "rows_total"])
    return load


def hash_of(path: Path) -> str:
    """Give what tells this file from every other one."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unfinished(*, file_hash: str, as_: str) -> Load | None:
    """Give the load of this very file that was cut off in the middle."""
    rows = Load.objects.filter(file_hash=file_hash, as_what=as_, state="running")
    return rows.order_by("-pk").first()


def loaded_before(load: Load) -> Load | None:
    """Give an earlier load of the same file that still stands."""
    rows = Load.objects.filter(file_hash=load.file_hash, state="done").exclude(pk=load.pk)
    return rows.order_by("-pk").first() if load.file_hash else None


def new_load(
    *, path: Path, as_: str, plan: Plan, by_id: int | None, at: datetime, file_hash: str
) -> Load:
    """Make a load of a file that stays where it is (the command line's)."""
    return Load.objects.create(
        file_name=path.name[-300:],
        path=str(path.resolve()),
        file_hash=file_hash,
        as_what=as_,
        mapping=plan.to_json(),
        by_id=by_id,
        started_at=at,
    )


def recalled(table: Table, as_: str) -> Plan:
    """Give the plan last used for such a header, else a guess."""
    kept = Mapping.objects.filter(header_set=table.header_set, as_what=as_).first()
    if kept:
        plan = plan_from_json(kept.mapping)
        return replace(plan, columns={h: plan.columns.get(h, "") for h in table.headers})
    rows = (row.cells for row in islice(table.rows(), SAMPLE))
    return guessed(table.headers, rows, as_)


def preview(load: Load) -> Preview:
    """Give the headers with up to five samples each. Raises: BadFileError."""
    plan = plan_from_json(load.mapping)
    with open_table(Path(load.path), sheet=plan.sheet or None) as table:
        samples: list[list[str]] = [[] for _ in table.headers]
        for row in islice(table.rows(), SAMPLE):
            for place, cell in enumerate(row.cells):
                if cell.strip() and len(samples[place]) < 5 and cell not in samples[place]:
                    samples[place].append(cell.strip()[:120])
        return Preview(
            table.headers, samples, plan, table.encoding, table.delimiter, table.format,
            table.size_bytes, table.sheets, table.sheet,
        )  # fmt: skip


@transaction.atomic
def choose_plan(*, load_id: int, plan: Plan, by: Viewer) -> Load:
    """Set the mapping and remember it for files with the same header.

    Raises: PermissionError, Load.DoesNotExist, LoadBusyError, BadMappingError, BadFileError.
    """
    demand_right(by)
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state not in ("mapped", "checked"):
        raise LoadBusyError(state=load.state)
    with open_table(Path(load.path), sheet=plan.sheet or None) as table:
        checked(plan, table.headers, load.as_what)
        remember(table, load.as_what, plan)
    load.mapping, load.state, load.dry_report = plan.to_json(), "mapped", {}
    load.save(update_fields=["mapping", "state", "dry_report"])
    return load


def remember(table: Table, as_: str, plan: Plan) -> None:
    """Keep a plan for the next file with such a header."""
    Mapping.objects.update_or_create(
        header_set=table.header_set, as_what=as_, defaults={"mapping": plan.to_json()}
    )


def try_load(load: Load, *, at: datetime, progress: Progress | None = None) -> Report:
    """Run dry and keep the report. Raises: BadFileError, BadMappingError."""
    plan = plan_from_json(load.mapping)
    report = run(
        Order(path=Path(load.path), as_=load.as_what, plan=plan, at=at, progress=progress)
    )
    Load.objects.filter(pk=load.pk).update(state="checked", dry_report=report.counts)
    return report


def write_load(load: Load, *, at: datetime, progress: Progress | None = None) -> Report:
    """Write the rows, or go on from where a crash cut the writing off.

    A load that is done gives its report again and changes nothing.

    Raises: BadFileError, BadMappingError; what was written till then stays and can be undone.
    Records: ImportFinished, and the facts of all rooms that got rows.
    """
    if load.state in ("done", "undone"):
        return Report(load.as_what, load.report)
    _begin(load, at)
    plan = plan_from_json(load.mapping)
    report = run(
        Order(
            path=Path(load.path),
            as_=load.as_what,
            plan=plan,
            # A resumed load speaks of the moment at which it began.
            at=load.started_at,
            by_id=load.by_id,
            load=load,
            progress=progress,
        )
    )
    _finish(load, report, at)
    return report


@transaction.atomic
def _begin(load: Load, at: datetime) -> None:
    if load.batch_id is None:
        batch = Batch.objects.create(
            kind="import", title=load.file_name, at=at, by_id=load.by_id
        )
        load.batch_id, load.started_at = batch.pk, at
    load.state, load.problem = "running", {}
    load.save(update_fields=["batch_id", "started_at", "state", "problem"])


@transaction.atomic
def _finish(load: Load, report: Report, at: datetime) -> None:
    load.state, load.finished_at, load.report = "done", at, report.counts
    load.save(update_fields=["state", "finished_at", "report"])
    body = ImportFinished(
        import_id=load.pk,
        file_name=load.file_name,
        created=report.counts["created"],
        updated=report.counts["updated"],
    )
    about = journal.About(case=f"import:{load.pk}")
    journal.record(body, about=about, by_id=load.by_id, at=at)


def bad_rows(load: Load) -> Iterator[list[str]]:
    """Give the header and the rows with an error, as they stand in the file, to be mended."""
    counts = load.report or load.dry_report
    numbers = {line["row"] for line in counts.get("errors", ()) if line["level"] == "error"}
    plan = plan_from_json(load.mapping)
    with open_table(Path(load.path), sheet=plan.sheet or None) as table:
        yield table.headers
        for row in table.rows():
            if row.number in numbers:
                yield row.cells


def loads(*, by: Viewer, limit: int = 30) -> list[Load]:
    """List the loads, the latest first. Raises: PermissionError."""
    if not by.may("import", "read"):
        raise PermissionError("import")
    return list(Load.objects.order_by("-pk")[:limit])


def load(*, by: Viewer, load_id: int) -> Load:
    """Give one load. Raises: PermissionError, Load.DoesNotExist."""
    if not by.may("import", "read"):
        raise PermissionError("import")
    return Load.objects.get(pk=load_id)


def _ending(name: str) -> str:
    endings = (".csv.gz", ".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".txt")
    return next((one for one in endings if name.casefold().endswith(one)), ".csv")


@transaction.atomic
def begin(*, load_id: int, what: str, by: Viewer) -> Load:
    """Put a load on its way: to "checking" (also again) or, once checked, to "running".

    Twice does nothing. Raises: PermissionError, Load.DoesNotExist, LoadBusyError.
    """
    demand_right(by)
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state == what:
        return load
    before = ("mapped", "checked") if what == "checking" else ("checked", "failed")
    if load.state not in before:
        raise LoadBusyError(state=load.state)
    load.state, load.rows_done, load.problem = what, 0, {}
    load.save(update_fields=["state", "rows_done", "problem"])
    return load


def give_up(load: Load) -> None:
    """Note that a load failed for good; what was written can be undone."""
    Load.objects.filter(pk=load.pk).update(state="failed")


@transaction.atomic
def note_export(load: Load, *, by: Viewer, at: datetime) -> None:
    """Note that rows left the product as a file. Records: ListExported."""
    demand_right(by)
    counts = load.report or load.dry_report
    body = ListExported(what="bad_rows", rows=counts.get("skipped", 0))
    about = journal.About(case=f"import:{load.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
