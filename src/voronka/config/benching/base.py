"""Where the peers' base lies, and when it must be made anew."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voronka.config.commands import options

FILE = "voronka.sqlite3"
KEPT = timedelta(hours=24)
"""For so long a base is measured again: later its deadlines have passed and slips grow."""


def enter(folder: Path, *, is_fresh: bool) -> None:
    """Make `folder` the data folder of this process; forget a base that is old or unwanted.

    To be called before the settings are read.
    """
    os.environ.pop("VORONKA_DATABASE_URL", None)
    if is_fresh or made_at(folder) < datetime.now(UTC) - KEPT:
        shutil.rmtree(folder, ignore_errors=True)
    os.environ["VORONKA_HOME"], os.environ["VORONKA_MODE"] = str(folder), "demo"
    options.set_up()
    options.migrate()


def made_at(folder: Path) -> datetime:
    """Give when the base in `folder` was made; the year 1 when there is none."""
    never = datetime.min.replace(tzinfo=UTC)
    if not (folder / FILE).exists():
        return never
    with closing(sqlite3.connect(folder / FILE)) as connection:
        try:
            row = connection.execute("SELECT max(at) FROM journal_batch WHERE kind = 'bench'")
            at = row.fetchone()[0]
        except sqlite3.Error:
            return never
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if at else never


def fill() -> None:
    """Make the peers' base where there is none, with a progress bar."""
    from voronka.config.benching.peers import KIND, WHOLE, seed_peers  # noqa: PLC0415
    from voronka.journal.queries import has_batch  # noqa: PLC0415

    if has_batch(KIND):
        return
    bar = options.Bar("making the peers", WHOLE)
    seed_peers(now=datetime.now(UTC), progress=bar.show)
    bar.end()
