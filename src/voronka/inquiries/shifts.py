"""Who is on shift, who is away, and how much each has: for the page of shifts."""

from dataclasses import dataclass
from datetime import date, datetime

from voronka.inquiries.sellers import open_work, taken_since
from voronka.people import settings
from voronka.people.calendars import calendar_of_person
from voronka.people.duties import USUAL, DutyRow, duties
from voronka.people.queries import Seller, directory

STATES = ("on", "off", "paused", "absent")


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A person who sells, as of a moment. `state`: one of STATES; `starts_at`: when the next
    shift begins, for "off"; `back_after`: the last day away, for "absent"; `cap`: inquiries a
    day, None for none.
    """

    who: Seller
    duty: DutyRow
    state: str
    cap: int | None
    starts_at: datetime | None = None
    back_after: date | None = None


def shifts(*, at: datetime) -> list[ShiftRow]:
    """List everybody who sells, those at work first; no query beyond what is kept."""
    rows = [_row(one, at) for one in directory() if one.sells]
    return sorted(rows, key=lambda one: (STATES.index(one.state), one.who.name))


def loads(*, at: datetime) -> dict[int, tuple[int, int]]:
    """Give what each was given today and has open; three queries."""
    firm = settings.calendar(settings.all_settings())
    taken, work = taken_since(firm.midnight(firm.day_of(at))), open_work()
    return {pk: (taken[pk], work[pk]) for pk in {*taken, *work}}


def _row(one: Seller, at: datetime) -> ShiftRow:
    known, duty = settings.all_settings(), duties().get(one.id, USUAL)
    cap = duty.cap if duty.cap is not None else known["routing_cap"] or None
    today = settings.calendar(known).day_of(at)
    if away := duty.away_on(today):
        return ShiftRow(one, duty, "absent", cap, back_after=away.last_on)
    opens = calendar_of_person(one.id).next_opening(at)
    if duty.paused_at is not None:
        return ShiftRow(one, duty, "paused", cap)
    if opens > at:
        return ShiftRow(one, duty, "off", cap, starts_at=opens)
    return ShiftRow(one, duty, "on", cap)
