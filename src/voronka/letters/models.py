"""Templates, what was written to clients, and through what it goes out."""

from django.db import models
from django.db.models import Q

from voronka.agenda.models import Step
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.inquiries.mail_models import SECURITIES
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

CHANNELS = ("mail", "message")
STATES = ("waiting", "sent", "failed")


class Sender(models.Model):
    """The mailbox that letters are sent from; there is one. `secret`: its password, sealed.

    `problem`: why the last try failed, "" when it did not; `problem_at`: since when;
    `retry_at`: nothing is sent before, for a server that refuses us refuses every letter.
    """

    only = models.BooleanField(default=True, unique=True)
    address = models.CharField(max_length=200)
    server = models.CharField(max_length=200)
    port = models.IntegerField()
    security = models.CharField(max_length=10, default="tls")
    login = models.CharField(max_length=200)
    secret = models.TextField()
    is_on = models.BooleanField(default=True)
    succeeded_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, default="", blank=True)
    problem_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sender_security_is_known", condition=Q(security__in=SECURITIES)
            )
        ]


class Gateway(models.Model):
    """The address that short messages are handed to; there is one. `secret`: signs them."""

    only = models.BooleanField(default=True, unique=True)
    url = models.CharField(max_length=500)
    secret = models.TextField()
    is_on = models.BooleanField(default=True)
    succeeded_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, default="", blank=True)
    problem_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)


class Template(models.Model):
    """A text to begin with. `{name}` in it stands for what is known of the client."""

    channel = models.CharField(max_length=10, default="mail")
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at=None), name="template_name_once"
            ),
            models.CheckConstraint(
                name="template_channel_is_known", condition=Q(channel__in=CHANNELS)
            ),
        ]


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters narrowed by who asks."""

    def visible_to(self, viewer: Viewer) -> "LetterQuerySet":
        """Keep what was written to clients, or about deals, that the viewer may read."""
        cards, deals = Client.objects.visible_to(viewer), Deal.objects.visible_to(viewer)
        return self.filter(Q(client__in=cards) | Q(deal__in=deals))


class Letter(models.Model):
    """What was written to a client, as it goes out, at least once.

    `to`: a mail address, or a number in E.164. `step`: what is done once it has been sent.
    `problem` of a failed one: see `letters.problems`. A lease is held while it is being sent.
    """

    channel = models.CharField(max_length=10)
    client = models.ForeignKey(Client, models.CASCADE, related_name="letters")
    deal = models.ForeignKey(Deal, models.SET_NULL, null=True, related_name="letters")
    step = models.ForeignKey(Step, models.SET_NULL, null=True, related_name="+")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    to = models.CharField(max_length=200)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default="waiting")
    problem = models.CharField(max_length=20, default="", blank=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="letter_waiting", condition=Q(state="waiting")
            ),
        ]
        constraints = [
            models.CheckConstraint(name="letter_state_is_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="letter_channel_is_known", condition=Q(channel__in=CHANNELS)
            ),
        ]


class LetterFile(models.Model):
    """A file that goes along. `content` names it in the store of files."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    size = models.BigIntegerField()
    content = models.CharField(max_length=64)
