"""Keys of programs: made once, shown once, each for named doors only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed, recent
from voronka.journal import actions as journal
from voronka.journal.kinds import ApiKeyChanged
from voronka.journal.viewer import Viewer
from voronka.people.models import ApiKey

SCOPES = ("inquiries", "route", "telephony")
NOTED_EVERY = timedelta(minutes=10)


class BadKeyError(RefusalError):
    """A key needs a name and at least one door."""

    code = "bad_key"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A program's key as pages show it; the secret is never there."""

    id: int
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    used_at: datetime | None


@transaction.atomic
def make_key(*, name: str, scopes: list[str], by: Viewer, at: datetime) -> str:
    """Make a key for some doors; give the secret, which nobody can read again.

    Raises: PermissionError, BadKeyError. Records: ApiKeyChanged.
    """
    _demand_right(by)
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not name.strip() or not wanted:
        raise BadKeyError
    token = f"vk_{secrets.token_urlsafe(24)}"
    key = ApiKey.objects.create(
        name=name.strip()[:120],
        token_hash=_hash(token),
        scopes=wanted,
        made_at=at,
        made_by_id=by.by_id,
    )
    _tell(key, "made", by, at)
    return token


@transaction.atomic
def revoke_key(*, key_id: int, by: Viewer, at: datetime) -> None:
    """Take a key back: it opens nothing from now on. A second time does nothing.

    Raises: PermissionError, ApiKey.DoesNotExist. Records: ApiKeyChanged.
    """
    _demand_right(by)
    key = ApiKey.objects.select_for_update().get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        _tell(key, "revoked", by, at)


def key_for(token: str, scope: str) -> KeyRow | None:
    """Give the key that opens this door; None when it does not, or is taken back."""
    key = _known().get(_hash(token)) if token else None
    return key if key is not None and scope in key.scopes else None


def note_use(key: KeyRow, *, at: datetime) -> None:
    """Remember that a key is in use, to ten minutes."""
    if key.used_at is None or at - key.used_at >= NOTED_EVERY:
        stale = Q(used_at=None) | Q(used_at__lt=at - NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.id).update(used_at=at)
        _known.forget()


def keys() -> list[KeyRow]:
    """List the keys that open something, the newest first."""
    rows = ApiKey.objects.filter(revoked_at=None).order_by("-pk")
    return [_row(key) for key in rows]


@recent()
def _known() -> dict[str, KeyRow]:
    rows = ApiKey.objects.filter(revoked_at=None)
    return {key.token_hash: _row(key) for key in rows}


def _row(key: ApiKey) -> KeyRow:
    return KeyRow(key.pk, key.name, tuple(key.scopes), key.made_at, key.used_at)


def _tell(key: ApiKey, what: str, by: Viewer, at: datetime) -> None:
    changed()
    body = ApiKeyChanged(key_id=key.pk, name=key.name, what=what, scopes=", ".join(key.scopes))
    journal.record(body, about=journal.About(case=f"api_key:{key.pk}"), by_id=by.by_id, at=at)


def _demand_right(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
