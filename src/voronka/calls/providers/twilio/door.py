"""Twilio at the door: signed over the address it was told to call and all that it sends."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qsl

from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken, is_same
from voronka.calls.hooks.request import TOP_FIELDS, Hook, fields_of
from voronka.calls.providers.twilio.parser import ref_of_fields


def take(exchange: AtDoor, hook: Hook) -> Taken:
    """Take a request in. Raises: ForgedError when it is not signed by the token."""
    try:
        pairs = parse_qsl(
            hook.body.decode("utf-8"), keep_blank_values=True, max_num_fields=TOP_FIELDS
        )
        fields = fields_of(hook)
    except (ValueError, LookupError) as error:
        raise ForgedError(401) from error
    _prove(exchange, hook, "".join(f"{name}{value}" for name, value in sorted(set(pairs))))
    return Taken(ref=ref_of_fields(fields))


def _prove(exchange: AtDoor, hook: Hook, said: str) -> None:
    shown = hook.headers.get("x-twilio-signature", "").strip()
    if not exchange.secret or not shown:
        raise ForgedError(401)
    proofs = [
        is_same(shown, _signature(f"{address}{said}", exchange.secret))
        for address in _addresses(exchange, hook)
    ]
    if not any(proofs):
        raise ForgedError(403)


def _signature(text: str, secret: str) -> str:
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def _addresses(exchange: AtDoor, hook: Hook) -> Iterator[str]:
    """Give the addresses Twilio may have called: before us may stand a server that hides the
    name, the scheme or the port. None of them lets anybody in without the token.
    """
    own = str(exchange.options.get("address") or "").rstrip("/")
    host = hook.headers.get("x-forwarded-host") or hook.headers.get("host", "")
    names = {host, host.partition(":")[0]} - {""}
    begins = [own] if own else []
    begins += [f"{scheme}://{name}" for scheme in ("https", "http") for name in sorted(names)]
    query = f"?{hook.query}" if hook.query else ""
    path = f"/telephony/{exchange.path_key}/{hook.suffix}".rstrip("/")
    for begin in begins:
        for end in ("", "/"):
            yield f"{begin}{path}{end}{query}"
