"""Discovery in the background: a long journal takes seconds."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.discovery.finding import find


@task(priority=5)
def find_in_background(funnel_id: int) -> None:
    """Look for a funnel's stages."""
    find(funnel_id=funnel_id, at=datetime.now(UTC))
