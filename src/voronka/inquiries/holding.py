"""Who has an inquiry: since when, and until when it is to be accepted."""

from datetime import datetime, timedelta

from voronka.inquiries.models import Inquiry
from voronka.inquiries.telling import tell_holder
from voronka.people import settings
from voronka.people.queries import directory

FIELDS = ("manager", "assigned_at", "seen_at", "accepted_at", "accept_until")


def give(inquiry: Inquiry, *, to_id: int, by_id: int | None, at: datetime) -> None:
    """Let a person have an inquiry from now on, and save it; the own clock starts anew.

    Who takes it for oneself has accepted it. Anybody else has the working minutes of the
    setting to do so, in the department's time; a head, the end of every chain, has no timer.
    """
    inquiry.manager_id, inquiry.assigned_at = to_id, at
    inquiry.seen_at = inquiry.accepted_at = at if by_id == to_id else None
    inquiry.accept_until = None if by_id == to_id else _deadline(inquiry, to_id, at)
    inquiry.save(update_fields=FIELDS)
    tell_holder(inquiry, by_id=by_id, at=at)


def _deadline(inquiry: Inquiry, to_id: int, at: datetime) -> datetime | None:
    known = settings.all_settings()
    minutes = known["accept_minutes"]
    is_waiting = inquiry.answered_at is None and inquiry.state in ("new", "targeted")
    is_head = any(one.id == to_id and one.role == "head" for one in directory())
    if not minutes or not is_waiting or is_head:
        return None
    return settings.calendar(known).add(at, timedelta(minutes=minutes))
