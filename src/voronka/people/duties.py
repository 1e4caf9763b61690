"""How people take inquiries: hours, limits, weight, a pause, absences, skills."""

from dataclasses import dataclass, field
from datetime import date, datetime

from voronka.foundation.recent import recent
from voronka.foundation.worktime import Hours
from voronka.people import settings
from voronka.people.models import Absence, Duty, Skill

FULL = 100
"""The weight of somebody who takes a full load, in percent."""


@dataclass(frozen=True, slots=True)
class Away:
    """An absence: days, both included, and who stands in."""

    id: int
    kind: str
    first_on: date
    last_on: date
    stands_in_id: int | None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """How a person takes inquiries; the defaults are those of somebody without a row.

    `week`: seven days' working minutes, empty for the firm's hours.
    """

    week: tuple[Hours, ...] = ()
    cap: int | None = None
    weight_percent: int = FULL
    most_open: int | None = None
    paused_at: datetime | None = None
    pause_reason: str = ""
    absences: tuple[Away, ...] = ()
    skills: dict[str, int] = field(default_factory=dict)

    def away_on(self, day: date) -> Away | None:
        """Give the absence that covers a day."""
        return next((one for one in self.absences if one.first_on <= day <= one.last_on), None)


USUAL = DutyRow()


@recent()
def duties() -> dict[int, DutyRow]:
    """Give how everybody takes inquiries by person; who is not named is as usual. Three
    queries, kept.
    """
    absences: dict[int, list[Away]] = {}
    rows = Absence.objects.filter(cancelled_at=None).order_by("first_on", "pk")
    for one in rows:
        away = Away(one.pk, one.kind, one.first_on, one.last_on, one.stands_in_id)
        absences.setdefault(one.person_id, []).append(away)
    skills: dict[int, dict[str, int]] = {}
    for pk, name, level in Skill.objects.order_by("name").values_list(
        "person_id", "name", "level"
    ):
        skills.setdefault(pk, {})[name] = level
    own = {one.person_id: one for one in Duty.objects.all()}
    return {
        pk: _row(own.get(pk) or Duty(), absences.get(pk, []), skills.get(pk, {}))
        for pk in {*own, *absences, *skills}
    }


def duty_of(person_id: int) -> DutyRow:
    """Give how a person takes inquiries."""
    return duties().get(person_id, USUAL)


def there_or_stand_in(person_id: int, at: datetime) -> int | None:
    """Give the person, while absent who stands in for them; None: nobody is there."""
    day = settings.calendar(settings.all_settings()).day_of(at)
    away = duty_of(person_id).away_on(day)
    if away is None:
        return person_id
    other_id = away.stands_in_id
    return None if other_id is None or duty_of(other_id).away_on(day) else other_id


def _row(duty: Duty, absences: list[Away], skills: dict[str, int]) -> DutyRow:
    return DutyRow(
        tuple((hours[0], hours[1]) if hours else None for hours in duty.week),
        duty.cap,
        duty.weight_percent,
        duty.most_open,
        duty.paused_at,
        duty.pause_reason,
        tuple(absences),
        skills,
    )
