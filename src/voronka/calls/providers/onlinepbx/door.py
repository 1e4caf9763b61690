"""OnlinePBX at the door."""

from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook
from voronka.calls.providers.onlinepbx.parser import ref_of_fields
from voronka.calls.providers.proof import fields_proven


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a web hook in. Raises: ForgedError when a secret is set and is not shown."""
    fields = fields_proven(exchange, hook)
    return Taken() if fields is None else Taken(ref=ref_of_fields(fields))
