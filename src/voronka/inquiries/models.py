"""Inquiries: everybody who turned to us, by any channel."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client, Source
from voronka.deals.models import Deal
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

STATES = ("new", "targeted", "not_targeted", "spam", "duplicate")
CHANNELS = ("form", "call", "mail", "messenger", "hand", "file")


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries narrowed by who asks."""

    def live(self) -> "InquiryQuerySet":
        """Leave out removed ones."""
        return self.filter(removed_at__isnull=True)

    def waiting(self) -> "InquiryQuerySet":
        """Keep those who wait for a human's answer."""
        return self.live().filter(
            answered_at__isnull=True, state__in=("new", "targeted"), is_reply_known=True
        )

    def visible_to(self, viewer: Viewer) -> "InquiryQuerySet":
        """Keep those of people within reach; what nobody took yet, all sellers see."""
        reach = viewer.reach("inquiry", "read")
        if reach is None:
            return self.live()
        if not reach:
            return self.none()
        return self.live().filter(Q(manager_id__in=reach) | Q(manager_id__isnull=True))

    def changeable_by(self, viewer: Viewer) -> "InquiryQuerySet":
        """Keep those to answer or classify; the unassigned are open to all sellers."""
        reach = viewer.reach("inquiry", "change")
        if reach is None:
            return self.live()
        if not reach:
            return self.none()
        return self.live().filter(Q(manager_id__in=reach) | Q(manager_id__isnull=True))


class Routing(models.Model):
    """Why an inquiry went to whom: kept as decided, to be read later.

    `scored`: the best of those who could, with the terms of each score; `barred`: person and
    why not. `case`: what the inquiry was to the router.
    """

    inquiry = models.ForeignKey("Inquiry", models.CASCADE, related_name="routings")
    at = models.DateTimeField()
    how = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    case_of: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    scored: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    barred: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)


class Learned(models.Model):
    """What is known of who wins what, as of a moment; one row."""

    at = models.DateTimeField()
    outcomes = models.IntegerField(default=0)
    state: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)


class Inquiry(models.Model):
    """One turning to us. `raw` is the input as it came, kept for a person to see.

    `is_reply_known` is False for the past that came from a file without replies: it waits
    for nobody, and no figure counts it as unanswered.
    """

    number = models.IntegerField(unique=True)
    arrived_at = models.DateTimeField()
    channel = models.CharField(max_length=12)
    source = models.ForeignKey(Source, models.PROTECT, null=True)
    name = models.CharField(max_length=200, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    mail = models.CharField(max_length=200, default="", blank=True)
    text = models.TextField(default="", blank=True)
    marks: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    raw = models.TextField(default="", blank=True)
    client = models.ForeignKey(Client, models.SET_NULL, null=True, related_name="inquiries")
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, related_name="inquiries")
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="inquiries")
    assigned_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_seconds = models.BigIntegerField(null=True)
    is_reply_known = models.BooleanField(default=True)
    state = models.CharField(max_length=12, default="new")
    state_reason = models.CharField(max_length=200, default="", blank=True)
    state_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=120, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-arrived_at", "-id"], name="inquiry_newest"),
            models.Index(fields=["phone"], name="inquiry_phone", condition=~Q(phone="")),
            models.Index(fields=["mail"], name="inquiry_mail", condition=~Q(mail="")),
            # Who got how many today.
            models.Index(
                fields=["assigned_at", "manager", "removed_at"], name="inquiry_assigned"
            ),
            # Without the state: a bound IN cannot imply an index's condition.
            models.Index(
                fields=["-arrived_at", "-id", "state", "answered_at", "removed_at"],
                name="inquiry_waiting",
                condition=Q(
                    answered_at__isnull=True, removed_at__isnull=True, is_reply_known=True
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="inquiry_once_per_channel",
            ),
            models.CheckConstraint(
                name="inquiry_state_is_known", condition=Q(state__in=STATES)
            ),
            models.CheckConstraint(
                name="inquiry_channel_is_known", condition=Q(channel__in=CHANNELS)
            ),
        ]

    @property
    def case(self) -> str:
        """The inquiry's name in the journal."""
        return f"inquiry:{self.pk}"


# The framework finds a room's tables through this file.
from voronka.inquiries.received_models import Received, ReceivedFile  # noqa: E402
from voronka.inquiries.telegram.tables import Bot, Chat, Reply, Thread  # noqa: E402

__all__ = [
    "CHANNELS", "STATES", "Bot", "Chat", "Inquiry", "Learned", "Received", "ReceivedFile",
    "Reply", "Routing", "Thread",
]  # fmt: skip
