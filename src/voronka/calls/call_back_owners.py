"""Who is to call back: whoever is responsible and there, else who stands in, else the head."""

from collections.abc import Iterator
from datetime import datetime

from voronka.calls.models import Call
from voronka.inquiries.models import Inquiry
from voronka.people import settings
from voronka.people.chiefs import all_chiefs, head_above
from voronka.people.duties import there_or_stand_in
from voronka.people.models import Person


def open_inquiry(call: Call) -> Inquiry | None:
    """Give the latest inquiry from the caller that still is in work; None beside a deal."""
    if call.deal_id:
        return None
    rows = Inquiry.objects.live().filter(phone=call.phone, state__in=("new", "targeted"))
    return rows.filter(deal=None).order_by("-arrived_at", "-pk").first()


def whose_call_back(call: Call, inquiry: Inquiry | None, *, at: datetime) -> int | None:
    """Give who is to ring: of the open deal, the client, the inquiry, or rung alone.

    Who is away on the day when it can be done gives way to who stands in; who left the firm
    to the next in line. Where none of them is there: the head. At most seven queries.
    """
    when = settings.calendar(settings.all_settings()).next_opening(at)
    for person_id in _responsible(call, inquiry):
        there = there_or_stand_in(person_id, when)
        if there and Person.objects.filter(pk=there, is_active=True).exists():
            return there
    return head_above(None, all_chiefs())


def _responsible(call: Call, inquiry: Inquiry | None) -> Iterator[int]:
    if call.deal and not call.deal.outcome and call.deal.manager_id:
        yield call.deal.manager_id
    if call.client and call.client.manager_id:
        yield call.client.manager_id
    if inquiry and inquiry.manager_id:
        yield inquiry.manager_id
    if call.manager_id:
        # Nobody was responsible: the only one who was rung.
        yield call.manager_id
