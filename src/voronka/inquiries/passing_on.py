"""The accept timer: what its manager does not accept in time goes on to the next."""

from datetime import datetime

from django.db import transaction

from voronka.inquiries.choosing import choose_next, keep_chief
from voronka.inquiries.holding import give
from voronka.inquiries.models import Inquiry, LetPass
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryAssigned, InquiryPassedOn
from voronka.people import settings
from voronka.people.chiefs import all_chiefs, chief_above
from voronka.people.models import Person

AT_ONCE = 500


def pass_on_late(*, now: datetime) -> int:
    """Move every waiting inquiry whose time to accept is over; give how many.

    To the next best while the setting's hops last, then to the team's lead, then to the head,
    where the chain ends; nobody gets it twice. Each is a step of its own: two at once move it
    once, and a second call at the same moment moves nothing. Where nobody is left it stays,
    and the next look tries again. Records: InquiryPassedOn, InquiryAssigned each.
    """
    if not settings.all_settings()["accept_minutes"]:
        return 0
    # Given by a clock that was ahead: not before that moment comes.
    rows = Inquiry.objects.waiting().filter(accept_until__lte=now, assigned_at__lte=now)
    due = rows.order_by("accept_until", "pk").values_list("pk", flat=True)
    return sum(_pass_on(pk, now) for pk in list(due[:AT_ONCE]))


@transaction.atomic
def _pass_on(inquiry_id: int, now: datetime) -> bool:
    """Move one inquiry, unless it was accepted, answered or moved meanwhile."""
    rows = Inquiry.objects.waiting().filter(accept_until__lte=now, manager__isnull=False)
    locked = rows.select_for_update(of=("self",)).filter(pk=inquiry_id)
    inquiry = locked.select_related("source").first()
    if inquiry is None or inquiry.manager is None:
        return False
    held = inquiry.manager
    passed = inquiry.let_pass.values_list("person_id", flat=True)
    without = frozenset([*passed, held.pk])
    to_id, how = _next(inquiry, held, without, len(passed), now)
    if to_id is None:
        return False
    _move(inquiry, held, to_id, how, now)
    return True


def _next(
    inquiry: Inquiry, held: Person, without: frozenset[int], hops: int, now: datetime
) -> tuple[int | None, str]:
    """Give who is next and how: by a decision, or as the lead or head above."""
    if held.role == "manager" and hops < settings.all_settings()["accept_hops"]:
        to_id = choose_next(inquiry, without=without, at=now)
        if to_id is not None:
            last = inquiry.routings.order_by("-pk").values_list("how", flat=True).first()
            return to_id, last or ""
    chiefs = [one for one in all_chiefs() if one.id not in without]
    to_id = chief_above(held, chiefs)
    if to_id is None:
        return None, ""
    is_head = any(one.is_head for one in chiefs if one.id == to_id)
    how = "head" if is_head else "lead"
    keep_chief(inquiry, how=how, to_id=to_id, without=without, at=now)
    return to_id, how


def _move(inquiry: Inquiry, held: Person, to_id: int, how: str, now: datetime) -> None:
    since = inquiry.assigned_at or now
    LetPass.objects.create(inquiry=inquiry, person=held, to_id=to_id, assigned_at=since, at=now)
    calendar = settings.calendar(settings.all_settings())
    body = InquiryPassedOn(
        number=inquiry.number,
        hop=inquiry.let_pass.count(),
        from_id=held.pk,
        to_id=to_id,
        how=how,
        held_seconds=int(calendar.between(since, now).total_seconds()),
    )
    tell(body, inquiry, by_id=None, at=now)
    give(inquiry, to_id=to_id, by_id=None, at=now)
    tell(InquiryAssigned(number=inquiry.number, to_id=to_id), inquiry, by_id=None, at=now)
