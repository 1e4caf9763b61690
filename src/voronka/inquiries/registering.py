"""What is done about a stranger: written down as an inquiry, or said to be no customer."""

from datetime import datetime

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.inquiries.intake import NewInquiry, answer_inquiry, register_inquiry
from voronka.inquiries.models import NOT_CUSTOMER_REASONS, Inquiry, NotCustomer
from voronka.inquiries.strangers import Stranger, case_of
from voronka.journal import actions as journal
from voronka.journal.kinds import StrangerDismissed, StrangerReturned
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class NotCustomerReasonError(RefusalError):
    """Why it is no customer's was not said, or with a word that is not on the list."""

    code = "not_customer_reason"


@transaction.atomic
def register_stranger(stranger: Stranger, *, by: Viewer) -> Inquiry:
    """Write down whom we talked to: an inquiry of that moment, of who talked, answered then.

    Whoever left the firm gets nothing: the inquiry is `by`'s, or goes the way of every new
    one where `by` leads all. A second call, also at the same time, gives the same inquiry.

    Raises: PermissionError. Records: InquiryRegistered, InquiryAssigned, InquiryAnswered.
    """
    if not by.may("inquiry", "change"):
        raise PermissionError("inquiry")
    here = Person.objects.filter(pk=stranger.manager_id or 0, is_active=True)
    # What nobody of ours took goes to whoever writes it down, when not every row is theirs.
    own = None if by.reach("inquiry", "change") is None else by.by_id
    is_mail = "@" in stranger.address
    made = register_inquiry(
        NewInquiry(
            channel=stranger.channel,
            phone="" if is_mail else stranger.address,
            mail=stranger.address if is_mail else "",
            external_id=f"stranger:{stranger.channel}:{stranger.row_id}",
            manager_id=here.values_list("pk", flat=True).first() or own,
        ),
        by=by,
        at=stranger.at,
    )
    return answer_inquiry(
        inquiry_id=made.pk,
        by=by,
        at=stranger.answered_at,
        channel=stranger.channel,
        talk_seconds=stranger.talk_seconds or None,
    )


@transaction.atomic
def dismiss_stranger(
    stranger: Stranger, *, reason: str, by: Viewer, at: datetime
) -> NotCustomer:
    """Remember that a number is no customer's; the same again changes nothing.

    Raises: PermissionError, NotCustomerReasonError. Records: StrangerDismissed.
    """
    if not by.may("inquiry", "change"):
        raise PermissionError("inquiry")
    if reason not in NOT_CUSTOMER_REASONS:
        raise NotCustomerReasonError
    mark, is_new = NotCustomer.objects.get_or_create(
        address=stranger.address,
        undone_at=None,
        defaults={
            "channel": stranger.channel, "reason": reason, "at": at, "by_id": by.by_id,
        },
    )  # fmt: skip
    if is_new:
        body = StrangerDismissed(
            channel=stranger.channel, address=stranger.address, reason=reason
        )
        about = journal.About(case=stranger.case, owner_id=stranger.manager_id)
        journal.record(body, about=about, by_id=by.by_id, at=at)
    return mark


@transaction.atomic
def return_stranger(*, mark_id: int, by: Viewer, at: datetime) -> NotCustomer:
    """Take back that a number is no customer's: it is asked about again.

    Raises: NotCustomer.DoesNotExist, also for the mark of somebody out of reach.
    Records: StrangerReturned.
    """
    rows = NotCustomer.objects.select_for_update(of=("self",))
    reach = by.reach("inquiry", "change")
    if reach is not None:
        rows = rows.filter(by_id__in=reach)
    mark = rows.get(pk=mark_id)
    if mark.undone_at is None:
        mark.undone_at = at
        mark.save(update_fields=["undone_at"])
        body = StrangerReturned(channel=mark.channel, address=mark.address, reason=mark.reason)
        about = journal.About(case=case_of(mark.address), owner_id=mark.by_id)
        journal.record(body, about=about, by_id=by.by_id, at=at)
    return mark
