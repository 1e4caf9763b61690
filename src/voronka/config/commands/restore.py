"""`./voronka restore`: bring a backup back, whole or not at all."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from voronka.config.commands import archives, home_lock, options
from voronka.config.commands.backup import DATABASE, DUMP, find_program
from voronka.config.commands.serving import told


def run(arguments: list[str]) -> int:
    """Restore into the data folder; what stood there is kept beside it."""
    parser = options.parser("restore", "Bring a backup back. What is there now is kept aside.")
    parser.add_argument("file", type=Path, help="a file made by ./voronka backup")
    parser.add_argument("--over", action="store_true", help="replace what is there now")
    parser.add_argument("--demo", action="store_true", help="into the demonstration's folder")
    given = parser.parse_args(arguments)
    if given.demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
    home, url = options.home(), os.environ.get("VORONKA_DATABASE_URL", "")
    if (home / DATABASE).exists() and not given.over and not url:
        return told(f"{home} holds an installation; --over replaces it (a copy is kept).")
    try:
        with home_lock.held(home, alone=True):
            return _restore(given.file, home, url)
    except home_lock.HomeBusyError:
        return told("a server runs on this data folder. Stop it first (Ctrl C).")


def _restore(source: Path, home: Path, url: str) -> int:
    with tempfile.TemporaryDirectory(dir=home) as name:
        folder = Path(name)
        try:
            about = archives.unpack(source, folder)
            _check(folder, about["database"], url)
            _put(folder, home, url)
        except FileNotFoundError as error:
            return told(f"there is no file {error.filename or error}.")
        except archives.BadArchiveError as error:
            return told(f"{source}: {error}. Nothing was changed.")
        except (sqlite3.Error, subprocess.CalledProcessError) as error:
            return told(f"{source}: the database in it is damaged ({error}).")
    options.set_up()
    options.migrate()
    print(f"restored what was saved at {about['made_at']}", file=sys.stderr)
    return 0


def _check(folder: Path, kind: str, url: str) -> None:
    if (kind == "postgresql") != bool(url):
        wants = "VORONKA_DATABASE_URL" if kind == "postgresql" else "no VORONKA_DATABASE_URL"
        raise archives.BadArchiveError(f"it is of a {kind} installation: set {wants}")
    if kind == "sqlite":
        base = sqlite3.connect(folder / DATABASE)
        verdict = base.execute("PRAGMA integrity_check").fetchone()[0]
        base.close()
        if verdict != "ok":
            raise archives.BadArchiveError(f"its database is damaged: {verdict[:100]}")


def _put(folder: Path, home: Path, url: str) -> None:
    aside = home / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside.mkdir()
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "secret.key", "loads"):
        if (home / name).exists():
            (home / name).rename(aside / name)
    for name in (DATABASE, "secret.key", "loads"):
        if (folder / name).exists():
            (folder / name).rename(home / name)
    if url:
        program = find_program("pg_restore")
        subprocess.run(
            [program, "--clean", "--if-exists", "--no-owner", "--single-transaction",
             f"--dbname={url}", folder / DUMP],
            check=True,
            stderr=subprocess.PIPE,
        )  # fmt: skip
    if not any(aside.iterdir()):
        aside.rmdir()
