"""The generic protocol at the door: who sends it, and what it wants to hear."""

import logging
from typing import Any

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, fields_of, query_of
from voronka.calls.providers.generic.parser import command_of, ref_of_fields
from voronka.inquiries.ringing import whom_to_ring

log = logging.getLogger("voronka.calls")
TOKEN_FIELDS = ("token", "crm_token")
TOKEN_HEADERS = ("x-api-key", "x-crm-token")


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError without the exchange's token."""
    try:
        fields = fields_of(hook)
    except (ValueError, LookupError):
        # Nobody can read it. Kept if the token came beside the body.
        _prove(exchange, hook, query_of(hook))
        return Taken()
    _prove(exchange, hook, fields)
    command = command_of(hook, fields)
    if command == "ping":
        return Taken(keeps=False, said={"status": "ok"})
    if command == "contact":
        return Taken(keeps=False, look=lambda: Taken(keeps=False, said=_contact(hook, fields)))
    return Taken(ref=ref_of_fields(fields))


def _prove(exchange: AtDoor, hook: Hook, fields: dict[str, str]) -> None:
    bearer = hook.headers.get("authorization", "").removeprefix("Bearer ").strip()
    shown = [bearer, *(hook.headers.get(name, "") for name in TOKEN_HEADERS)]
    shown += [fields.get(name, "") for name in TOKEN_FIELDS]
    proofs = [is_same(one, exchange.secret) for one in shown]
    if not any(proofs):
        raise ForgedError(403 if any(shown) else 401)


def _contact(hook: Hook, fields: dict[str, str]) -> dict[str, Any]:
    """Say who calls and whom to ring; nothing of a number nobody knows, or when it fails."""
    try:
        found = whom_to_ring(fields.get("phone", ""), default="", at=hook.at)
    except Exception:
        log.exception("who calls could not be told")
        return {}
    said = {"contact_name": found.client, "responsible": found.extension}
    return {name: value for name, value in said.items() if value}
