"""A thread that looks into the mailboxes: a slow server holds up nothing else."""

import logging
import threading
from datetime import UTC, datetime

from django.db import close_old_connections, connection

from voronka.inquiries.mailing.fetching import look_into_due

log = logging.getLogger("voronka.mail")


def look(stop: threading.Event, *, idle_seconds: float = 5.0) -> None:
    """Look into mailboxes whose time has come until `stop` is set; never fatal."""
    while not stop.is_set():
        try:
            look_into_due(now=datetime.now(UTC))
        except Exception:
            log.exception("the mailboxes could not be looked into")
        close_old_connections()
        stop.wait(idle_seconds)
    connection.close()
