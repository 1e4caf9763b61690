"""A thread that takes in what stands at the door, whatever else the worker is at."""

import logging
import threading
from datetime import UTC, datetime

from django.db import close_old_connections, connection

from voronka.foundation import waking
from voronka.inquiries.taking_in import take_in_waiting

log = logging.getLogger("voronka.intake")


def stand(stop: threading.Event, *, idle_seconds: float = 0.3) -> None:
    """Take in deliveries until `stop` is set; several may stand at once, in any process.

    A failing database is waited for, never fatal.
    """
    while not stop.is_set():
        try:
            take_in_waiting(now=datetime.now(UTC), still=lambda: not stop.is_set())
        except Exception:
            log.exception("the door could not be served")
            stop.wait(2)
        close_old_connections()
        waking.wait(idle_seconds)
    connection.close()
