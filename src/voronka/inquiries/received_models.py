"""What came in, byte for byte, before anybody made sense of it."""

from django.db import models
from django.db.models import Q

STATES = ("waiting", "done", "unread", "dropped")


class Received(models.Model):
    """One delivery at one of our doors. Its number is the inquiry's; None for a letter or a
    message of a chat: it may belong to an inquiry that is there.

    `shape` tells how to read it: form, json, mail, telegram. `state`: waiting for the worker,
    done (an inquiry stands for it), unread (a person has to look; `problem` says why), dropped
    (a person looked, it is none; or a machine's letter). `body` holds the first 256 KiB,
    `body_file` names the whole where it is longer.
    """

    number = models.IntegerField(unique=True, null=True)
    channel = models.CharField(max_length=12)
    shape = models.CharField(max_length=12)
    at = models.DateTimeField()
    sender = models.CharField(max_length=200, default="", blank=True)
    external_id = models.CharField(max_length=120, default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    body = models.BinaryField()
    body_file = models.CharField(max_length=64, default="", blank=True)
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="waiting")
    problem = models.CharField(max_length=40, default="", blank=True)
    inquiry = models.ForeignKey(
        "Inquiry", models.SET_NULL, null=True, related_name="received", db_index=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["channel", "at"], name="received_lately"),
            models.Index(
                fields=["digest", "at"], name="received_same", condition=~Q(digest="")
            ),
            models.Index(
                fields=["state", "id"],
                name="received_unfinished",
                condition=Q(state__in=["waiting", "unread"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="received_once_per_channel",
            ),
            models.CheckConstraint(
                name="received_state_is_known", condition=Q(state__in=STATES)
            ),
        ]


class ReceivedFile(models.Model):
    """A file that came along. `content` names it in the store of files; "" where it was not
    kept, `problem` says why: too_big, bad_kind, empty, too_many.
    """

    received = models.ForeignKey(Received, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80, default="", blank=True)
    size = models.BigIntegerField()
    content = models.CharField(max_length=64, default="", blank=True)
    problem = models.CharField(max_length=20, default="", blank=True)
