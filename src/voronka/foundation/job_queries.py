"""Reads about jobs for the administrator's page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from voronka.foundation.models import CronLine, Job


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the page shows it."""

    id: int
    task: str
    state: str
    attempts: int
    run_at: datetime
    finished_at: datetime | None
    problem: str


def job_counts() -> dict[str, int]:
    """Count the jobs by state."""
    return dict(Job.objects.values_list("state").annotate(n=Count("pk")))


def jobs(*, state: str = "", limit: int = 50) -> list[JobRow]:
    """List jobs, the unfinished and the latest first."""
    rows = Job.objects.filter(state=state) if state else Job.objects.all()
    columns = ("pk", "task", "state", "attempts", "run_at", "finished_at", "problem")
    return [JobRow(*row) for row in rows.order_by("-pk").values_list(*columns)[:limit]]


def clock_lines() -> list[tuple[str, int, datetime | None, datetime]]:
    """List what runs by the clock: task, every so many seconds, last and next run."""
    rows = CronLine.objects.order_by("task")
    return list(rows.values_list("task", "every_seconds", "last_at", "next_at"))
