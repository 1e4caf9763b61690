"""MTS Autosecretary at the door: it shows a name and a password."""

import base64
import binascii
from contextlib import suppress

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, fields_of
from voronka.calls.providers.mts.parser import ref_of_fields
from voronka.calls.providers.proof import demand_sender

BASIC = "basic "


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take an event in. Raises: ForgedError without the name and the password, once they are
    set.
    """
    demand_sender(exchange, hook)
    if exchange.secret:
        _prove(exchange, hook)
    with suppress(ValueError, LookupError):
        return Taken(ref=ref_of_fields(fields_of(hook)))
    return Taken()


def _prove(exchange: AtDoor, hook: Hook) -> None:
    header = hook.headers.get("authorization", "").strip()
    if not header:
        raise ForgedError(401)
    shown = ""
    if header.lower().startswith(BASIC):
        with suppress(binascii.Error, ValueError):
            shown = base64.b64decode(header[len(BASIC) :], validate=True).decode("utf-8")
    login = str(exchange.options.get("login") or "")
    if not is_same(shown, f"{login}:{exchange.secret}"):
        raise ForgedError(403)
