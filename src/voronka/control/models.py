"""Slips: what should have happened and did not, from found to closed by evidence."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.inquiries.models import Inquiry
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class SlipQuerySet(models.QuerySet["Slip"]):
    """Slips narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "SlipQuerySet":
        """Keep the slips of people within reach; nobody's slips belong to the head."""
        reach = viewer.reach("slip", "read")
        return self if reach is None else self.filter(manager_id__in=reach)

    def changeable_by(self, viewer: Viewer) -> "SlipQuerySet":
        """Keep the slips that the viewer may accept with a reason."""
        reach = viewer.reach("slip", "change")
        return self if reach is None else self.filter(manager_id__in=reach)

    def open(self, at: Any = None) -> "SlipQuerySet":
        """Keep the open ones; those accepted until a later day rest until then."""
        return self.filter(closed_at__isnull=True)


class Slip(models.Model):
    """One breach of one rule by one case. `since` is when it began, `opened_at` when found.

    `how` it ended: evidence, or accepted with a reason until `check_on`. `escalated_at`: when
    it was passed up, because it stood open too long; `raised_at`: when it went on to the head.
    """

    rule = models.CharField(max_length=30)
    version = models.IntegerField()
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="slips")
    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="slips")
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, null=True, related_name="slips")
    step_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40)
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="slips")
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    money_kopecks = models.BigIntegerField(default=0)
    evidence: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict
    )
    closed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, default="", blank=True)
    closing: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    check_on = models.DateField(null=True)
    escalated_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="escalated_slips"
    )
    batch_id = models.BigIntegerField(null=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-money_kopecks", "-id"],
                name="slip_open_by_money",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["closed_at"], name="slip_closed_at"),
            # Which accepted ones still rest.
            models.Index(fields=["how", "check_on"], name="slip_resting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(closed_at__isnull=True),
                name="slip_once_while_open",
            )
        ]


class Watermark(models.Model):
    """Up to which fact the watch has read the journal."""

    name = models.CharField(max_length=30, primary_key=True)
    fact_id = models.BigIntegerField(default=0)
