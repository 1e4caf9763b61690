"""Recordings of calls, what people note in them, and who listened."""

from django.db import models
from django.db.models import Q

from voronka.people.models import Person

RECORDING_STATES = ("awaited", "stored", "absent", "failed", "purged")


class Recording(models.Model):
    """The recording of one call. `seconds` to the hundredth, `size` in bytes.

    `state`: awaited; stored; absent (the exchange has none); failed (there is one and it cannot
    be taken, `problem` says why); purged. `place`: where the exchange has it, a path or an
    address. `content`: its name among our files, those in the S3 store if `is_remote`; named
    before it is written, so that an end at any moment leaves no file without a row. `peaks`:
    loudness over time, one byte each, all of the first channel (the client), then all of the
    second.
    """

    call = models.OneToOneField("calls.Call", models.CASCADE, related_name="recording")
    state = models.CharField(max_length=8, default="awaited")
    place = models.CharField(max_length=1000, default="", blank=True)
    content = models.CharField(max_length=64, default="", blank=True, db_index=True)
    is_remote = models.BooleanField(default=False)
    is_sealed = models.BooleanField(default=False)
    media = models.CharField(max_length=20, default="", blank=True)
    seconds = models.FloatField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    channels = models.SmallIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, default="", blank=True)
    stored_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="recording_due",
                condition=Q(state="awaited"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="recording_state_is_known", condition=Q(state__in=RECORDING_STATES)
            ),
            models.CheckConstraint(
                name="stored_recording_has_content",
                condition=~Q(state="stored") | ~Q(content=""),
            ),
        ]


class CallNote(models.Model):
    """Words about a moment of a recording. `second`: from its beginning."""

    call = models.ForeignKey("calls.Call", models.CASCADE, related_name="notes")
    second = models.IntegerField()
    text = models.CharField(max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CallListening(models.Model):
    """One person's playing of one recording, however many requests it takes.

    `token` names the opened page; heard again after a pause it is another listening.
    """

    call = models.ForeignKey("calls.Call", models.CASCADE, related_name="listenings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    token = models.CharField(max_length=32)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "person", "token"], name="call_listening_once"
            )
        ]
