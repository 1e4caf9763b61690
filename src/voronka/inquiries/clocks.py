"""The clocks of an inquiry: how long it waited for a human, and where the wait went. Pure.

The company's clock runs from arrival, the person's from the latest assignment; both in working
time, and both stop at the first answer. Whoever still waits has waited until now.
"""

from dataclasses import dataclass
from datetime import datetime

from voronka.foundation.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Clocks:
    """Whole working seconds. The company's are exactly those of the three parts together.

    `assign_seconds`: until it came to who has it; `notify_seconds`: until that person saw or
    accepted it; `react_seconds`: until the answer. `person_seconds` is None: nobody has it.
    """

    company_seconds: int
    person_seconds: int | None
    assign_seconds: int
    notify_seconds: int
    react_seconds: int


def clocks_of(
    *,
    arrived_at: datetime,
    until: datetime,
    company: WorkCalendar,
    assigned_at: datetime | None = None,
    seen_at: datetime | None = None,
    person: WorkCalendar | None = None,
) -> Clocks:
    """Work out the clocks at the answer, or at the moment `until` for who still waits.

    The parts go by the company's calendar, the person's clock by `person` (shifts, absences),
    or by the company's without one. What a clock set back turns round counts as nothing.
    """
    given = min(assigned_at or until, until)
    seen = min(max(seen_at or until, given), until)
    assign, notify, whole = (
        int(company.between(arrived_at, moment).total_seconds())
        for moment in (given, seen, until)
    )
    own = None
    if assigned_at is not None:
        own = int((person or company).between(assigned_at, until).total_seconds())
    return Clocks(whole, own, assign, notify - assign, whole - notify)
