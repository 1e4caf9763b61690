"""A thread that makes calls of what was stored, within a second, whatever else goes on."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections, connection

from voronka.calls.hooks.keeping import KEEPER, NEWS, WRITING
from voronka.calls.hooks.silence import close_silent
from voronka.calls.rebuilding import read_waiting

LOOK_EVERY, WHOLE_LOOK_EVERY = 0.5, timedelta(minutes=5)
ASIDE_SECONDS = 1.0
log = logging.getLogger("voronka.calls")


def read_hooks(stop: threading.Event) -> None:
    """Read what exchanges said until `stop` is set; several may, in any process.

    Another process may have stored it, hence the look twice a second. A failing database is
    waited for, never fatal.
    """
    whole_at = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            read_waiting(now=now, around=aside)
            is_whole = now - whole_at >= WHOLE_LOOK_EVERY
            if close_silent(now=now, is_whole=is_whole):
                NEWS.set()
            whole_at = now if is_whole else whole_at
        except Exception:
            log.exception("what exchanges said could not be read")
            stop.wait(2)
        close_old_connections()
        NEWS.wait(LOOK_EVERY)
        NEWS.clear()
    connection.close()


@contextmanager
def aside() -> Iterator[None]:
    """Let those who wait to be acknowledged go first, a second at most; then write alone."""
    until = time.monotonic() + ASIDE_SECONDS
    while KEEPER.is_busy and time.monotonic() < until:
        time.sleep(0.02)
    with WRITING:
        yield
