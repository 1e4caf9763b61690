"""What the deals' room does by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.deals.chances import refresh_chances
from voronka.deals.versions import publish_due as publish_drafts
from voronka.foundation.bulk_rows import refresh_statistics


@task()
def measure_chances() -> None:
    """Work out anew the chance of winning from each stage."""
    refresh_chances(now=datetime.now(UTC))
    refresh_statistics()


@task()
def publish_due() -> None:
    """Put in force the drafts whose moment has come."""
    publish_drafts(now=datetime.now(UTC))
