"""Exchanges that are joined, and what they said, word for word."""

from typing import Any

from django.db import models
from django.db.models import Q

SOURCES = ("cel", "cdr", "ami", "hook", "history", "own")
EVENT_STATES = ("waiting", "done", "unread")
SILENT = "silent"
"""The problem of an exchange whose line is up, and of whose calls nothing is heard."""


class Exchange(models.Model):
    """One exchange or provider account. `kind` names its adapter: asterisk, generic, mango.

    `path_key`: the secret part of the address at which it tells us; `secret`: what we sign in
    with or check signatures by, sealed. `options`: as its adapter wants them. `cursor`: how far
    its own record is read. `heard_at`: when it last said anything; `problem`: a code while it
    cannot be reached. `zone`: in which it tells times without one. `refused`: how many requests
    at its address were not from it, the last one `refused_at`.
    `callers_warned`: it tells callers that they are recorded.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    is_on = models.BooleanField(default=True)
    path_key = models.CharField(max_length=64, unique=True)
    secret = models.TextField(default="", blank=True)
    zone = models.CharField(max_length=40, default="Europe/Moscow")
    options: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    cursor: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    heard_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, default="", blank=True)
    problem_since = models.DateTimeField(null=True)
    callers_warned = models.BooleanField(default=False, db_default=False)
    refused = models.IntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=120, default="", blank=True)
    held_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class CallEvent(models.Model):
    """What an exchange said, as it said it. `source_key`: its own name for it, told once.

    `call_ref`: the call it speaks of, "" until it is read. `state`: waiting to be read, done,
    unread (a person has to look; `problem` says why).
    """

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="events")
    source = models.CharField(max_length=8)
    source_key = models.CharField(max_length=120)
    at = models.DateTimeField()
    call_ref = models.CharField(max_length=120, default="", blank=True)
    body = models.TextField()
    state = models.CharField(max_length=8, default="waiting")
    problem = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["exchange", "call_ref"], name="call_event_of_call"),
            # Not a partial one: SQLite takes it for no parameter, and reads the whole table.
            models.Index(fields=["state", "id"], name="call_event_by_state"),
            models.Index(fields=["at"], name="call_event_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "source", "source_key"], name="call_event_once"
            ),
            models.CheckConstraint(
                name="call_event_source_is_known", condition=Q(source__in=SOURCES)
            ),
            models.CheckConstraint(
                name="call_event_state_is_known", condition=Q(state__in=EVENT_STATES)
            ),
        ]


class Reconciliation(models.Model):
    """One look at whether we have all the calls that an exchange had from `since` to `until`.

    Both days belong to it. Calls with clients: `theirs` in all, of which we had `ours`, `added`
    came in by this look, and `missing` could not be had. `extra`: ours of which it knows
    nothing. `internal`: between our own people, counted apart. `gaps`: [from, to, how many] of
    what we had not, moments in ISO. `source` as in SOURCES: by "cdr" it can only be counted.
    """

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="reconciliations")
    since = models.DateField()
    until = models.DateField()
    source = models.CharField(max_length=8)
    theirs = models.IntegerField()
    ours = models.IntegerField()
    added = models.IntegerField()
    missing = models.IntegerField()
    extra = models.IntegerField()
    internal = models.IntegerField()
    gaps: "models.JSONField[list[list[Any]], list[list[Any]]]" = models.JSONField(default=list)
    is_alarm = models.BooleanField()
    by_clock = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["exchange", "-id"], name="reconciliation_latest")]
        constraints = [
            models.CheckConstraint(
                name="reconciliation_source_is_known", condition=Q(source__in=SOURCES)
            ),
            models.CheckConstraint(
                name="reconciliation_adds_up",
                condition=Q(theirs=models.F("ours") + models.F("added") + models.F("missing"))
                | Q(source="cdr"),
            ),
        ]
