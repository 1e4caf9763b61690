"""Which calls a list shows: by what they were, whose, when, and what they were about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from voronka.calls.day_sums import of_manager
from voronka.calls.models import Call
from voronka.calls.sums import BROKEN_OFF, LONG_SECONDS, Norms
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
    """Give the calls within the viewer's reach that fit, in no order."""
    rows = Call.objects.visible_to(viewer)
    rows = rows.filter(started_at__gte=asked.start, started_at__lt=asked.end)
    rows = rows.filter(kind_is(asked.kind, norms))
    if asked.manager_id is not None:
        rows = rows.filter(of_manager(asked.manager_id))
    if asked.line is not None:
        rows = rows.filter(line=asked.line)
    return rows.filter(**_about(asked))


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
        "not_returned": missed & ~talked_later(norms),
        "out": outbound,
        "connected": connected,
        "unreached": outbound & Q(is_answered=False),
        "busy": outbound & Q(is_answered=False, outcome="busy"),
        "talked": Q(talk_seconds__gt=0),
        "long": Q(talk_seconds__gte=LONG_SECONDS),
        "given_up": given_up,
    }[kind]


def not_returned(viewer: Viewer, norms: Norms, *, within: timedelta) -> "QuerySet[Call]":
    """Give the missed calls of the last days with whose numbers nobody has talked since.

    By the database's clock, so that the query may be kept.
    """
    rows = Call.objects.visible_to(viewer).filter(started_at__gte=Now() - within)
    return rows.filter(kind_is("not_returned", norms)).order_by()


def later_talks(norms: Norms) -> "QuerySet[Call]":
    """Give, of the row outside, the real talks with its number since, whoever rang (K6)."""
    return Call.objects.filter(
        phone=OuterRef("phone"),
        started_at__gt=OuterRef("started_at"),
        talk_seconds__gte=max(1, norms.talk),
        removed_at=None,
    )


def talked_later(norms: Norms) -> Q:
    """Say that a real talk with the number came later; a hidden number can have none, and is
    nobody to call back.
    """
    return Q(Exists(later_talks(norms))) | ~Q(phone__startswith="+")
