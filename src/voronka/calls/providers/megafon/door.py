"""MegaFon at the door: as the generic protocol; the token stands in the body."""

from dataclasses import replace

from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook
from voronka.calls.providers.generic import door as generic
from voronka.calls.providers.megafon.parser import keys_of


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError without the exchange's token."""
    token, _ = keys_of(exchange.secret)
    return generic.take(replace(exchange, secret=token), hook)
