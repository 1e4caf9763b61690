"""Requests of the form telephony.externalCall.*: their method, fields and names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from voronka.calls.hooks.request import Hook, fields_of
from voronka.foundation.text import storable

PREFIX = "telephony.externalcall."
TYPES = {"1": "out", "2": "in", "3": "in", "4": "out", "5": "out"}
TOP_REF, TOP_PEOPLE = 120, 50


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `method` in lower case without its ending, fields in lower case."""

    method: str
    fields: Mapping[str, str]

    def text(self, name: str, most: int = 40) -> str:
        """Give a field, trimmed, "" when it is not there."""
        return storable(self.fields.get(name, "")).strip()[:most]

    @property
    def act(self) -> str:
        """Give what is done with a call: register, finish ...; "" for other methods."""
        return self.method.removeprefix(PREFIX) if self.method.startswith(PREFIX) else ""

    @property
    def call_id(self) -> str:
        """Give which call is spoken of, by the name we gave it."""
        return self.text("call_id", TOP_REF)

    @property
    def people(self) -> list[str]:
        """Give who is named: "inner 101" by extension, "user 7" by our number of the person."""
        if inner := self.text("user_phone_inner"):
            return [f"inner {inner}"]
        told = [value for name, value in self.fields.items() if name.split("[")[0] == "user_id"]
        if told and told[0].startswith("["):
            told = told[0].strip("[]").split(",")
        named = [storable(one).strip(' "')[:20] for one in told[:TOP_PEOPLE]]
        return [f"user {one}" for one in named if one]


def request_of(hook: Hook) -> Request:
    """Read a request. Raises: ValueError when it cannot be read."""
    return Request(method_of(hook), fields_of(hook))


def method_of(hook: Hook) -> str:
    """Give the method: the last part of the address."""
    last = hook.suffix.rpartition("/")[2].lower()
    return last.removesuffix(".json").removesuffix(".xml")


def fingerprint(exchange_id: int, *parts: str) -> str:
    """Give 32 signs by which the same words are known again."""
    whole = "\n".join((str(exchange_id), *parts))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
