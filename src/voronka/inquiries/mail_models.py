"""Mailboxes that are read, how far, and the letters of inquiries."""

from django.db import models
from django.db.models import Q

from voronka.people.models import Person

SECURITIES = ("tls", "starttls", "none")
ROLES = ("in", "sent")


class Mailbox(models.Model):
    """A mailbox that becomes inquiries. `secret`: its password, sealed.

    `since`: letters that came before it are left alone. `next_look_at` moves before each look,
    so that of two processes one looks. `problem`: why the last look failed, "" when it did
    not; `problem_at`: since when.
    """

    address = models.CharField(max_length=200, unique=True)
    server = models.CharField(max_length=200)
    port = models.IntegerField()
    security = models.CharField(max_length=10, default="tls")
    login = models.CharField(max_length=200)
    secret = models.TextField()
    is_on = models.BooleanField(default=True)
    marks_read = models.BooleanField(default=False)
    since = models.DateTimeField()
    next_look_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, default="", blank=True)
    problem_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_security_is_known", condition=Q(security__in=SECURITIES)
            )
        ]


class MailFolder(models.Model):
    """How far a folder has been read: all up to `last_uid` of numbering `uid_validity`.

    `role`: in (letters to us) or sent (ours). An empty name of a sent one: to be found.
    """

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="folders")
    role = models.CharField(max_length=5)
    name = models.CharField(max_length=200, default="", blank=True)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "role"], name="mail_folder_once"),
            models.CheckConstraint(
                name="mail_folder_role_is_known", condition=Q(role__in=ROLES)
            ),
        ]


class Letter(models.Model):
    """One letter of an inquiry's thread: the first, what was answered, what followed.

    `direction`: in (to us) or out. `machine`: how it gives away that no human wrote it.
    """

    inquiry = models.ForeignKey("Inquiry", models.CASCADE, related_name="letters")
    received = models.OneToOneField(
        "Received", models.SET_NULL, null=True, related_name="letter"
    )
    at = models.DateTimeField()
    direction = models.CharField(max_length=3)
    message_id = models.CharField(max_length=250, default="", blank=True)
    mail = models.CharField(max_length=200, default="", blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    machine = models.CharField(max_length=10, default="", blank=True)
    subject = models.CharField(max_length=300, default="", blank=True)
    text = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["message_id"], name="letter_by_id", condition=~Q(message_id="")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_direction_is_known", condition=Q(direction__in=("in", "out"))
            )
        ]
