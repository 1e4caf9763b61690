"""Recordings in a folder of the exchange: found by name or by the call, never outside of it."""

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO
from zoneinfo import ZoneInfo

from voronka.calls.sound.problems import SoundProblemError

SIDES = (".client", ".manager")
SETTLED_SECONDS, MOMENT_SECONDS = 5.0, 0.4
MOST_IN_A_DAY = 200_000


def found_in_folder(
    root: Path, *, name: str, ref: str, started_at: datetime, zone: str
) -> Path:
    """Find a call's recording by its name, or where none is known by the call's own number in
    the folders of its day.

    `name`: absolute on the exchange or relative. Raises: SoundProblemError.
    """
    if not root.is_dir():
        raise SoundProblemError("no_folder")
    days = _day_folders(root, started_at, zone)
    if name:
        return _by_name(root, name, days)
    wanted = re.compile(rf"(?<![\d.]){re.escape(ref)}(?!\d)")
    for day in days:
        for entry in _entries(day):
            if wanted.search(entry) and not Path(entry).stem.endswith(SIDES):
                return _inside(root, day / entry)
    raise SoundProblemError("no_file")


def sides_of(path: Path, root: Path) -> list[Path]:
    """Give the files of both sides, the client's first, where they lie beside the mixed one."""
    sides = [path.with_name(f"{path.stem}{side}{path.suffix}") for side in SIDES]
    if all(side.is_file() for side in sides):
        return [_inside(root, side) for side in sides]
    return []


def opened_settled(paths: list[Path], stack: ExitStack) -> list[IO[bytes]]:
    """Open files that are no longer written to. Raises: SoundProblemError."""
    files = [_opened(path, stack) for path in paths]
    before = [os.fstat(file.fileno()) for file in files]
    if not before[-1].st_size:
        raise SoundProblemError("empty")
    if time.time() - max(one.st_mtime for one in before) < SETTLED_SECONDS:
        time.sleep(MOMENT_SECONDS)
        after = [os.fstat(file.fileno()).st_size for file in files]
        if after != [one.st_size for one in before]:
            raise SoundProblemError("still_written")
    return files


def _by_name(root: Path, name: str, days: list[Path]) -> Path:
    parts = PurePosixPath(name).parts
    if "\0" in name or ".." in parts or not parts:
        raise SoundProblemError("bad_place")
    plain = [part for part in parts if part != "/"]
    # Where it lies on the exchange is mounted here under another path.
    tries = [root.joinpath(*plain[n:]) for n in range(len(plain))]
    tries += [day / plain[-1] for day in days]
    for path in tries:
        if os.path.lexists(path):
            return _inside(root, path)
    raise SoundProblemError("no_file")


def _inside(root: Path, path: Path) -> Path:
    """Follow links to the end: it must still lie in the folder, and be a file."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise SoundProblemError("no_file") from error
    if not real.is_relative_to(root.resolve()):
        raise SoundProblemError("outside")
    if not real.is_file():
        raise SoundProblemError("bad_place")
    return real


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    try:
        # A link or a pipe put there since is not opened, and nothing waits for it.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise SoundProblemError("no_file") from error
    except OSError as error:
        raise SoundProblemError("refused") from error
    file = stack.enter_context(os.fdopen(handle, "rb"))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise SoundProblemError("bad_place")
    return file


def _day_folders(root: Path, started_at: datetime, zone: str) -> list[Path]:
    """The call's day by the exchange's clock and by UTC, the days beside, and the folder."""
    local = started_at.astimezone(ZoneInfo(zone)).date()
    days = dict.fromkeys(
        [local, started_at.date(), local - timedelta(days=1), local + timedelta(days=1)]
    )
    folders = [root / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}" for day in days]
    return [folder for folder in [*folders, root] if folder.is_dir()]


def _entries(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as found:
        for n, entry in enumerate(found):
            if n >= MOST_IN_A_DAY:
                return
            yield entry.name
