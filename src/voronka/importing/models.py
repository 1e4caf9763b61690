"""Loads of files: what was asked, how far it came, what it changed."""

from typing import Any

from django.db import models

from voronka.people.models import Person


class Load(models.Model):
    """One file being moved in.

    `state`: mapped, checking, checked, running, done, failed, undone.

    `next_row` is where a load that was cut off goes on; the report so far stands beside it,
    written in the same transaction as the rows.
    """

    file_name = models.CharField(max_length=300)
    path = models.CharField(max_length=500)
    file_hash = models.CharField(max_length=64, default="", blank=True, db_index=True)
    as_what = models.CharField(max_length=20)
    mapping: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    by = models.ForeignKey(Person, models.PROTECT, null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="mapped")
    next_row = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    rows_total = models.IntegerField(default=0)
    dry_report: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict
    )
    report: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    batch_id = models.BigIntegerField(null=True)
    problem: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)


class Mapping(models.Model):
    """The mapping last used for files with the same header."""

    header_set = models.CharField(max_length=64)
    as_what = models.CharField(max_length=20)
    mapping: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["header_set", "as_what"], name="mapping_once")
        ]


class Change(models.Model):
    """A row that a load changed, with its values before and after: the way back."""

    batch_id = models.BigIntegerField(db_index=True)
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    after: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()


class Trace(models.Model):
    """Which row of the file made or touched which row of ours."""

    batch_id = models.BigIntegerField(db_index=True)
    row = models.IntegerField()
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
