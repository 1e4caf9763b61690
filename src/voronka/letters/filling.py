"""Filling a template: each {name} becomes what is known; what is not known stays to be seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES: dict[str, tuple[str, str]] = {
    "client": ("клиент", "client"),
    "contact": ("имя", "name"),
    "deal": ("сделка", "deal"),
    "number": ("номер", "number"),
    "amount": ("сумма", "amount"),
    "manager": ("менеджер", "manager"),
    "mail": ("почта", "mail"),
    "company": ("фирма", "company"),
    "today": ("сегодня", "today"),
}
"""What may stand in a template: how it is written in Russian and in English; both always go."""
_KNOWN = {word: key for key, both in NAMES.items() for word in both}
_PLACE = re.compile(r"\{([^{}\n]{1,60})\}")
_BREAKS = re.compile(r"[\r\n\u0085\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its places filled; `missing`: what is not known, in the order of the text."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put `values` (by the keys of NAMES) into a text.

    A value goes in as it stands, in one line: a brace in it opens no place. A place of which
    nothing is known stays as it was written, and so does one that nobody knows.
    """
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        key = _KNOWN.get(_word(found))
        value = _BREAKS.sub(" ", values.get(key or "", "")).strip()
        if key and not value:
            missing[found[0]] = None
        return value or found[0]

    return Filled(_PLACE.sub(put, text), tuple(missing))


def unknown_places(text: str) -> tuple[str, ...]:
    """List what stands in braces and means nothing here, in order, without repeats."""
    found = (one[1].strip() for one in _PLACE.finditer(text) if _word(one) not in _KNOWN)
    return tuple(dict.fromkeys(filter(None, found)))


def open_places(text: str) -> tuple[str, ...]:
    """List the places that stand unfilled, with their braces, in order, without repeats."""
    found = (one[0] for one in _PLACE.finditer(text) if _word(one) in _KNOWN)
    return tuple(dict.fromkeys(found))


def _word(found: re.Match[str]) -> str:
    return found[1].strip().lower()
