"""Calls that were loaded as answers: who was talked to since the inquiry waits no more."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from voronka.calls.models import Call
from voronka.inquiries.answering import note_answer
from voronka.inquiries.models import Inquiry
from voronka.people import settings

FRESH, DAY = timedelta(days=30), timedelta(days=1)
"""An older inquiry that still waits is left to people: its month has been told long ago."""
TOUCHED = ("answered_at", "answer_seconds", "accept_until", "manager_id", "assigned_at",
           "seen_at", "accepted_at")  # fmt: skip
Way = tuple[int, dict[str, Any], dict[str, Any]]
Talk = tuple[datetime, datetime, int | None]


@transaction.atomic
def answer_by_loaded(*, batch_id: int, at: datetime) -> list[Way]:
    """Answer who still waits, by the first real talk of a load under the number, until `at`.

    Inquiries of the last 30 days; what counts as a talk, and its moment, as in
    `answer_by_talk`. A second call finds nobody waiting. Three queries, and a few per answer.

    Gives each inquiry's id, and what changed in it as it was and as it is.
    Records: InquiryAnswered each, of the load's batch.
    """
    fresh = Inquiry.objects.waiting().filter(arrived_at__gte=at - FRESH).exclude(phone="")
    talks = _talks(batch_id, set(fresh.values_list("phone", flat=True)), at)
    if not talks:
        return []
    rows = fresh.filter(phone__in=talks).select_for_update(of=("self",)).order_by("pk")
    done = []
    for inquiry in rows:
        later = [one for one in talks[inquiry.phone] if one[1] >= inquiry.arrived_at]
        if later:
            done.append(_answered(inquiry, *later[0], batch_id))
    return done


def _talks(batch_id: int, phones: set[str], at: datetime) -> dict[str, list[Talk]]:
    """List by number when each talk began and ended, and who talked; the earliest first."""
    least = settings.all_settings()["talk_seconds"]
    rows = Call.objects.filter(batch_id=batch_id, removed_at=None, is_answered=True)
    rows = rows.filter(talk_seconds__gte=least, started_at__range=(at - FRESH - DAY, at))
    found: dict[str, list[Talk]] = {}
    columns = ("phone", "started_at", "wait_seconds", "talk_seconds", "manager_id")
    for phone, started, wait, talk, by_id in rows.order_by("started_at", "pk").values_list(
        *columns
    ):
        if phone in phones:
            began = started + timedelta(seconds=wait)
            found.setdefault(phone, []).append((began, began + timedelta(seconds=talk), by_id))
    return found


def _answered(
    inquiry: Inquiry, began: datetime, _ended: datetime, by_id: int | None, batch_id: int
) -> Way:
    was = {name: getattr(inquiry, name) for name in TOUCHED}
    at = max(began, inquiry.arrived_at)
    note_answer(inquiry, by_id=by_id, at=at, channel="call", batch_id=batch_id)
    now_is = {name: getattr(inquiry, name) for name in TOUCHED}
    names = [name for name in TOUCHED if was[name] != now_is[name]]
    return inquiry.pk, {n: was[n] for n in names}, {n: now_is[n] for n in names}
