"""The form of an exchange: only the fields that its kind needs, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from voronka.calls.asterisk.shown_record import shown
from voronka.calls.exchanges import BadExchangeError, NewExchange
from voronka.calls.providers import SEALED, TABLES, Kind
from voronka.foundation.text import storable
from voronka.web.exchange_fields import field_words

APART = ("secret", "zone")
TOP_TEXT, TOP_KEY, TOP_TABLE, TOP_ENDPOINTS = 500, 4000, 20_000, 200


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it stands in the form: text, password (it comes empty, always) or lines."""

    name: str
    label: str
    hint: str
    value: str
    kind: str


def fields_of(kind: Kind, values: Mapping[str, Any]) -> list[Field]:
    """Give the fields of a kind in its order, filled with what is known; zone is apart."""
    found = []
    for name in kind.needs:
        if name != "zone":
            said = field_words(name, kind.kind)
            shape = "password" if name in SEALED else "lines" if name in TABLES else "text"
            value = "" if shape == "password" else _shown(name, values.get(name))
            found.append(Field(name, said.label, said.hint, value, shape))
    return found


def new_exchange(
    request: HttpRequest, kind: Kind, known: Mapping[str, Any] | None = None
) -> NewExchange:
    """Read the form. With what is `known`, an empty password means: as it was, and what the
    form does not show stays. Raises: BadExchangeError.
    """
    form = request.POST
    options: dict[str, Any] = {
        name: _typed(name, storable(form.get(name, "")).strip())
        for name in kind.needs
        if name not in APART
    }
    options = {name: value for name, value in options.items() if value}
    kept = {name: value for name, value in (known or {}).items() if name not in kind.needs}
    secret = form.get("secret", "")[:TOP_TEXT]
    return NewExchange(
        kind=kind.kind,
        name=form.get("name", ""),
        secret=None if known is not None and not secret else secret,
        zone=form.get("zone", ""),
        options=kept | options,
    )


def shown_again(request: HttpRequest) -> dict[str, str]:
    """Give what was typed, to be mended; what holds a password is to be typed anew."""
    form = request.POST
    found = {name: form[name] for name in form if name not in SEALED}
    if "record" in found and shown(found["record"]) != found["record"]:
        del found["record"]
    return found


def table_of(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Read the table of endpoints: name.N, role.N, own.N."""
    form = request.POST
    found = {}
    for n in range(TOP_ENDPOINTS):
        if name := form.get(f"name.{n}", "").strip():
            own = form.get(f"own.{n}", "").strip()
            found[name] = (form.get(f"role.{n}", ""), own if own != name else "")
    return found


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{theirs} = {ours}" for theirs, ours in value.items())
    return str(value or ("5038" if name == "port" else ""))


def _typed(name: str, text: str) -> Any:
    if name == "port":
        return _port(text)
    if name in TABLES:
        return _table(text)
    return text[: TOP_KEY if name in SEALED else TOP_TEXT]


def _table(text: str) -> dict[str, str]:
    """Read whose something is: lines of "theirs = an extension here"."""
    found = {}
    for line in text[:TOP_TABLE].splitlines():
        theirs, sign, ours = (part.strip() for part in line.partition("="))
        if theirs or ours or sign:
            if not (theirs and ours):
                raise BadExchangeError(field="table")
            found[theirs] = ours[:40]
    return found


def _port(text: str) -> int:
    if not text:
        return 5038
    if not text.isdecimal() or len(text) > 5 or not 0 < int(text) < 65_536:
        raise BadExchangeError(field="port")
    return int(text)
