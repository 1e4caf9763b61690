"""Figures of stages in words: a value as people read it, and as they type it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from voronka.web import formats


def indicator_value(kind: str, unit: str, value: Any) -> str:
    """Write a recorded value: «12 шт», «1 240 000 ₽», «24 ноября», «да»."""
    if kind == "money":
        return formats.rub(int(value))
    if kind == "date":
        return formats.day(date.fromisoformat(value))
    if kind == "flag":
        return _("да") if value else _("нет")
    if kind == "number":
        return f"{_number(value)}{formats.NBSP}{unit}" if unit else _number(value)
    return str(value)


def indicator_typed(kind: str, value: Any) -> str:
    """Write a value as the field of its kind takes it."""
    if kind == "money":
        return formats.amount_field(int(value))
    if kind == "flag":
        return "yes" if value else "no"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    whole, _point, rest = f"{value:.3f}".rstrip("0").rstrip(".").partition(".")
    mark = "," if formats.language() == "ru" else "."
    shown = formats.number(abs(int(whole)))
    return ("−" if value < 0 else "") + shown + (mark + rest if rest else "")
