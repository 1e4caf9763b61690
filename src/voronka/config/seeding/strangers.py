"""Numbers past the base: some not written down yet, some written late, one a supplier's."""

from datetime import timedelta

from voronka.config.seeding.arrivals import InquiryPlan
from voronka.config.seeding.axis import DAY, HOUR, MINUTE
from voronka.config.seeding.department import Seller
from voronka.config.seeding.ledger import Entry
from voronka.config.seeding.world import Past, World
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import NotCustomer
from voronka.inquiries.strangers import case_of
from voronka.journal.actions import About
from voronka.journal.kinds import StrangerDismissed
from voronka.people import settings as people_settings

# How long ago in working time, the direction, the number, the talk's seconds, whose.
UNWRITTEN = (
    (35 * MINUTE, "in", "+79000059245", 98, 9),
    (80 * MINUTE, "out", "+79000057716", 214, 0),
    (DAY + 2 * HOUR, "in", "+79000056308", 372, 7),
    (2 * DAY + 3 * HOUR, "in", "+79000051170", 145, 2),
    (4 * DAY + HOUR, "out", "+79000054482", 266, 6),
    (6 * DAY + 5 * HOUR, "in", "+79000058861", 83, 2),
)
SUPPLIER = (3 * DAY, "in", "+79000052209", 187, 7)
LATE_ONE_OF = 5
"""One of so many direct calls of new numbers was written down only after its day."""

Talk = tuple[int, str, str, int, Seller]


def unwritten(world: World) -> list[Talk]:
    """Give the talks that no inquiry follows: position, direction, number, seconds, whose."""
    sellers = world.department.sellers
    return [
        (world.axis.now - ago, direction, phone, seconds, sellers[n % len(sellers)])
        for ago, direction, phone, seconds, n in (*UNWRITTEN, SUPPLIER)
    ]


def set_supplier_aside(world: World) -> None:
    """Remember the supplier's number as no customer's. Records: StrangerDismissed."""
    ago, _direction, phone, _seconds, n = SUPPLIER
    sellers = world.department.sellers
    seller, at = sellers[n % len(sellers)], world.axis.now - ago + 20 * MINUTE
    NotCustomer.objects.create(
        channel="call",
        address=phone,
        reason="supplier",
        at=world.axis.moment(at),
        by_id=seller.id,
    )
    body = StrangerDismissed(channel="call", address=phone, reason="supplier")
    about = About(case=case_of(phone), owner_id=seller.id)
    world.ledger.add(world.axis.epoch(at), body, about, seller.id)


def written_late(world: World, plan: InquiryPlan, number: int, entry: Entry) -> None:
    """Note that an inquiry was written down only the day after its talk, as a past slip."""
    is_one = number % LATE_ONE_OF == 0 and plan.is_direct and not plan.is_known
    if not is_one or plan.seller is None or not world.is_recent(plan.arrived):
        return
    at, calendar = world.axis.moment(plan.arrived), _calendar()
    since = calendar.closing(at)
    closed = calendar.add(since, timedelta(seconds=HOUR + plan.arrived % (3 * HOUR)))
    if closed > world.axis.moment(world.axis.now):
        return
    evidence = {
        "channel": "call", "address": plan.phone, "at": at.isoformat(), "direction": "in",
        "talk": 60 + number % 240, "times": 1, "proof": "", "amount": 0,
    }  # fmt: skip
    past = Past(
        rule="unregistered",
        subject=case_of(plan.phone),
        seller_id=plan.seller.id,
        since=int(since.timestamp()),
        closing=entry,
        closed=int(closed.timestamp()),
        amount=None,
        stage_id=None,
        evidence=evidence,
    )
    world.past.append(past)


def _calendar() -> WorkCalendar:
    return people_settings.calendar(people_settings.all_settings())
