"""`./voronka backup`: the whole installation in one file, while it runs."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from voronka.config.commands import archives, options
from voronka.config.commands.serving import told

DATABASE, DUMP = "voronka.sqlite3", "voronka.pgdump"


def run(arguments: list[str]) -> int:
    """Write a backup; give 0, or 2 with the reason."""
    parser = options.parser("backup", "Write the whole installation into one file.")
    parser.add_argument("file", nargs="?", type=Path, help="voronka-DATE.tar.gz by default")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    given = parser.parse_args(arguments)
    if given.demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
    now = datetime.now(UTC)
    target = given.file or Path(f"voronka-{now:%Y-%m-%d-%H%M%S}.tar.gz")
    if not target.parent.is_dir():
        return told(f"there is no folder {target.parent}.")
    url = os.environ.get("VORONKA_DATABASE_URL", "")
    if not url and not (options.home() / DATABASE).exists():
        return told(f"there is nothing to back up in {options.home()}.")
    with tempfile.TemporaryDirectory(dir=target.parent.resolve()) as folder:
        try:
            parts = _parts(url, Path(folder))
            about = {"made_at": now.isoformat(), "database": "postgresql" if url else "sqlite"}
            size = archives.write(target, parts, about)
        except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
            return told(f"the backup was not made: {_why(error)}")
    print(f"{target}: {size / 1024 / 1024:.1f} MB", file=sys.stderr)
    print(f"./voronka restore {target} brings it back", file=sys.stderr)
    return 0


def _parts(url: str, folder: Path) -> dict[str, Path]:
    home = options.home()
    parts = {"secret.key": home / "secret.key"} if (home / "secret.key").exists() else {}
    for file in sorted((home / "loads").glob("*")) if (home / "loads").is_dir() else []:
        if file.is_file() and file.suffix != ".events":
            parts[f"loads/{file.name}"] = file
    for file in sorted((home / "files").glob("??/*")):
        if len(file.name) == 64:
            parts[f"files/{file.parent.name}/{file.name}"] = file
    if url:
        parts[DUMP] = _dump_postgres(url, folder / DUMP)
    else:
        parts[DATABASE] = _copy_sqlite(home / DATABASE, folder / DATABASE)
    return parts


def _copy_sqlite(source: Path, target: Path) -> Path:
    """Copy a database that is being written to: one statement, one moment."""
    base = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)
    try:
        base.execute("VACUUM INTO ?", [str(target)])
    finally:
        base.close()
    return target


def _dump_postgres(url: str, target: Path) -> Path:
    program = find_program("pg_dump")
    subprocess.run(
        [program, "--format=custom", "--no-owner", "--file", target, f"--dbname={url}"],
        check=True,
        stderr=subprocess.PIPE,
    )
    return target


def find_program(name: str) -> str:
    """Find a program of PostgreSQL. Raises: FileNotFoundError with what to install."""
    if found := shutil.which(name):
        return found
    folders = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    if folders:
        return str(folders[0])
    raise FileNotFoundError(2, f"{name} is missing: apt-get install postgresql-client")


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return (error.stderr or b"").decode(errors="replace").strip() or str(error)
    return getattr(error, "strerror", None) or str(error)
