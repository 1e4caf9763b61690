"""Calls: one row per physical call, with the telephones that rang for it."""

from django.db import models
from django.db.models import Q

from voronka.calls.day_models import CallDay as CallDay
from voronka.calls.exchange_models import Exchange
from voronka.calls.recording_models import CallListening, CallNote, Recording
from voronka.calls.records import LEG_OUTCOMES, OUTCOMES
from voronka.clients.models import Client, Source
from voronka.deals.models import Deal, Stage
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class CallQuerySet(models.QuerySet["Call"]):
    """Calls narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "CallQuerySet":
        """Keep the calls of people within the viewer's reach; unassigned ones are for all.

        What still goes on is not among them: see `going_on`.
        """
        reach = viewer.reach("call", "read")
        rows = self.filter(removed_at__isnull=True, state="ended")
        if reach is None:
            return rows
        return rows.filter(Q(manager_id__in=reach) | Q(manager_id__isnull=True))

    def going_on(self) -> "CallQuerySet":
        """Keep the calls that ring or are spoken now."""
        return self.filter(state__in=["ringing", "talking"], removed_at__isnull=True)


class Call(models.Model):
    """A call with a client. Seconds; `talk_seconds`: client and our people heard each other.

    `exchange` and `call_ref` name it where an exchange told of it. `outcome` as in
    `calls.records`, "" for calls from files. `is_final`: the exchange said that it is over, and
    the journal has it. `stage`: where the deal was when it began; `source`: where the client
    had come from. `line`: our number.
    """

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
    exchange = models.ForeignKey(Exchange, models.PROTECT, null=True, related_name="calls")
    call_ref = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=8, default="ended")
    outcome = models.CharField(max_length=10, default="", blank=True)
    line = models.CharField(max_length=40, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    menu_seconds = models.IntegerField(default=0)
    hold_seconds = models.IntegerField(default=0)
    stage = models.ForeignKey(Stage, models.SET_NULL, null=True, related_name="+")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    is_final = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="call_newest"),
            models.Index(fields=["manager", "-started_at", "-id"], name="call_of_person"),
            models.Index(
                # Whole rows of what is asked: the table itself is not touched.
                fields=[
                    "started_at",
                    "phone",
                    "manager",
                    "wait_seconds",
                    "outcome",
                    "direction",
                    "is_answered",
                    "state",
                    "removed_at",
                ],
                name="call_missed",
                condition=Q(direction="in", is_answered=False, removed_at__isnull=True),
            ),
            models.Index(
                fields=[
                    "started_at",
                    "phone",
                    "manager",
                    "talk_seconds",
                    "direction",
                    "state",
                    "removed_at",
                ],
                name="call_out_numbers",
                condition=Q(direction="out", removed_at__isnull=True),
            ),
            models.Index(
                fields=[
                    "started_at",
                    "talk_seconds",
                    "manager",
                    "deal",
                    "state",
                    "removed_at",
                ],
                name="call_talks",
                condition=Q(talk_seconds__gt=0),
            ),
            models.Index(
                fields=["phone", "started_at", "talk_seconds", "direction", "removed_at"],
                name="call_of_number",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="call_direction_is_known", condition=Q(direction__in=["in", "out"])
            ),
            models.UniqueConstraint(
                fields=["external_id"], condition=~Q(external_id=""), name="call_once"
            ),
            models.UniqueConstraint(
                fields=["exchange", "call_ref"],
                condition=Q(exchange__isnull=False),
                name="call_once_per_exchange",
            ),
            models.CheckConstraint(
                name="call_state_is_known",
                condition=Q(state__in=["ringing", "talking", "ended"]),
            ),
            models.CheckConstraint(
                name="call_outcome_is_known", condition=Q(outcome__in=OUTCOMES)
            ),
        ]


class CallLeg(models.Model):
    """One person's telephone within a call. `outcome` as in `calls.records`.

    `seq`: the order of ringing. `talk_seconds`: what this person's talk took, without hold.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="legs")
    seq = models.IntegerField()
    leg_ref = models.CharField(max_length=120)
    extension = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="call_legs")
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="", blank=True)
    talk_seconds = models.IntegerField(default=0)
    hold_seconds = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "leg_ref"], name="call_leg_once"),
            models.CheckConstraint(
                name="call_leg_outcome_is_known", condition=Q(outcome__in=LEG_OUTCOMES)
            ),
        ]


class InternalCall(models.Model):
    """A call between our own people: counted, and no figure of sales."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="internal_calls")
    call_ref = models.CharField(max_length=120)
    started_at = models.DateTimeField(db_index=True)
    talk_seconds = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "call_ref"], name="internal_call_once")
        ]


# Tables of this room that have a file of their own.
from voronka.calls.call_back_models import CallBack, CallOutcome  # noqa: E402

__all__ = [
    "Call", "CallBack", "CallLeg", "CallListening", "CallNote", "CallOutcome", "CallQuerySet",
    "Exchange", "InternalCall", "Recording",
]  # fmt: skip
