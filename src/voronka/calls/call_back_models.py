"""Who rang in vain and waits to be rung back; and what was said to come of a talk."""

from django.db import models
from django.db.models import Q

from voronka.agenda.models import Step
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.inquiries.models import Inquiry
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

WAYS = ("", "we", "they", "other", "withdrawn")
BY_US = ("we", "other")
"""The ways in which one of ours rang: K7 is of these."""


class CallBackQuerySet(models.QuerySet["CallBack"]):
    """Call-backs narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "CallBackQuerySet":
        """Keep those owned by people within the viewer's reach; nobody's are for all."""
        reach = viewer.reach("call", "read")
        if reach is None:
            return self
        return self.filter(Q(owner_id__in=reach) | Q(owner_id__isnull=True))

    def open(self) -> "CallBackQuerySet":
        """Keep those that nobody has talked with since, and somebody is to."""
        return self.filter(closed_at__isnull=True, is_past=False)

    def that_stand(self) -> "CallBackQuerySet":
        """Keep what figures count: all but what was withdrawn."""
        return self.exclude(how="withdrawn")


class CallBack(models.Model):
    """A number that rang and got nobody: one row from its first missed call to the first talk.

    `first_call` makes it, further missed calls add to `times`; `due_at` stays. `how` it ended:
    we (the owner rang), they (the client rang again and was answered), other (another one of
    ours rang), withdrawn (the exchange told later that the call was answered after all).
    `wait_seconds`: working time from the hang-up to the talk. `is_past`: nobody was told to
    ring, as the call came from a file or was heard of too late; see `past_call_backs`.
    """

    phone = models.CharField(max_length=20, db_index=True)
    first_call = models.OneToOneField("calls.Call", models.CASCADE, related_name="call_back")
    client = models.ForeignKey(Client, models.SET_NULL, null=True, related_name="call_backs")
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, related_name="call_backs")
    inquiry = models.ForeignKey(Inquiry, models.SET_NULL, null=True, related_name="call_backs")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="call_backs")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="call_backs")
    first_missed_at = models.DateTimeField()
    last_missed_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("calls.Call", models.SET_NULL, null=True, related_name="+")
    how = models.CharField(max_length=10, default="", blank=True)
    wait_seconds = models.IntegerField(null=True)
    is_past = models.BooleanField(default=False)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="call_back_open_due",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                # All that figures ask: the table itself is not touched.
                fields=["first_missed_at", "how", "wait_seconds", "owner"],
                name="call_back_of_period",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=Q(closed_at__isnull=True, is_past=False),
                name="call_back_once_while_open",
            ),
            models.CheckConstraint(name="call_back_how_is_known", condition=Q(how__in=WAYS)),
            models.CheckConstraint(
                name="call_back_is_closed_somehow",
                condition=Q(closed_at__isnull=True, how="")
                | Q(closed_at__isnull=False) & ~Q(how=""),
            ),
        ]

    @property
    def case(self) -> str:
        """Its name in the journal: that of the call which made it."""
        return f"call:{self.first_call_id}"


class CallOutcome(models.Model):
    """What came of a talk: the outcome, a summary by hand, and the step that was set.

    `outcome`: a code of `calls.outcomes`, or a word of the firm's own list. `draft`: what a
    machine proposes as the summary; nothing writes it yet.
    """

    call = models.OneToOneField("calls.Call", models.CASCADE, related_name="note")
    outcome = models.CharField(max_length=60, default="", blank=True)
    summary = models.TextField(default="", blank=True)
    draft = models.TextField(default="", blank=True)
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
