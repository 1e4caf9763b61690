"""What is done about recordings beside the pages and by the clock."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.calls.sound.purging import purge_old


@task(priority=5)
def fetch_one(recording_id: int) -> None:
    """Fetch a recording as soon as its call is over."""
    # What reads sound costs every start a quarter of a second: only where it is used.
    from voronka.calls.sound.fetching import fetch_recording  # noqa: PLC0415

    fetch_recording(recording_id=recording_id, now=datetime.now(UTC))


@task(priority=0)
def fetch_awaited() -> None:
    """Try again those that were not there yet."""
    from voronka.calls.sound.fetching import fetch_due  # noqa: PLC0415

    fetch_due(now=datetime.now(UTC))


@task(priority=-5)
def purge_recordings() -> None:
    """Drop recordings older than the installation keeps them."""
    purge_old(now=datetime.now(UTC))
