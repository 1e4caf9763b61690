"""What the deals' room does by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.deals.chances import refresh_chances


@task()
def measure_chances() -> None:
    """Work out anew the chance of winning from each stage."""
    refresh_chances(now=datetime.now(UTC))
