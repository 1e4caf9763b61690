"""UIS, CoMagic, CallGear at the door: a secret address, and a token if one is set."""

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, fields_of, query_of
from voronka.calls.providers.uis.parser import ref_of_fields


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when a token is set and is not shown."""
    try:
        fields = fields_of(hook)
    except (ValueError, LookupError):
        # A template with a slip in it: kept for a person, if the token came in the address.
        _prove(exchange, query_of(hook))
        return Taken()
    _prove(exchange, fields)
    return Taken(ref=ref_of_fields(fields))


def _prove(exchange: AtDoor, fields: dict[str, str]) -> None:
    shown = fields.get("token", "")
    if exchange.secret and not is_same(shown, exchange.secret):
        raise ForgedError(403 if shown else 401)
