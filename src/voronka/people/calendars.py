"""The working time of one person: the firm's hours or own ones, without the absences.

A person's clock runs in it (`calendar_of_person(...).between(...)`); the firm's runs in
`settings.calendar`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from voronka.foundation.worktime import Hours, WorkCalendar
from voronka.people import settings
from voronka.people.duties import DutyRow, duty_of


def calendar_of_person(person_id: int | None) -> WorkCalendar:
    """Give a person's working calendar; None, and whoever has nothing of their own: the
    firm's, the very same one. No query beyond what is kept.

    Own hours stand on usual days. On a feast nobody works; on a worked Saturday, and on a day
    before a feast, that is an hour shorter, own hours are those of the weekday.
    """
    return calendar_of_duty(duty_of(person_id or 0))


def calendar_of_duty(duty: DutyRow) -> WorkCalendar:
    """Give the working calendar of somebody who takes inquiries so; see above."""
    firm = settings.calendar(settings.all_settings())
    if not duty.week and not duty.absences:
        return firm
    spans = tuple((one.first_on, one.last_on) for one in duty.absences)
    return _calendar(firm, duty.week, spans)


# Laying out the days of three years costs milliseconds: those who work alike share them.
@lru_cache(maxsize=1024)
def _calendar(
    firm: WorkCalendar, week: tuple[Hours, ...], spans: tuple[tuple[date, date], ...]
) -> WorkCalendar:
    days = _OwnDays(firm.days, firm.week, week or firm.week, spans)
    return WorkCalendar(firm.zone, week or firm.week, days, firm.lunch)


@dataclass(frozen=True, slots=True)
class _OwnDays(Mapping[date, Hours]):
    """Single days that differ from a person's week."""

    firm: Mapping[date, Hours]
    usual: tuple[Hours, ...]
    week: tuple[Hours, ...]
    spans: tuple[tuple[date, date], ...]

    def __getitem__(self, day: date) -> Hours:
        if any(first <= day <= last for first, last in self.spans):
            return None
        hours = self.firm[day]
        if hours is None or self.week == self.usual:
            return hours
        return self._own(day, hours)

    def _own(self, day: date, hours: tuple[int, int]) -> Hours:
        """Turn the firm's hours of a special day into the person's."""
        usual = self.usual[day.weekday()]
        own = self.week[day.weekday()]
        if usual is None:
            # A worked Saturday: as long as the person's usual day, if it is one for them.
            longest = [one for one in self.week[:5] if one]
            return own or (longest[0] if longest else None)
        shorter = (usual[1] - usual[0]) - (hours[1] - hours[0])
        if own is None or own[1] - shorter <= own[0]:
            return own
        return own[0], own[1] - shorter

    def __iter__(self) -> Iterator[date]:
        seen = set(self.firm)
        for first, last in self.spans:
            seen |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
        return iter(sorted(seen))

    def __len__(self) -> int:
        return len(list(iter(self)))
