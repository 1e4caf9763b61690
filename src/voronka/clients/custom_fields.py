"""Fields that the firm adds itself: typed, without a restart."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from voronka.clients.models import CustomField
from voronka.foundation.errors import RefusalError
from voronka.foundation.money import parse_rubles
from voronka.foundation.recent import changed, recent
from voronka.journal import actions as journal
from voronka.journal.kinds import SettingChanged
from voronka.journal.viewer import Viewer

TABLES = {"client": "clients_client", "deal": "deals_deal"}


class BadFieldError(RefusalError):
    """A custom field has an empty or taken name, or an unknown kind."""

    code = "bad_field"


class BadFieldValueError(RefusalError):
    """The value does not fit the field's kind. details: field, kind, text."""

    code = "bad_field_value"


@transaction.atomic
def define_field(
    *,
    scope: str,
    name: str,
    kind: str,
    by: Viewer,
    at: datetime,
    options: list[str] | None = None,
    is_filter: bool = False,
) -> CustomField:
    """Add a field to all cards of `scope` ("client" or "deal") at once.

    A field used in filters gets an index on its values. The same name and kind again gives
    the field that is there.

    Raises: BadFieldError, PermissionError.
    Records: SettingChanged.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    name = name.strip()[:120]
    known = {"text", "number", "money", "date", "flag", "choice"}
    if not name or kind not in known or scope not in TABLES:
        raise BadFieldError(name=name, kind=kind)
    there = CustomField.objects.filter(scope=scope, name=name, retired_at=None).first()
    if there:
        if there.kind == kind:
            return there
        raise BadFieldError(name=name, kind=there.kind)
    place = CustomField.objects.filter(scope=scope).count()
    made = CustomField.objects.create(
        scope=scope,
        name=name,
        kind=kind,
        options=options or [],
        is_filter=is_filter,
        place=place,
    )
    changed()
    if is_filter:
        _index(made)
    body = SettingChanged(name=f"field:{scope}", before="", after=name)
    journal.record(body, about=journal.About(case=f"field:{made.pk}"), by_id=by.by_id, at=at)
    return made


@transaction.atomic
def retire_field(*, field_id: int, by: Viewer, at: datetime) -> None:
    """Take a field off the cards; its values stay in the rows and in the journal.

    Raises: PermissionError. Records: SettingChanged.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    field = CustomField.objects.get(pk=field_id)
    if CustomField.objects.filter(pk=field_id, retired_at=None).update(retired_at=at):
        changed()
        body = SettingChanged(name=f"field:{field.scope}", before=field.name, after="")
        journal.record(
            body, about=journal.About(case=f"field:{field_id}"), by_id=by.by_id, at=at
        )


def fields_of(scope: str) -> list[CustomField]:
    """List the live fields of "client" or "deal" in their order."""
    return [field for field in _live_fields() if field.scope == scope]


@recent()
def _live_fields() -> list[CustomField]:
    return list(CustomField.objects.filter(retired_at=None).order_by("place", "pk"))


def clean_custom(
    scope: str, given: Mapping[str, Any], *, before: Mapping[str, Any]
) -> dict[str, Any]:
    """Type-check values by field key; "" empties one, fields not given stay.

    Raises: BadFieldValueError.
    """
    merged = dict(before)
    if not given:
        return merged
    for field in fields_of(scope):
        if field.key not in given:
            continue
        value = clean_value(field, given[field.key])
        if value is None:
            merged.pop(field.key, None)
        else:
            merged[field.key] = value
    return merged


def clean_value(field: CustomField, given: Any) -> Any:
    """Turn typed text into the field's value; None when empty. Raises: BadFieldValueError."""
    text = str(given if given is not None else "").strip()
    if not text:
        return None
    try:
        return _READERS[field.kind](text, field)
    except (ValueError, RefusalError):
        raise BadFieldValueError(field=field.name, kind=field.kind, text=text[:100]) from None


def _number(text: str, _: CustomField) -> float | int:
    value = float(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    if value != value or abs(value) > 1e15:
        raise ValueError(text)
    return int(value) if value.is_integer() else value


def _flag(text: str, _: CustomField) -> bool:
    folded = text.casefold()
    if folded in ("да", "yes", "true", "1", "on"):
        return True
    if folded in ("нет", "no", "false", "0", "off"):
        return False
    raise ValueError(text)


def _choice(text: str, field: CustomField) -> str:
    if field.options and text not in field.options:
        raise ValueError(text)
    return text


_READERS: dict[str, Any] = {
    "text": lambda text, _: text[:2000],
    "number": _number,
    "money": lambda text, _: parse_rubles(text),
    "date": lambda text, _: date.fromisoformat(text).isoformat(),
    "flag": _flag,
    "choice": _choice,
}


def _index(field: CustomField) -> None:
    table, name = TABLES[field.scope], f"custom_{field.scope}_{field.pk}"
    value = (
        f"(custom ->> '{field.key}')"
        if connection.vendor == "postgresql"
        else f"(json_extract(custom, '$.{field.key}'))"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # An index cannot be made while deferred checks of the same transaction wait.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"CREATE INDEX {name} ON {table} ({value})")
