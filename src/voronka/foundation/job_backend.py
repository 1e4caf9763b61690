"""Tasks through a table with leases: enqueued in the business transaction, lost by no crash."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django_tasks import TaskResult, TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend

from voronka.foundation.models import Job


class LeaseBackend(BaseTaskBackend):
    """The backend behind `task.enqueue`; arguments must be JSON and given by name."""

    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> TaskResult[Any]:
        """Write the job down; it runs after the surrounding transaction commits."""
        self.validate_task(task)
        if args:
            raise TypeError("a job's arguments are given by name")
        job = _write(task, kwargs, "")
        return TaskResult(
            task=task,
            id=str(job.pk),
            status=TaskResultStatus.READY,
            enqueued_at=job.created_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=[],
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def enqueue_once(task: Any, *, key: str, **arguments: Any) -> Job:
    """Write a job down unless an unfinished one has this key; give the one that is there."""
    unfinished = Job.objects.filter(unique_key=key, state__in=("waiting", "running"))
    if there := unfinished.first():
        return there
    try:
        with transaction.atomic():
            return _write(task, arguments, key)
    except IntegrityError:
        return unfinished.get()


def _write(task: Any, arguments: Mapping[str, Any], key: str) -> Job:
    now = datetime.now(UTC)
    return Job.objects.create(
        task=task.module_path,
        arguments=dict(arguments),
        unique_key=key,
        priority=task.priority,
        created_at=now,
        run_at=task.run_after or now,
    )
