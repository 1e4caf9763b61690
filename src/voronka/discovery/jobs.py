"""Discovery in the background: a long journal takes seconds."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.discovery.finding import asked_funnels, find
from voronka.foundation.job_backend import enqueue_once


@task(priority=5)
def find_in_background(funnel_id: int) -> None:
    """Look for a funnel's stages."""
    find(funnel_id=funnel_id, at=datetime.now(UTC))


@task()
def refresh_findings() -> None:
    """Look again into the past of each funnel that was ever looked into, one job a funnel."""
    for funnel_id in asked_funnels():
        enqueue_once(find_in_background, key=f"find:{funnel_id}", funnel_id=funnel_id)
