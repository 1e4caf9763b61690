"""Mango Office at the door: signed by the key of the exchange and its salt."""

import hashlib

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, fields_of
from voronka.calls.providers.mango.parser import EVENTS, event_of, ref_of_said, said_of


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when it is not signed by the salt."""
    try:
        fields = fields_of(hook)
    except (ValueError, LookupError) as error:
        # The signature is within what nobody can read: it proves nothing.
        raise ForgedError(401) from error
    _prove(exchange, fields)
    if event_of(hook) not in EVENTS:
        # Text messages, touched keys, answers to our own orders: no word of a call.
        return Taken(keeps=False)
    try:
        return Taken(ref=ref_of_said(said_of(fields)))
    except ValueError:
        return Taken()


def _prove(exchange: AtDoor, fields: dict[str, str]) -> None:
    """`sign` is sha256 over key, json and salt, the json letter by letter as it came."""
    key, shown, said = (fields.get(name, "") for name in ("vpbx_api_key", "sign", "json"))
    if not exchange.secret or not shown or not key:
        raise ForgedError(401)
    own_key = str(exchange.options.get("login") or "")
    sign = hashlib.sha256(f"{key}{said}{exchange.secret}".encode()).hexdigest()
    proofs = [is_same(shown.strip().lower(), sign), is_same(key, own_key or key)]
    if not all(proofs):
        raise ForgedError(403)
