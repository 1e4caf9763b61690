"""Telphin at the door: events of calls are kept, messages are none of ours."""

from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook
from voronka.calls.providers.proof import fields_proven
from voronka.calls.providers.telphin.parser import ref_of_fields

MESSAGES = ("message-in", "message-out")


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take an event in. Raises: ForgedError when a secret is set and is not shown."""
    fields = fields_proven(exchange, hook)
    if fields is None:
        return Taken()
    if fields.get("eventtype", "").strip().lower() in MESSAGES:
        return Taken(keeps=False)
    return Taken(ref=ref_of_fields(fields))
