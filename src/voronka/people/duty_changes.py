"""Changing how people take inquiries: hours, limits and weight, a pause, skills."""

from datetime import datetime

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.worktime import Hours
from voronka.journal import actions as journal
from voronka.journal.kinds import DutyChanged, FactBody, PauseSet, SkillSet
from voronka.journal.viewer import Viewer
from voronka.people.accounts import demand_right
from voronka.people.models import Duty, Person, Skill

TOP_WEIGHT, TOP_LIMIT, TOP_LEVEL = 300, 9999, 3


class BadDutyError(RefusalError):
    """Hours turned round, a weight that cannot be, a limit below nothing, an unknown level."""

    code = "bad_duty"


@transaction.atomic
def set_duty(
    *,
    person_id: int,
    week: list[Hours],
    cap: int | None,
    weight_percent: int,
    most_open: int | None,
    by: Viewer,
    at: datetime,
) -> None:
    """Write a person's hours (empty: the firm's), limits and weight; the same does nothing.

    Raises: PermissionError, Person.DoesNotExist, BadDutyError. Records: DutyChanged.
    """
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    limits = [one for one in (cap, most_open) if one is not None]
    if not _are_hours(week) or not 0 < weight_percent <= TOP_WEIGHT:
        raise BadDutyError
    if any(not 0 <= one <= TOP_LIMIT for one in limits):
        raise BadDutyError
    duty = Duty.objects.filter(person=person).first() or Duty(person=person)
    before = _told(duty)
    duty.week = [list(hours) if hours else None for hours in week]
    duty.cap, duty.weight_percent, duty.most_open = cap, weight_percent, most_open
    if _told(duty) == before:
        return
    duty.save()
    record_of(person, DutyChanged(name=person.name, before=before, after=_told(duty)), by, at)


@transaction.atomic
def set_pause(
    *, person_id: int, is_paused: bool, reason: str, by: Viewer, at: datetime
) -> None:
    """Let a person take no new inquiries, or take them again. The person's own right, and of
    whoever changes their inquiries: the lead, the head.

    Raises: PermissionError, Person.DoesNotExist. Records: PauseSet.
    """
    reach = by.reach("inquiry", "change")
    if reach is not None and person_id not in reach:
        raise PermissionError("person")
    person = Person.objects.select_for_update().get(pk=person_id)
    duty = Duty.objects.filter(person=person).first() or Duty(person=person)
    if bool(duty.paused_at) == is_paused:
        return
    duty.paused_at = at if is_paused else None
    duty.pause_reason = reason.strip()[:200] if is_paused else ""
    duty.save()
    body = PauseSet(name=person.name, is_paused=is_paused, reason=duty.pause_reason)
    record_of(person, body, by, at)


@transaction.atomic
def set_skill(*, person_id: int, skill: str, level: int, by: Viewer, at: datetime) -> None:
    """Write a person's level of a skill, 0 for none; the same does nothing.

    Raises: PermissionError, Person.DoesNotExist, BadDutyError. Records: SkillSet.
    """
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    name = " ".join(skill.split())[:120]
    if not name or not 0 <= level <= TOP_LEVEL:
        raise BadDutyError
    # In Python: SQLite tells Cyrillic capitals from small letters whatever is asked.
    own = {one.name.casefold(): one for one in Skill.objects.filter(person=person)}
    row = own.get(name.casefold())
    was = row.level if row else 0
    if was == level:
        return
    if row is not None and level:
        Skill.objects.filter(pk=row.pk).update(level=level)
    elif row is not None:
        row.delete()
    else:
        Skill.objects.create(person=person, name=name, level=level)
    body = SkillSet(name=person.name, skill=name, level=level, was=was)
    record_of(person, body, by, at)


def record_of(person: Person, body: FactBody, by: Viewer, at: datetime) -> None:
    """Write a fact about how a person takes inquiries; what is kept is asked anew."""
    changed()
    about = journal.About(
        case=f"person:{person.pk}", owner_id=person.pk, team_id=person.team_id
    )
    journal.record(body, about=about, by_id=by.by_id, at=at)


def _told(duty: Duty) -> dict[str, object]:
    return {
        "week": duty.week,
        "cap": duty.cap,
        "weight_percent": duty.weight_percent,
        "most_open": duty.most_open,
    }


def _are_hours(week: list[Hours]) -> bool:
    if not week:
        return True
    sound = all(one is None or 0 <= one[0] < one[1] <= 1440 for one in week)
    # A week without a working day would wait for nobody for ever: that is an absence.
    return len(week) == 7 and sound and any(week)
