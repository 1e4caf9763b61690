"""The queue of jobs, the table of what runs by the clock, the stamp of rare changes."""

from typing import Any

from django.db import models
from django.db.models import Q

STATES = ("waiting", "running", "done", "dead")


class Job(models.Model):
    """One call of a task, to be made at least once. `unique_key` holds while it is unfinished.

    A running job is leased: when `leased_until` passes without an end, another worker takes it.
    """

    task = models.CharField(max_length=200)
    arguments: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    unique_key = models.CharField(max_length=120, default="", blank=True)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, default="waiting")
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, default="", blank=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-priority", "run_at", "id"],
                name="job_to_do",
                condition=Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["-finished_at"], name="job_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=~Q(unique_key="") & Q(state__in=["waiting", "running"]),
                name="job_once_while_unfinished",
            ),
            models.CheckConstraint(name="job_state_is_known", condition=Q(state__in=STATES)),
        ]


class CronLine(models.Model):
    """What runs by the clock: a task every so many seconds. `next_at` moves before the run."""

    task = models.CharField(max_length=200, primary_key=True)
    every_seconds = models.IntegerField()
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)


class Stamp(models.Model):
    """One row: how often names, settings, stages or fields have changed (see `recent`)."""

    n = models.BigIntegerField(default=0)
