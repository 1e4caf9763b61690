"""What the room of people does by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.people.notices import forget_old_notices


@task(priority=-10)
def tidy_notices() -> None:
    """Forget what was told a month ago."""
    forget_old_notices(now=datetime.now(UTC))
