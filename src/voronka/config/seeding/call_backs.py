"""Call-backs of the last month, reckoned by the room's own rule from the calls."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from voronka.agenda.models import Step
from voronka.calls.call_backs import recount
from voronka.calls.models import Call
from voronka.inquiries.models import Inquiry

WITHIN = timedelta(days=31)
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
    first: dict[str, datetime] = {}
    for phone, at in missed.order_by("started_at").values_list("phone", "started_at"):
        first.setdefault(phone, at)
    for phone, at in first.items():
        recount(phone, around=at, now=min(now, at + HEARD_AFTER))
    Step.objects.filter(call_backs__isnull=False, batch_id=None).update(batch_id=batch_id)
