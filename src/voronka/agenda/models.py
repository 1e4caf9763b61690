"""Next steps: what somebody promised to do with a client, and by when; edits of many deals."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

KINDS = ("call_back", "letter", "quote", "meeting", "presentation", "task")


class StepQuerySet(models.QuerySet["Step"]):
    """Steps narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "StepQuerySet":
        """Keep the steps of people within the viewer's reach."""
        reach = viewer.reach("step", "read")
        rows = self.filter(removed_at__isnull=True)
        return rows if reach is None else rows.filter(person_id__in=reach)

    def changeable_by(self, viewer: Viewer) -> "StepQuerySet":
        """Keep the steps that the viewer may move, do or cancel."""
        reach = viewer.reach("step", "change")
        rows = self.filter(removed_at__isnull=True)
        return rows if reach is None else rows.filter(person_id__in=reach)

    def open(self) -> "StepQuerySet":
        """Keep what is neither done nor cancelled."""
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True)


class Step(models.Model):
    """A planned act. `first_due_at` never moves: being late is counted from it."""

    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=300)
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="steps")
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="steps")
    person = models.ForeignKey(Person, models.PROTECT, related_name="steps")
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    moved_count = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=500, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "due_at"],
                name="step_open_of_person",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="step_open_due",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="step_kind_is_known", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="step_done_or_cancelled",
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
            ),
        ]


class BulkEdit(models.Model):
    """One edit of many deals. `done` holds, for each, what is needed to take it back."""

    by = models.ForeignKey(Person, models.PROTECT, null=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=12)
    done: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    undone_at = models.DateTimeField(null=True)
