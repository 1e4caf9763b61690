"""Accepting an inquiry: its manager says "mine" in time, or at least has seen it."""

from datetime import datetime

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.inquiries.holding import give
from voronka.inquiries.models import Inquiry
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryAccepted, InquiryAssigned, InquirySeen
from voronka.journal.viewer import Viewer
from voronka.people import settings


class NotYoursToAcceptError(RefusalError):
    """Somebody else has the inquiry: it can be handed over, not accepted."""

    code = "not_yours_to_accept"


@transaction.atomic
def accept_inquiry(*, inquiry_id: int, by: Viewer, at: datetime) -> Inquiry:
    """Accept an inquiry, so that it goes to nobody else; what nobody has, one takes.

    A second press does nothing. Raises: Inquiry.DoesNotExist, NotYoursToAcceptError.
    Records: InquiryAccepted, or InquiryAssigned when nobody had it.
    """
    rows = Inquiry.objects.changeable_by(by).select_for_update(of=("self",))
    inquiry = rows.get(pk=inquiry_id)
    if inquiry.manager_id is None and by.by_id:
        give(inquiry, to_id=by.by_id, by_id=by.by_id, at=at)
        body = InquiryAssigned(number=inquiry.number, to_id=by.by_id)
        tell(body, inquiry, by_id=by.by_id, at=at)
    elif inquiry.manager_id != by.by_id:
        raise NotYoursToAcceptError
    take_in_hand(inquiry, by=by, at=at)
    return inquiry


def take_in_hand(inquiry: Inquiry, *, by: Viewer, at: datetime) -> None:
    """Note that its manager works on a locked inquiry: the timer stops. Of others: nothing.

    Records: InquiryAccepted, once per assignment.
    """
    if inquiry.accepted_at or inquiry.answered_at or inquiry.manager_id != by.by_id:
        return
    inquiry.accepted_at, inquiry.accept_until = at, None
    inquiry.save(update_fields=["accepted_at", "accept_until"])
    body = InquiryAccepted(number=inquiry.number, notify_seconds=_since_given(inquiry, at))
    tell(body, inquiry, by_id=by.by_id, at=at)


@transaction.atomic
def see_inquiry(*, inquiry_id: int, by: Viewer, at: datetime) -> bool:
    """Note that its manager opened an inquiry that waits, the first time; False otherwise.

    Seeing alone stops no timer. Records: InquirySeen, once per assignment.
    """
    mine = Inquiry.objects.waiting().filter(pk=inquiry_id, manager_id=by.person_id)
    if not mine.filter(seen_at=None).update(seen_at=at):
        return False
    inquiry = mine.select_related("manager").get()
    body = InquirySeen(number=inquiry.number, notify_seconds=_since_given(inquiry, at))
    tell(body, inquiry, by_id=by.by_id, at=at)
    return True


def _since_given(inquiry: Inquiry, at: datetime) -> int:
    calendar = settings.calendar(settings.all_settings())
    return int(calendar.between(inquiry.assigned_at or at, at).total_seconds())
