"""What goes out after the commit, and what was put off."""

import logging
from datetime import UTC, datetime

from django_tasks import task

from voronka.letters import sending

log = logging.getLogger("voronka.letters")


@task(priority=10)
def deliver(letter_pk: int) -> None:
    """Send one letter."""
    sending.send(letter_pk, now=datetime.now(UTC))


@task()
def deliver_all() -> None:
    """Send what waits: put off, or left by a worker that died."""
    for pk in sending.due(now=datetime.now(UTC)):
        try:
            # The clock is read for each: a slow server takes minutes for one.
            sending.send(pk, now=datetime.now(UTC))
        except Exception:
            # What is wrong with one letter must not hold the others.
            log.exception("letter %s was not sent", pk)
