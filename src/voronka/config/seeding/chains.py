"""Inquiries that went on because nobody accepted them: past ones, and one that is under way."""

from datetime import datetime, timedelta
from typing import Any

from voronka.config.seeding.arrivals import InquiryPlan
from voronka.config.seeding.axis import MINUTE
from voronka.config.seeding.department import Seller
from voronka.config.seeding.world import World
from voronka.inquiries.choosing import choose_manager
from voronka.inquiries.holding import give
from voronka.inquiries.models import Inquiry
from voronka.inquiries.passing_on import pass_on_late
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryAssigned
from voronka.people import settings

ACCEPT = 5 * MINUTE
GIVEN_AFTER = MINUTE
LET_PASS = ("id", "inquiry_id", "person_id", "to_id", "assigned_at", "at")
SINCE = 21 * 9 * 60 * MINUTE
"""Past chains are those of the last working month."""


def let_pass_by(world: World, plan: InquiryPlan, number: int) -> Seller | None:
    """Tell who let a past inquiry pass, every ninth of those that took long to be answered.

    Then it came to who answered it when the time to accept was over.
    """
    late = plan.arrived + GIVEN_AFTER + ACCEPT
    is_recent = plan.arrived > world.axis.now - SINCE
    if number % 9 or not (is_recent and plan.assigned and plan.seller):
        return None
    if plan.is_known or plan.answered < late + MINUTE:
        return None
    sellers = world.department.sellers
    # The busiest ones forget most.
    found = sellers[number // 9 % max(1, len(sellers) // 3)]
    if found.id == plan.seller.id:
        return None
    plan.assigned = late
    return found


def let_pass_row(
    world: World, plan: InquiryPlan, pk: int, inquiry_id: int, by: Seller
) -> tuple[Any, ...]:
    """Give the row of who let it pass, in the order of LET_PASS."""
    given = world.axis.moment(plan.arrived + GIVEN_AFTER)
    to_id = plan.seller.id if plan.seller else by.id
    return (pk, inquiry_id, by.id, to_id, given, world.axis.moment(plan.assigned))


def give_out(*, now: datetime) -> None:
    """Route the newest inquiries that nobody has: one timer runs, one has gone on once.

    Nothing happens where routing or the timer is off. By the doors that people use.
    """
    known = settings.all_settings()
    if not known["routing_on"] or not known["accept_minutes"]:
        return
    calendar = settings.calendar(known)
    soon, until = timedelta(seconds=140), timedelta(minutes=known["accept_minutes"])
    free = Inquiry.objects.waiting().filter(manager=None, batch_id__isnull=False)
    for inquiry in free.order_by("arrived_at", "pk"):
        at = calendar.add(inquiry.arrived_at, soon)
        to_id = choose_manager(inquiry, at=at)
        if to_id is None or at > now:
            continue
        give(inquiry, to_id=to_id, by_id=None, at=at)
        body = InquiryAssigned(number=inquiry.number, to_id=to_id)
        tell(body, inquiry, by_id=None, at=at)
        over = calendar.add(at, until)
        if over <= now:
            pass_on_late(now=over)
