"""The first human answer: what counts as one, and what it tells the journal."""

from datetime import datetime, timedelta

from django.db import transaction

from voronka.inquiries.clocks import clocks_of
from voronka.inquiries.holding import give
from voronka.inquiries.models import Inquiry
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryAnswered
from voronka.people import settings
from voronka.people.calendars import calendar_of_person


def note_answer(
    inquiry: Inquiry,
    *,
    by_id: int | None,
    at: datetime,
    channel: str = "",
    batch_id: int | None = None,
) -> None:
    """Write the first answer of a locked inquiry; whoever answers what nobody has takes it.

    `batch_id`: the load that tells of it. Must run inside a transaction.
    Records: InquiryAnswered with both clocks and their parts.
    """
    if inquiry.manager_id is None and by_id:
        give(inquiry, to_id=by_id, by_id=by_id, at=at)
    looks = [moment for moment in (inquiry.seen_at, inquiry.accepted_at) if moment]
    clocks = clocks_of(
        arrived_at=inquiry.arrived_at,
        until=at,
        company=settings.calendar(settings.all_settings()),
        assigned_at=inquiry.assigned_at,
        seen_at=min(looks, default=None),
        person=calendar_of_person(inquiry.manager_id),
    )
    body = InquiryAnswered(
        number=inquiry.number,
        channel=channel or inquiry.channel,
        working_seconds=clocks.company_seconds,
        person_seconds=clocks.person_seconds or 0,
        calendar_seconds=max(0, int((at - inquiry.arrived_at).total_seconds())),
        assign_seconds=clocks.assign_seconds,
        notify_seconds=clocks.notify_seconds,
        react_seconds=clocks.react_seconds,
    )
    inquiry.answered_at, inquiry.answer_seconds = at, clocks.company_seconds
    inquiry.accept_until = None
    inquiry.save(update_fields=["answered_at", "answer_seconds", "accept_until"])
    tell(body, inquiry, by_id=by_id, at=at, batch_id=batch_id)


@transaction.atomic
def answer_by_talk(
    *,
    phone: str,
    person_id: int | None,
    began_at: datetime,
    talk_seconds: int,
) -> list[int]:
    """Answer whoever waits under a number by a talk with it that is over; give the inquiries.

    The answer is the moment the talk began, or the arrival when that fell into the talk. A
    talk shorter than the setting answers nobody, nor does one before the arrival; a second
    call finds nobody waiting. `phone` in E.164; `person_id`: who talked.

    Records: InquiryAnswered each.
    """
    if talk_seconds < settings.all_settings()["talk_seconds"]:
        return []
    ended_at = began_at + timedelta(seconds=talk_seconds)
    rows = Inquiry.objects.waiting().filter(phone=phone, arrived_at__lte=ended_at)
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for inquiry in found:
        at = max(began_at, inquiry.arrived_at)
        note_answer(inquiry, by_id=person_id, at=at, channel="call")
    return [inquiry.pk for inquiry in found]
