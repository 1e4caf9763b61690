"""Absences: vacation, sick leave; and who stands in meanwhile."""

from datetime import date, datetime

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.journal.kinds import AbsencePut
from voronka.journal.viewer import Viewer
from voronka.people.accounts import demand_right
from voronka.people.duty_changes import record_of
from voronka.people.models import Absence, Person

KINDS = ("vacation", "sick", "other")
LONGEST_DAYS = 1100
"""Three years: a parental leave; more is a slip of the pen."""


class BadAbsenceError(RefusalError):
    """Days turned round or too many, an unknown kind, or the person standing in for
    themselves. details: first_on, last_on.
    """

    code = "bad_absence"


@transaction.atomic
def put_absence(
    *,
    person_id: int,
    kind: str,
    first_on: date,
    last_on: date,
    stands_in_id: int | None,
    by: Viewer,
    at: datetime,
) -> Absence:
    """Write down that a person is away, both days included; the same again gives what is
    there.

    Raises: PermissionError, Person.DoesNotExist, BadAbsenceError. Records: AbsencePut.
    """
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    days = (last_on - first_on).days
    if kind not in KINDS or not 0 <= days < LONGEST_DAYS or stands_in_id == person_id:
        raise BadAbsenceError(first_on=first_on.isoformat(), last_on=last_on.isoformat())
    other = Person.objects.get(pk=stands_in_id, is_active=True) if stands_in_id else None
    given = {
        "person": person, "kind": kind, "first_on": first_on, "last_on": last_on,
        "stands_in": other, "cancelled_at": None,
    }  # fmt: skip
    if there := Absence.objects.filter(**given).first():
        return there
    made = Absence.objects.create(**given)
    _record(made, person, by, at)
    return made


@transaction.atomic
def cancel_absence(*, absence_id: int, by: Viewer, at: datetime) -> None:
    """Take an absence back; a second time does nothing.

    Raises: PermissionError, Absence.DoesNotExist. Records: AbsencePut.
    """
    demand_right(by)
    row = (
        Absence.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=absence_id)
    )
    if row.cancelled_at is None:
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        _record(row, row.person, by, at)


def _record(row: Absence, person: Person, by: Viewer, at: datetime) -> None:
    body = AbsencePut(
        name=person.name,
        absence=row.kind,
        first_on=row.first_on.isoformat(),
        last_on=row.last_on.isoformat(),
        stands_in_id=row.stands_in_id,
        is_cancelled=row.cancelled_at is not None,
    )
    record_of(person, body, by, at)
