"""An exchange at the door: requests as a web server hands them over, one after another."""

import asyncio
import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.hooks import porter
from voronka.calls.hooks.keeping import Keeper
from voronka.foundation.sealing import seal
from voronka.web.telephony import door

TOKEN = "a-token-of-the-exchange"


@dataclass(frozen=True)
class Told:
    """What the exchange heard."""

    status: int
    said: Any
    headers: dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One request. `fields` go as a form, unless there is a `body`."""

    path: str
    fields: Any = None
    body: bytes | None = None
    headers: Any = None
    method: str = "POST"
    query: str = ""
    sender: str = "203.0.113.7"


def joined(kind: str = "generic", secret: str = TOKEN, **options: Any) -> Exchange:
    """Join an exchange without a fact: tests of threads clear all tables, and facts stay."""
    return Exchange.objects.create(
        kind=kind,
        name="АТС",
        path_key=token_urlsafe(24),
        secret=seal(secret) if secret else "",
        options=options,
        created_at=MONDAY,
    )


def ask(*requests: Asked, at_once: bool = False) -> list[Told]:
    """Bring requests to the door of a process that has just started."""

    async def all_of_them() -> list[Told]:
        door.PORTER = porter.Porter(Keeper())
        try:
            if at_once:
                return list(await asyncio.gather(*map(_one, requests)))
            return [await _one(request) for request in requests]
        finally:
            await door.PORTER.close()

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(all_of_them())).result()


async def _one(request: Asked) -> Told:
    body = request.body
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if body is None:
        body = urlencode(request.fields or {}).encode()
    headers |= request.headers or {}
    pieces = [body[:10], body[10:]]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    heard: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        heard.append(message)

    scope = {
        "type": "http", "method": request.method, "path": request.path,
        "query_string": request.query.encode(), "client": (request.sender, 40000),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    await door.hooks(scope, receive, send)
    got = {k.decode(): v.decode() for k, v in heard[0]["headers"]}
    is_json = got["content-type"] == "application/json"
    said = json.loads(heard[1]["body"]) if is_json else heard[1]["body"].decode()
    return Told(heard[0]["status"], said, got)


def only(told: Iterable[Told]) -> Told:
    (one,) = told
    return one


__all__ = ["TOKEN", "Asked", "Told", "ask", "joined", "only"]
