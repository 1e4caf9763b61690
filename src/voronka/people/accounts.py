"""Accounts: roles and teams, the day somebody leaves and the day somebody returns."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.journal import actions as journal
from voronka.journal.kinds import PersonChanged
from voronka.journal.viewer import Viewer
from voronka.people.models import Invitation, Person, Team
from voronka.people.rights import Role


class WeakPasswordError(RefusalError):
    """The password is too short, too common or only digits."""

    code = "weak_password"


class BadPersonError(RefusalError):
    """An account needs a name, an own mail address and a known role."""

    code = "bad_person"


class LastAdministratorError(RefusalError):
    """Somebody must be left who can administer."""

    code = "last_administrator"


@transaction.atomic
def change_person(
    *,
    person_id: int,
    role: str,
    team_id: int | None,
    name: str,
    extension: str | None = None,
    by: Viewer,
    at: datetime,
) -> Person:
    """Change a person's name, role, team and, where given, the extension on which the
    exchange rings them; nothing changed records nothing.

    Raises: PermissionError, Person.DoesNotExist, BadPersonError, LastAdministratorError.
    Records: PersonChanged.
    """
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    if role not in set(Role) or not name.strip() or not _is_team(team_id):
        raise BadPersonError
    extension = person.extension if extension is None else extension.strip()[:12]
    before = (person.role, person.team_id, person.name, person.extension)
    if before == (role, team_id, name.strip(), extension):
        return person
    if person.role == Role.ADMINISTRATOR and role != Role.ADMINISTRATOR:
        _demand_another_administrator(person)
    person.role, person.team_id, person.name = role, team_id, name.strip()[:120]
    person.extension = extension
    person.save(update_fields=["role", "team", "name", "extension"])
    record(person, f"{before} → {(role, team_id, person.name, extension)}", by, at)
    return person


@transaction.atomic
def dismiss_person(*, person_id: int, by: Viewer, at: datetime) -> Person:
    """Block an account: no sign-in, all sessions end. The rows stay with their history.

    Raises: PermissionError, Person.DoesNotExist, LastAdministratorError.
    Records: PersonChanged.
    """
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    if not person.is_active:
        return person
    if person.role == Role.ADMINISTRATOR:
        _demand_another_administrator(person)
    person.is_active, person.dismissed_at = False, at
    person.save(update_fields=["is_active", "dismissed_at"])
    Invitation.objects.filter(person=person, used_at=None).update(used_at=at)
    end_sessions(person.pk)
    record(person, "dismissed", by, at)
    return person


@transaction.atomic
def return_person(*, person_id: int, by: Viewer, at: datetime) -> Person:
    """Open a blocked account again. Raises: PermissionError, Person.DoesNotExist."""
    demand_right(by)
    person = Person.objects.select_for_update().get(pk=person_id)
    if not person.is_active:
        person.is_active, person.dismissed_at = True, None
        person.save(update_fields=["is_active", "dismissed_at"])
        record(person, "returned", by, at)
    return person


def change_own(*, person_id: int, language: str) -> None:
    """Write the language that a person reads; an unknown one is ignored."""
    if language in ("ru", "en"):
        Person.objects.filter(pk=person_id).update(language=language)


def end_sessions(person_id: int) -> int:
    """End every session of a person; give how many there were."""
    ended = 0
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person_id):
            session.delete()
            ended += 1
    return ended


def new_person(name: str, email: str, role: str, team_id: int | None) -> Person:
    """Make an unsaved account. Raises: BadPersonError."""
    email = email.strip().casefold()
    taken = Person.objects.filter(email__iexact=email).exists()
    is_sound = "@" in email and role in set(Role) and _is_team(team_id)
    if not name.strip() or taken or not is_sound:
        raise BadPersonError(email=email, taken=taken)
    return Person(name=name.strip()[:120], email=email, role=role, team_id=team_id)


def _is_team(team_id: int | None) -> bool:
    return team_id is None or Team.objects.filter(pk=team_id).exists()


def set_password(person: Person, password: str) -> None:
    """Check and set a password, unsaved. Raises: WeakPasswordError."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WeakPasswordError(why="; ".join(error.messages)) from None
    person.set_password(password)


def demand_right(by: Viewer) -> None:
    """Raise PermissionError unless `by` may change accounts."""
    if not by.may("person", "change"):
        raise PermissionError("person")


def _demand_another_administrator(person: Person) -> None:
    others = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    if not others.exclude(pk=person.pk).exists():
        raise LastAdministratorError


def record(person: Person, what: str, by: Viewer | None, at: datetime) -> None:
    """Write PersonChanged; names and menus follow at once."""
    changed()
    about = journal.About(
        case=f"person:{person.pk}", owner_id=person.pk, team_id=person.team_id
    )
    body = PersonChanged(name=person.name, what=what)
    journal.record(body, about=about, by_id=by.by_id if by else None, at=at)
