"""What the queue does for itself."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.foundation.worker import forget_old


@task()
def tidy_queue() -> None:
    """Forget jobs done long ago."""
    forget_old(now=datetime.now(UTC))
