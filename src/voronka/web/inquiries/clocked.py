"""An inquiry as the queue and its page show it: both clocks, the timer, and who is next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.chains import Chain, Next, next_of
from voronka.inquiries.clocks import Clocks, clocks_of
from voronka.inquiries.queries import InquiryRow
from voronka.people.calendars import calendar_of_person
from voronka.people.settings import calendar as calendar_of


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in working seconds beside the norm; it stops at the first answer."""

    seconds: int
    norm_seconds: int

    @property
    def tone(self) -> str:
        """Say how the clock stands: "", warn near the norm, bad past it."""
        if self.seconds > self.norm_seconds:
            return "bad"
        return "warn" if self.seconds > self.norm_seconds * 0.6 else ""

    @property
    def width(self) -> int:
        """Give the filled part of the clock's bar in percent."""
        return min(100, round(100 * self.seconds / self.norm_seconds))


@dataclass(frozen=True, slots=True)
class Timer:
    """What is left to accept an inquiry, in working seconds, and to whom it goes then."""

    left_seconds: int
    whole_seconds: int
    until: datetime
    following: Next


@dataclass(frozen=True, slots=True)
class Clocked:
    """An inquiry with its clocks; without a person there is no own clock."""

    row: InquiryRow
    clocks: Clocks
    company: Clock
    own: Clock | None
    timer: Timer | None
    chain: Chain

    @property
    def tone(self) -> str:
        """Say how the company's clock stands."""
        return self.company.tone


def clocked(
    row: InquiryRow, known: dict[str, Any], at: datetime, chain: Chain | None = None
) -> Clocked:
    """Work out the clocks and the timer of an inquiry at the moment `at`."""
    calendar, norm = calendar_of(known), max(60, known["answer_norm_minutes"] * 60)
    chain = chain or Chain()
    looks = [moment for moment in (row.seen_at, row.accepted_at) if moment]
    clocks = clocks_of(
        arrived_at=row.arrived_at,
        until=row.answered_at or at,
        company=calendar,
        assigned_at=row.assigned_at,
        seen_at=min(looks, default=None),
        person=calendar_of_person(row.manager_id),
    )
    own = None if clocks.person_seconds is None else Clock(clocks.person_seconds, norm)
    company = Clock(clocks.company_seconds, norm)
    return Clocked(row, clocks, company, own, _timer(row, calendar, at, known, chain), chain)


def _timer(
    row: InquiryRow, calendar: WorkCalendar, at: datetime, known: dict[str, Any], chain: Chain
) -> Timer | None:
    if row.accept_until is None or not row.is_waiting or not known["accept_minutes"]:
        return None
    left = int(calendar.between(at, row.accept_until).total_seconds())
    whole = known["accept_minutes"] * 60
    return Timer(left, max(left, whole), row.accept_until, next_of(row, chain))
