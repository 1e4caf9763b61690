"""How an account gets its password: the first run's single-use token, and invitations."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people.accounts import demand_right, new_person, record, set_password
from voronka.people.models import Invitation, Person, Setting
from voronka.people.rights import Role

INVITATION_DAYS = 3
FIRST_RUN = "first_run_hash"


class BadTokenError(RefusalError):
    """The link is used up, out of date, or was never given."""

    code = "bad_token"


def prepare_first_run() -> str | None:
    """Make the single-use token of the first-run page; None when somebody has an account."""
    if _has_accounts():
        return None
    token = secrets.token_urlsafe(24)
    Setting.objects.update_or_create(name=FIRST_RUN, defaults={"value": _hash(token)})
    return token


def is_first_run(token: str) -> bool:
    """Say whether the token opens the first-run page."""
    row = Setting.objects.filter(name=FIRST_RUN).first()
    return bool(row) and secrets.compare_digest(str(row.value), _hash(token)) if row else False


@transaction.atomic
def make_first_administrator(
    *, token: str, name: str, email: str, password: str, at: datetime
) -> Person:
    """Make the administrator of an empty installation and use the token up.

    Raises: BadTokenError, BadPersonError, WeakPasswordError; none leaves a trace.
    Records: PersonChanged.
    """
    row = Setting.objects.select_for_update().filter(name=FIRST_RUN).first()
    if row is None or not is_first_run(token) or _has_accounts():
        raise BadTokenError
    person = new_person(name, email, Role.ADMINISTRATOR.value, None)
    set_password(person, password)
    person.save()
    row.delete()
    record(person, "first administrator", None, at)
    return person


@transaction.atomic
def invite_person(
    *, name: str, email: str, role: str, team_id: int | None, by: Viewer, at: datetime
) -> tuple[Person, str]:
    """Make an account without a password and a link's token that sets one within three days.

    Raises: PermissionError, BadPersonError. Records: PersonChanged.
    """
    demand_right(by)
    person = new_person(name, email, role, team_id)
    person.set_unusable_password()
    person.save()
    record(person, f"invited as {role}", by, at)
    return person, _invitation(person, at)


@transaction.atomic
def renew_invitation(*, person_id: int, by: Viewer, at: datetime) -> str:
    """Give a new single-use link, also for a forgotten password; older links stop working.

    Raises: PermissionError, Person.DoesNotExist. Records: PersonChanged.
    """
    demand_right(by)
    person = Person.objects.get(pk=person_id, is_active=True)
    Invitation.objects.filter(person=person, used_at=None).update(used_at=at)
    record(person, "new link", by, at)
    return _invitation(person, at)


@transaction.atomic
def accept_invitation(*, token: str, password: str, at: datetime) -> Person:
    """Set the password by a link and use the link up.

    Raises: BadTokenError, WeakPasswordError; none leaves a trace. Records: PersonChanged.
    """
    rows = Invitation.objects.select_related("person").select_for_update(of=("self",))
    invitation = rows.filter(token_hash=_hash(token), used_at=None, expires_at__gt=at).first()
    if invitation is None or not invitation.person.is_active:
        raise BadTokenError
    set_password(invitation.person, password)
    invitation.person.save(update_fields=["password"])
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    record(invitation.person, "password set", None, at)
    return invitation.person


def _has_accounts() -> bool:
    """People of examples and of imported files have no account yet."""
    return Person.objects.filter(batch_id=None).exists()


def _invitation(person: Person, at: datetime) -> str:
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        person=person,
        token_hash=_hash(token),
        made_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
