"""Call-backs of the last month, reckoned by the room's own rule from the calls."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from voronka.agenda.models import Step
from voronka.calls.call_backs import recount
from voronka.calls.models import Call
from voronka.inquiries.models import Inquiry

WITHIN = timedelta(days=31)
STILL_OPEN = timedelta(days=4)
"""Who was not rung for longer is a missed call of a past that nobody reckons."""
HEARD_AFTER = timedelta(days=2)


def write_call_backs(batch_id: int, *, now: datetime) -> None:
    """Make the call-backs of clients and of those who turned to us; the open ones are due.

    Records: CallBackDue, CallBackClosed, StepSet, StepDone.
    """
    asked = Inquiry.objects.filter(phone=OuterRef("phone"))
    missed = Call.objects.filter(
        Q(client__isnull=False) | Exists(asked), batch_id=batch_id, direction="in",
        is_answered=False, started_at__gte=now - WITHIN,
    )  # fmt: skip
    rows = list(missed.order_by("started_at").values_list("phone", "started_at"))
    first, last = dict(reversed(rows)), dict(rows)
    talks = Call.objects.filter(phone__in=first, is_answered=True).order_by("started_at")
    talked = dict(talks.values_list("phone", "started_at"))
    for phone, at in first.items():
        is_open = phone not in talked or talked[phone] < last[phone]
        if is_open and last[phone] < now - STILL_OPEN:
            continue
        recount(phone, around=at, now=min(now, at + HEARD_AFTER))
    Step.objects.filter(call_backs__isnull=False, batch_id=None).update(batch_id=batch_id)
