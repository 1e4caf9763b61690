"""Which calls a list shows: by what they were, whose, when, and what they were about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from voronka.calls.call_back_models import CallBack, CallBackQuerySet
from voronka.calls.day_sums import NOBODY, of_manager
from voronka.calls.missing import BROKEN_OFF
from voronka.calls.models import Call
from voronka.calls.rings import LONGEST_RING
from voronka.calls.sums import LONG_SECONDS, Norms
from voronka.journal.viewer import Viewer

KINDS = (
    "in", "answered", "quick", "missed", "not_returned", "out", "connected", "unreached",
    "busy", "talked", "long", "given_up",
)  # fmt: skip
"""What a call may be, as lists and links name it; "" is every call that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What is asked for; None and "" ask for nothing. `manager_id` -1: nobody's; 0 of stage
    and source: without one. Moments: [start, end).
    """

    start: datetime
    end: datetime
    kind: str = ""
    manager_id: int | None = None
    line: str | None = None
    stage_id: int | None = None
    source_id: int | None = None
    client_id: int | None = None
    hour: int | None = None


def calls_where(viewer: Viewer, asked: Conditions, norms: Norms) -> "QuerySet[Call]":
    """Give the calls within the viewer's reach that fit, in no order.

    Those that were not returned are the first calls of who waits, within reach of who is to
    ring them: one for each that `queries.returns` counts as lost.
    """
    if asked.kind == "not_returned":
        rows = _first_of_lost(viewer, asked)
    else:
        rows = Call.objects.visible_to(viewer).filter(kind_is(asked.kind, norms))
        rows = rows.filter(started_at__gte=asked.start, started_at__lt=asked.end)
        if asked.manager_id is not None:
            rows = rows.filter(of_manager(asked.manager_id))
    if asked.line is not None:
        rows = rows.filter(line=asked.line)
    return rows.filter(**_about(asked))


def _first_of_lost(viewer: Viewer, asked: Conditions) -> "QuerySet[Call]":
    lost = call_backs_where(viewer, asked).filter(how="", first_call=OuterRef("pk"))
    # A walk over the missed calls of the period, the newest first, which is an index.
    missed = Call.objects.filter(direction="in", is_answered=False, removed_at=None)
    since = asked.start - LONGEST_RING
    return missed.filter(Exists(lost), started_at__gte=since, started_at__lt=asked.end)


def call_backs_where(viewer: Viewer, asked: Conditions) -> "CallBackQuerySet":
    """Give the call-backs within the viewer's reach whose first missed call is of the period;
    of the other conditions only the person is asked: who is to ring.
    """
    rows = CallBack.objects.visible_to(viewer).that_stand()
    rows = rows.filter(first_missed_at__gte=asked.start, first_missed_at__lt=asked.end)
    if asked.manager_id is not None:
        rows = rows.filter(owner_id=None if asked.manager_id == NOBODY else asked.manager_id)
    return rows


def _about(asked: Conditions) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if asked.stage_id is not None:
        found["stage_id"] = asked.stage_id or None
    if asked.source_id is not None:
        found["source_id"] = asked.source_id or None
    if asked.client_id is not None:
        found["client_id"] = asked.client_id
    return found


def kind_is(kind: str, norms: Norms) -> Q:
    """Say in the database's words what `sums` counts; the two agree, see the tests."""
    inbound, outbound = Q(direction="in"), Q(direction="out")
    given_up = inbound & Q(is_answered=False, wait_seconds__lt=norms.short)
    given_up &= ~Q(outcome__in=BROKEN_OFF)
    missed = inbound & Q(is_answered=False)
    missed &= Q(wait_seconds__gte=norms.short) | Q(outcome__in=BROKEN_OFF)
    connected = outbound & Q(talk_seconds__gte=max(1, norms.talk))
    return {
        "": outbound | Q(is_answered=True) | missed,
        "in": inbound & (Q(is_answered=True) | missed),
        "answered": inbound & Q(is_answered=True),
        "quick": inbound & Q(is_answered=True, wait_seconds__lte=norms.quick),
        "missed": missed,
        "out": outbound,
        "connected": connected,
        "unreached": outbound & Q(is_answered=False),
        "busy": outbound & Q(is_answered=False, outcome="busy"),
        "talked": Q(talk_seconds__gt=0),
        "long": Q(talk_seconds__gte=LONG_SECONDS),
        "given_up": given_up,
    }[kind]


def not_returned(viewer: Viewer, *, within: timedelta) -> "CallBackQuerySet":
    """Give who rang in vain in the last days and was not talked with since.

    By the database's clock, so that the query may be kept.
    """
    rows = CallBack.objects.visible_to(viewer).filter(how="")
    return rows.filter(first_missed_at__gte=Now() - within).order_by()
