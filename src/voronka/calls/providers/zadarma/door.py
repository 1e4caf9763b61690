"""Zadarma and Novofon at the door: a few fields of each event are signed, others are not."""

import base64
import hashlib
import hmac
import re

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import Hook, fields_of, query_of
from voronka.calls.providers.zadarma.parser import EVENTS, event_of, ref_of_fields

COMING, GOING = ("caller_id", "called_did", "call_start"), (
    "internal", "destination", "call_start",
)  # fmt: skip
SIGNED = {
    "NOTIFY_START": COMING, "NOTIFY_INTERNAL": COMING, "NOTIFY_IVR": COMING,
    "NOTIFY_END": COMING, "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": GOING, "NOTIFY_OUT_END": GOING,
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}  # fmt: skip
ECHO = re.compile(r"[\w.-]{1,128}", re.ASCII)


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when it is not signed by the secret."""
    echo = query_of(hook).get("zd_echo", "")
    if hook.method == "GET" and ECHO.fullmatch(echo):
        # So the cabinet makes sure that the address is alive; nothing is let in by it.
        return Taken(keeps=False, text=echo)
    try:
        fields = fields_of(hook)
    except (ValueError, LookupError) as error:
        raise ForgedError(401) from error
    event = event_of(fields)
    if event not in SIGNED:
        # Text messages and the like: not stored, so there is nothing to prove.
        return Taken(keeps=False)
    _prove(exchange, hook, [fields.get(name, "") for name in SIGNED[event]])
    return Taken(ref=ref_of_fields(fields), keeps=event in EVENTS)


def _prove(exchange: AtDoor, hook: Hook, signed: list[str]) -> None:
    shown = hook.headers.get("signature", "").strip()
    # Signed emptiness is the same for every call.
    if not exchange.secret or not shown or not any(signed):
        raise ForgedError(401)
    sign = hmac.new(exchange.secret.encode(), "".join(signed).encode(), hashlib.sha1)
    # Their own libraries write the digest in hex before base64, the page says only base64.
    ways = (sign.hexdigest().encode(), sign.digest())
    proofs = [is_same(shown, base64.b64encode(way).decode()) for way in ways]
    if not any(proofs):
        raise ForgedError(403)
