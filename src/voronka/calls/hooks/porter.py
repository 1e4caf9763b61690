"""The porter: lets in whom he knows, not too many at once, and says yes when it is stored."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import close_old_connections, connection

from voronka.calls.adapters import DOORS
from voronka.calls.exchange_models import CallEvent
from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken
from voronka.calls.hooks.keeping import KEEPER, Keeper
from voronka.calls.hooks.known import exchanges_at_door
from voronka.calls.hooks.request import Hook, stored

A_SECOND, KNOWN_SECONDS, UNKNOWN_SECONDS = 1000, 3.0, 0.5
"""Requests of one exchange within a second, where its options say no other `per_second`."""
TOP_TURNS = 1000
log = logging.getLogger("voronka.calls")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender hears. `again_seconds`: after which to try again, 0: not at all;
    `text`: a plain answer in place of `said`.
    """

    status: int
    said: Mapping[str, Any] = field(default_factory=dict)
    again_seconds: int = 0
    text: str = ""


BUSY, AWAY = Answer(429, {"error": "too_many"}, 1), Answer(503, {"error": "not_stored"}, 5)
UNKNOWN, BROKEN = Answer(404, {"error": "not_found"}), Answer(500, {"error": "broken"})


class Porter:
    """Whom the door lets in, and what becomes of what they bring. Of one running loop."""

    def __init__(self, keeper: Keeper = KEEPER) -> None:
        self._keeper = keeper
        self._known: Mapping[str, AtDoor] = {}
        self._known_at = float("-inf")
        self._looking: asyncio.Future[None] | None = None
        self._came: dict[int, tuple[int, int]] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="porter")

    async def admit(self, key: str) -> AtDoor | Answer:
        """Give the exchange whose key it is, or what to answer instead; before the body is
        read.
        """
        try:
            exchange = await self._of(key)
        except Exception:
            log.exception("the exchanges at the door could not be looked up")
            return AWAY
        if exchange is None:
            return UNKNOWN
        return BUSY if self._keeper.is_full or self._is_too_many(exchange) else exchange

    def _is_too_many(self, exchange: AtDoor) -> bool:
        second, n = self._came.get(exchange.id, (0, 0))
        now = int(time.monotonic())
        n = n + 1 if second == now else 1
        self._came[exchange.id] = (now, n)
        most = exchange.options.get("per_second", A_SECOND)
        return n > (most if isinstance(most, int) else A_SECOND)

    async def take(self, exchange: AtDoor, hook: Hook) -> Answer:
        """Prove, store and answer. A forged request is counted and stored nowhere."""
        try:
            taken = DOORS[exchange.kind](exchange, hook)
            if taken.look is None:
                return await self._stored(exchange, hook, taken)
            async with AsyncExitStack() as stack:
                if taken.turn:
                    await stack.enter_async_context(self._turn(taken.turn))
                final = await self._apart(taken.look)
                return await self._stored(exchange, hook, final)
        except ForgedError as error:
            self._keeper.refuse(exchange.id)
            return Answer(error.status, error.said or {"error": "wrong_token"})
        except Exception:
            log.exception("a request of exchange %s broke the door", exchange.id)
            return BROKEN

    async def close(self) -> None:
        """Let go of the database; what waits is stored first."""
        await self._apart(lambda: connection.close())
        self._thread.shutdown()
        self._keeper.close()

    async def _stored(self, exchange: AtDoor, hook: Hook, taken: Taken) -> Answer:
        if taken.keeps and not await self._keeper.keep(_event(exchange, hook, taken)):
            return AWAY
        return Answer(taken.status, taken.said, text=taken.text)

    async def _of(self, key: str) -> AtDoor | None:
        age = time.monotonic() - self._known_at
        if age > (KNOWN_SECONDS if key in self._known else UNKNOWN_SECONDS):
            if self._looking is None or self._looking.done():
                self._looking = asyncio.ensure_future(self._look())
            await asyncio.shield(self._looking)
        return self._known.get(key)

    async def _look(self) -> None:
        self._known = await self._apart(exchanges_at_door)
        self._known_at = time.monotonic()

    def _turn(self, name: str) -> asyncio.Lock:
        if len(self._turns) > TOP_TURNS:
            taken = {other: lock for other, lock in self._turns.items() if lock.locked()}
            self._turns = taken
        return self._turns.setdefault(name, asyncio.Lock())

    async def _apart(self, ask: Callable[[], Found]) -> Found:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, _with_fresh_line, ask)


def _with_fresh_line(ask: Callable[[], Found]) -> Found:
    close_old_connections()
    return ask()


def _event(exchange: AtDoor, hook: Hook, taken: Taken) -> CallEvent:
    return CallEvent(
        exchange_id=exchange.id,
        source="hook",
        source_key=taken.key or _fingerprint(hook),
        at=hook.at,
        call_ref=taken.ref,
        body=stored(
            hook, secrets=(exchange.path_key, exchange.secret, *exchange.secret.split())
        ),
    )


def _fingerprint(hook: Hook) -> str:
    said = hashlib.sha256(f"{hook.suffix}\n{hook.query}\n".encode())
    said.update(hook.body)
    return said.hexdigest()
