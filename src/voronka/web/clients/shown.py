"""How custom values are shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from voronka.web import formats


class Field(Protocol):
    """What is shown of a custom field."""

    name: str
    kind: str

    @property
    def key(self) -> str:
        """Under which name a card holds the value."""


def custom_lines(values: Mapping[str, Any], fields: Iterable[Field]) -> list[tuple[str, Any]]:
    """List the filled custom fields with their values in words."""
    return [
        (field.name, _shown(field.kind, values[field.key]))
        for field in fields
        if values.get(field.key) not in (None, "")
    ]


def _shown(kind: str, value: Any) -> Any:
    if kind == "money":
        return formats.rub(int(value))
    if kind == "flag":
        return _("да") if value else _("нет")
    if kind == "date":
        return formats.day(date.fromisoformat(str(value)))
    return formats.number(value) if kind == "number" else value
