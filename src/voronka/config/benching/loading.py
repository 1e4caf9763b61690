"""How many rows of clients a second are loaded, with the check for duplicates."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from voronka.config.benching.base import FILE
from voronka.config.benching.client_file import write_clients
from voronka.config.benching.measuring import BadAnswerError
from voronka.config.benching.results import Result
from voronka.foundation.recent import changed
from voronka.importing import loads
from voronka.importing.files import open_table

ROWS_A_SECOND = 2000


def load_results(
    home: Path, *, rows: int, progress: Callable[[int, int], None] | None = None
) -> Iterator[Result]:
    """Load a file of `rows` clients into a copy of the base; the base stays as it is.

    Raises: BadAnswerError when the load did not find the duplicates that the file holds.
    """
    folder = home / "import"
    with _copy(home / FILE, folder):
        file = folder / "clients.csv"
        twice, known = write_clients(file, rows=rows)
        wall, cpu, counts = _load(file, progress)
    found = (counts["rows"], counts["duplicates"], counts["updated"] + counts["unchanged"])
    if found != (rows, twice, known):
        raise BadAnswerError(f"rows, doubles, known: {found}, not {(rows, twice, known)}")
    how = f"{rows:,} rows in {wall:.1f} s, {twice:,} twice in the file, {known:,} known"
    yield Result("import of clients", rows / wall, "rows/s", ROWS_A_SECOND, how, is_least=True)
    yield Result("import of clients, CPU only", rows / cpu, "rows/s")


def _load(
    file: Path, progress: Callable[[int, int], None] | None
) -> tuple[float, float, dict[str, int]]:
    at, hash_ = datetime.now(UTC), loads.hash_of(file)
    with open_table(file) as table:
        plan = loads.recalled(table, "clients")
    load = loads.new_load(
        path=file, as_="clients", plan=plan, by_id=None, at=at, file_hash=hash_
    )
    wall, cpu = time.monotonic(), time.process_time()
    report = loads.write_load(load, at=at, progress=progress)
    return time.monotonic() - wall, time.process_time() - cpu, report.counts


@contextmanager
def _copy(file: Path, folder: Path) -> Iterator[None]:
    """Point this process to a copy of the base, and back."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with (
        closing(sqlite3.connect(file)) as source,
        closing(sqlite3.connect(folder / FILE)) as target,
    ):
        source.backup(target)
    before = connection.settings_dict["NAME"]
    try:
        _point_to(folder / FILE)
        yield
    finally:
        _point_to(Path(before))
        shutil.rmtree(folder, ignore_errors=True)


def _point_to(file: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    changed()
