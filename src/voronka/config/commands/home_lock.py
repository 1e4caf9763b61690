"""A lock on the data folder: servers share it, a restore wants it alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeBusyError(Exception):
    """A server runs on this data folder."""


@contextmanager
def held(home: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the lock while something runs. Raises: HomeBusyError when `alone` cannot be had."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.lock").open("w") as file:
        how = fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH
        try:
            fcntl.flock(file, how)
        except OSError:
            raise HomeBusyError from None
        yield
