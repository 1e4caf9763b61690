"""Calls: one row per physical call."""

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class CallQuerySet(models.QuerySet["Call"]):
    """Calls narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "CallQuerySet":
        """Keep the calls of people within the viewer's reach; unassigned ones are for all."""
        reach = viewer.reach("call", "read")
        rows = self.filter(removed_at__isnull=True)
        if reach is None:
            return rows
        return rows.filter(Q(manager_id__in=reach) | Q(manager_id__isnull=True))


class Call(models.Model):
    """A call with a client. Seconds; `talk_seconds` from the answer to the end."""

    started_at = models.DateTimeField()
    direction = models.CharField(max_length=3)
    phone = models.CharField(max_length=20, db_index=True)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, related_name="calls")
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, related_name="calls")
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="calls")
    is_answered = models.BooleanField()
    wait_seconds = models.IntegerField(default=0)
    talk_seconds = models.IntegerField(default=0)
    external_id = models.CharField(max_length=120, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="call_newest")]
        constraints = [
            models.CheckConstraint(
                name="call_direction_is_known", condition=Q(direction__in=["in", "out"])
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="call_once"
            ),
        ]
