"""What the inquiries' room does by the clock."""

import time
from datetime import UTC, datetime

from django_tasks import task

from voronka.foundation.steadiness import Steadiness
from voronka.inquiries.learning import learn
from voronka.inquiries.passing_on import pass_on_late

_clock = Steadiness()


@task(priority=-5)
def learn_who_wins() -> None:
    """Learn anew who wins which inquiries."""
    learn(now=datetime.now(UTC))


@task(priority=5)
def pass_on_unaccepted() -> None:
    """Move on what was not accepted in time; just after the clock jumped nothing moves."""
    now = datetime.now(UTC)
    if _clock.went_on(now, time.monotonic()):
        pass_on_late(now=now)
