"""What goes out after the commit, and what was put off."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.letters import sending


@task(priority=10)
def deliver(letter_pk: int) -> None:
    """Send one letter."""
    sending.send(letter_pk, now=datetime.now(UTC))


@task()
def deliver_all() -> None:
    """Send what waits: put off, or left by a worker that died."""
    sending.send_waiting(now=datetime.now(UTC))
