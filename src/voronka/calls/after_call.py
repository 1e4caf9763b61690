"""What a call sets going: a card on the screen while it rings, an inquiry, an answer."""

from datetime import datetime, timedelta

from voronka.calls.models import Call
from voronka.inquiries.answering import answer_by_talk
from voronka.inquiries.intake import register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.inquiries.new_inquiry import NewInquiry
from voronka.people import notices, settings
from voronka.people.viewers import SYSTEM

SAME_MATTER = timedelta(days=1)
"""Who calls again within a day speaks of the same matter."""


def while_it_goes_on(call: Call, ringing: list[int], *, now: datetime) -> None:
    """Tell those who are rung, each once, that it is for them; take down a new inquiry at once
    when somebody answers.
    """
    for person_id in ringing:
        notices.tell_passing(
            person_id=person_id, kind="call.ringing", key=f"call {call.pk}", at=now,
            about={"call_id": call.pk},
        )  # fmt: skip
    if call.state == "talking" and call.direction == "in":
        register_caller(call)
        _tell_no_longer_rings(call, now=now)


def after_call(call: Call, *, rung: list[int], now: datetime) -> None:
    """Do what follows from a call that is over: a stranger becomes an inquiry, a real talk
    answers whoever waits under the number.

    Records: InquiryRegistered, InquiryAssigned, InquiryAnswered.
    """
    if call.direction == "in":
        register_caller(call)
        _tell_no_longer_rings(call, now=now)
    if call.is_answered:
        answer_by_talk(
            phone=call.phone,
            person_id=call.manager_id,
            began_at=call.answered_at or call.started_at,
            talk_seconds=call.talk_seconds,
        )


def _tell_no_longer_rings(call: Call, *, now: datetime) -> None:
    """The card leaves the screens of those who were rung and did not take it."""
    for person_id in set(call.legs.exclude(person=None).values_list("person_id", flat=True)):
        if person_id != call.manager_id or not call.is_answered or call.is_final:
            notices.tell_passing(
                person_id=person_id, kind="call.over", key=f"call {call.pk}", at=now,
                about={"call_id": call.pk},
            )  # fmt: skip


def register_caller(call: Call) -> Inquiry | None:
    """Write down the inquiry that a caller without an open deal is; None when it is none.

    Who hung up before anybody could answer, and whose inquiry of the last day is there, make
    none. Records: InquiryRegistered, InquiryAssigned.
    """
    short = settings.all_settings()["short_call_seconds"]
    if call.deal_id or not call.phone.startswith("+"):
        return None
    if not call.answered_at and call.wait_seconds + call.menu_seconds < short:
        return None
    since = call.started_at - SAME_MATTER
    same = Inquiry.objects.live().filter(phone=call.phone, arrived_at__gte=since)
    if same.exists():
        return None
    new = NewInquiry(
        channel="call",
        phone=call.phone,
        external_id=f"exchange {call.exchange_id}: {call.call_ref}",
        manager_id=call.manager_id if call.answered_at else None,
        arrived_at=call.started_at,
    )
    return register_inquiry(
        new, by=SYSTEM, at=max(call.started_at, call.ended_at or call.started_at)
    )
