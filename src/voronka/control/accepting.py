"""Accepting a slip: nothing can or need be done, says a person, with a reason, until a day."""

from datetime import date, datetime

from django.db import transaction

from voronka.control.models import Slip
from voronka.control.watch import about_slip
from voronka.foundation.errors import RefusalError
from voronka.journal import actions as journal
from voronka.journal.kinds import SlipClosed
from voronka.journal.viewer import Viewer

REASONS = ("client_asked_later", "slip_is_wrong", "decided_not_to_work", "other")


class AcceptReasonMissingError(RefusalError):
    """Accepting takes a reason, what is known, and a day in the future to look again."""

    code = "accept_reason_missing"


@transaction.atomic
def accept_slip(
    *, slip_id: int, reason: str, known: str, check_on: date, by: Viewer, at: datetime
) -> Slip:
    """Close an open slip with a reason; it opens again after `check_on` if it still stands.

    Raises: Slip.DoesNotExist, AcceptReasonMissingError. Records: SlipClosed.
    """
    slip = Slip.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=slip_id)
    if reason not in REASONS or not known.strip() or check_on <= at.date():
        raise AcceptReasonMissingError
    if slip.closed_at is not None:
        return slip
    slip.closed_at, slip.how, slip.check_on = at, "accepted", check_on
    slip.closing = {"reason": reason, "known": known.strip()[:500], "by": by.by_id}
    slip.save(update_fields=["closed_at", "how", "check_on", "closing"])
    body = SlipClosed(
        slip_id=slip.pk,
        rule=slip.rule,
        version=slip.version,
        money_kopecks=slip.money_kopecks,
        how="accepted",
        evidence_id=None,
        reason=f"{reason}: {known.strip()[:300]}",
    )
    journal.record(body, about=about_slip(slip), by_id=by.by_id, at=at)
    return slip
