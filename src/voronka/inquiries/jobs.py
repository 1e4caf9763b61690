"""What the inquiries' room does by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.inquiries.learning import learn


@task(priority=-5)
def learn_who_wins() -> None:
    """Learn anew who wins which inquiries."""
    learn(now=datetime.now(UTC))
