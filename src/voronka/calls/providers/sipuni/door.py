"""Sipuni at the door: it wants to hear `success`, and whom to ring."""

import logging
from typing import Any

from voronka.calls.hooks.contract import AtDoor, Taken
from voronka.calls.hooks.request import Hook
from voronka.calls.providers.proof import fields_proven
from voronka.calls.providers.sipuni.parser import ref_of_fields
from voronka.inquiries.ringing import whom_to_ring

log = logging.getLogger("voronka.calls")
YES = {"success": True}
"""Without it Sipuni may stop sending."""


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when a secret is set and is not shown."""
    fields = fields_proven(exchange, hook)
    if fields is None:
        return Taken(said=YES)
    if "fromnum" in fields and "event" not in fields:
        said = fields
        return Taken(
            keeps=False, look=lambda: Taken(keeps=False, said=_choice(exchange, hook, said))
        )
    if not fields.get("event") and not fields.get("call_id"):
        # So it asks whether the address is there, when it is being set up.
        return Taken(keeps=False, said=YES)
    return Taken(ref=ref_of_fields(fields), said=YES)


def _choice(exchange: AtDoor, hook: Hook, fields: dict[str, str]) -> dict[str, Any]:
    """Say which branch of the scheme to take: that of who is responsible for the number."""
    branches = exchange.options.get("choices") or {}
    otherwise = exchange.options.get("choice_otherwise", 0)
    try:
        found = whom_to_ring(fields["fromnum"], default="", at=hook.at)
    except Exception:
        log.exception("whom to ring could not be told")
        return {"choice": otherwise}
    return {"choice": branches.get(found.extension, otherwise)}
