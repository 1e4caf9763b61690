"""What the watch does by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.control.escalating import escalate
from voronka.control.watch import look_at_all


@task()
def look_for_slips() -> None:
    """Look at every open case: deadlines pass without anybody doing anything.

    What still stands open too long is then passed up.
    """
    now = datetime.now(UTC)
    look_at_all(now=now)
    escalate(now=now)
