"""Inquiries: everybody who turned to us, by any channel."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.clients.models import Client, Contact, Source
from voronka.deals.models import Deal
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

STATES = ("new", "targeted", "not_targeted", "spam", "duplicate")
CHANNELS = ("form", "call", "mail", "messenger", "hand", "file")
NOT_CUSTOMER_REASONS = ("supplier", "spam", "private", "own")


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


class RoutingRule(models.Model):
    """A rule of who gets which inquiries, tried in the order of `place`.

    `wants`: what an inquiry must be, `target`: whom it allows; both as `rule_rows` reads and
    writes them. The row with `is_last` is the list's last rule, which takes everything;
    `falls_to`, `fallback`: who gets what nobody may take: "open", "head", "person".
    """

    name = models.CharField(max_length=120)
    place = models.IntegerField()
    is_on = models.BooleanField(default=True)
    is_last = models.BooleanField(default=False)
    wants: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    target: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    way = models.CharField(max_length=12, default="competence")
    cap = models.IntegerField(null=True)
    fallback = models.CharField(max_length=8, default="open")
    falls_to = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_last"], condition=Q(is_last=True), name="rule_last_is_one"
            ),
            models.CheckConstraint(
                name="rule_last_is_on", condition=Q(is_last=False) | Q(is_on=True)
            ),
        ]


class RulesVersion(models.Model):
    """A change of the list of rules, numbered; `act` and `name` say what was changed."""

    number = models.IntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    act = models.CharField(max_length=12)
    name = models.CharField(max_length=120, default="", blank=True)
    batch_id = models.BigIntegerField(null=True)


class Routing(models.Model):
    """Why an inquiry went to whom: kept as decided, to be read later.

    `scored`: the best of those who could, with the terms of each score; `barred`: person, why
    not, and until when as an ISO moment or day, "" for not known. `case_of`: what the inquiry
    was to the router. `rule_id`, `rule`, `version`: by which rule of which list; `passed`:
    rules before it that had nobody; `starts_at`: nobody is on shift, then this one begins.
    `overridden_at`: somebody gave it to another one.
    """

    inquiry = models.ForeignKey("Inquiry", models.CASCADE, related_name="routings")
    at = models.DateTimeField()
    how = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    case_of: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    scored: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    barred: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list)
    rule_id = models.BigIntegerField(default=0)
    rule = models.CharField(max_length=120, default="", blank=True)
    version = models.IntegerField(default=0)
    way = models.CharField(max_length=12, default="", blank=True)
    passed: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    overridden_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # How many a rule gave to whom today, and how many of its choices were overridden.
            models.Index(fields=["rule_id", "at", "person"], name="routing_by_rule"),
        ]


class LetPass(models.Model):
    """An inquiry that its manager did not accept in time: whose, and to whom it went.

    `assigned_at`: since when it lay there; one assignment is let pass once.
    """

    inquiry = models.ForeignKey("Inquiry", models.CASCADE, related_name="let_pass")
    person = models.ForeignKey(Person, models.PROTECT, related_name="let_pass")
    to = models.ForeignKey(Person, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at", "person"], name="let_pass_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "person", "assigned_at"], name="let_pass_once_per_assignment"
            )
        ]


class NotCustomer(models.Model):
    """A number or address that is no customer's: remembered, and not asked about again.

    `undone_at`: somebody took it back.
    """

    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=200)
    reason = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(undone_at__isnull=True),
                name="not_customer_once",
            ),
            models.CheckConstraint(
                name="not_customer_reason_is_known",
                condition=Q(reason__in=NOT_CUSTOMER_REASONS),
            ),
        ]


class Learned(models.Model):
    """What is known of who wins what, as of a moment; one row."""

    at = models.DateTimeField()
    outcomes = models.IntegerField(default=0)
    state: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)


class Inquiry(models.Model):
    """One turning to us. `raw` is the input as it came, kept for a person to see.

    `is_reply_known` is False for the past that came from a file without replies: it waits
    for nobody, and no figure counts it as unanswered. `seen_at`, `accepted_at` and the
    deadline `accept_until` are the latest assignment's; without a deadline no timer runs.
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
    seen_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accept_until = models.DateTimeField(null=True)
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
            models.Index(
                fields=["accept_until"],
                name="inquiry_to_accept",
                condition=Q(accept_until__isnull=False),
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
from voronka.inquiries.mail_models import Letter, Mailbox, MailFolder  # noqa: E402
from voronka.inquiries.received_models import Received, ReceivedFile  # noqa: E402
from voronka.inquiries.telegram.tables import Bot, Chat, Reply, Thread  # noqa: E402

__all__ = [
    "CHANNELS", "STATES", "Bot", "Chat", "Inquiry", "Learned", "Letter", "MailFolder",
    "Mailbox", "Received", "ReceivedFile", "Reply", "Routing", "Thread",
]  # fmt: skip
PURPOSES = ("answer", "letters", "recording")
GIVEN_BY = ("form", "voice", "paper", "file")


class ConsentText(models.Model):
    """A text that people agree to, by purpose and version. One that was used never changes."""

    purpose = models.CharField(max_length=12)
    version = models.IntegerField()
    text = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version"], name="consent_text_version_once"
            ),
            models.CheckConstraint(
                name="consent_text_purpose_is_known", condition=Q(purpose__in=PURPOSES)
            ),
        ]


class Withdrawal(models.Model):
    """A client, or one person there, took consents back. `erase_by` when the data is to go."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="withdrawals")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True)
    purposes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    how = models.CharField(max_length=12)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True)
    erase_by = models.DateField(null=True)
    step_id = models.BigIntegerField(null=True)
    erased_at = models.DateTimeField(null=True)


class Consent(models.Model):
    """Somebody agreed to one use of their data: to which words, when, how, written by whom.

    `text` None: to words that are not kept here (a paper, a talk); `evidence` says where they
    are. An inquiry's consent is its client's too, once there is one.
    """

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="consents")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True)
    inquiry = models.ForeignKey(Inquiry, models.CASCADE, null=True, related_name="consents")
    purpose = models.CharField(max_length=12)
    text = models.ForeignKey(ConsentText, models.PROTECT, null=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=12)
    by = models.ForeignKey(Person, models.PROTECT, null=True)
    number = models.CharField(max_length=200, default="", blank=True)
    evidence = models.CharField(max_length=500, default="", blank=True)
    withdrawal = models.ForeignKey(
        Withdrawal, models.SET_NULL, null=True, related_name="consents"
    )
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="consent_purpose_is_known", condition=Q(purpose__in=PURPOSES)
            ),
            models.CheckConstraint(name="consent_way_is_known", condition=Q(how__in=GIVEN_BY)),
            models.UniqueConstraint(
                fields=["inquiry", "purpose"],
                name="consent_once_per_inquiry",
                condition=Q(inquiry__isnull=False),
            ),
        ]
