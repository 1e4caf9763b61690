"""The address of exchanges, beside the pages: it answers before anybody thinks.

`/telephony/<key>/...`, and `/rest/<user>/<key>/<method>` for exchanges that fill in the
address of a well-known CRM.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from voronka.calls.hooks.porter import Answer, Porter
from voronka.calls.hooks.request import Hook

OWN, BORROWED = "/telephony/", "/rest/"
TOP_BODY, BODY_SECONDS = 256 * 1024, 20.0
METHODS = ("POST", "GET", "PUT")
TOO_LONG, TOO_SLOW = Answer(413, {"error": "too_long"}), Answer(408, {"error": "too_slow"})
WRONG_METHOD = Answer(405, {"error": "wrong_method"})
PORTER = Porter()


class GoneError(Exception):
    """The sender hung up in mid-sentence."""


def is_for_exchanges(path: str) -> bool:
    """Say whether an address is one of exchanges."""
    return path.startswith((OWN, BORROWED))


async def hooks(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """Answer one request; what is answered with 200 is stored for good."""
    try:
        answer = await _answer(scope, receive)
    except GoneError:
        return
    kind = b"text/plain; charset=utf-8" if answer.text else b"application/json"
    headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
    body = (answer.text or json.dumps(answer.said, ensure_ascii=False)).encode()
    headers.append((b"content-length", b"%d" % len(body)))
    if answer.again_seconds:
        headers.append((b"retry-after", b"%d" % answer.again_seconds))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: Any, receive: Callable[[], Any]) -> Answer:
    if scope["method"] not in METHODS:
        return WRONG_METHOD
    key, suffix = _key_and_suffix(scope["path"])
    exchange = await PORTER.admit(key)
    if isinstance(exchange, Answer):
        return exchange
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _body(receive)
    except TimeoutError:
        return TOO_SLOW
    if body is None:
        return TOO_LONG
    hook = Hook(
        method=scope["method"],
        suffix=suffix,
        at=datetime.now(UTC),
        query=scope.get("query_string", b"").decode("latin-1"),
        headers={
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope.get("headers", ())
        },
        body=body,
        sender=(scope.get("client") or ("",))[0],
    )
    return await PORTER.take(exchange, hook)


def _key_and_suffix(path: str) -> tuple[str, str]:
    """Take the key out of the address: what is left names no secret."""
    if path.startswith(OWN):
        key, _, suffix = path.removeprefix(OWN).partition("/")
        return key, suffix.strip("/")
    parts = path.strip("/").split("/")
    if len(parts) < 4:
        return "", ""
    return parts[2], "/".join([*parts[:2], *parts[3:]])


async def _body(receive: Callable[[], Any]) -> bytes | None:
    """Read the body; None when it is longer than the door takes."""
    found = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        found += bytes(message.get("body", b""))
        if len(found) > TOP_BODY:
            return None
        if not message.get("more_body"):
            return found
