"""The door for the web server."""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.config.settings")

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

PLACES = 2
"""Requests worked on at once: as many as there are cores to work on them."""


class Handler(ASGIHandler):
    """Django's handler with threads that are used again.

    The stock one takes a new thread for each request, and with it a new database connection
    that only the garbage collector closes: 47 were seen open, and 690 MB at the peak.
    """

    def __init__(self) -> None:
        super().__init__()
        self._free: asyncio.LifoQueue[ThreadSensitiveContext] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request in a free place; wait for one where all are taken."""
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is served, not {scope['type']}")
        if scope["path"] == PATH:
            await stream(scope, receive, send)
            return
        if is_for_exchanges(scope["path"]):
            await hooks(scope, receive, send)
            return
        if self._free is None:
            self._free = asyncio.LifoQueue()
            for _ in range(PLACES):
                self._free.put_nowait(ThreadSensitiveContext())
        place = await self._free.get()
        mark = SyncToAsync.thread_sensitive_context.set(place)
        try:
            await self.handle(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(mark)
            self._free.put_nowait(place)


django.setup(set_prefix=False)
from voronka.web.live.stream import PATH, stream  # noqa: E402  (needs the settings)
from voronka.web.telephony.door import hooks, is_for_exchanges  # noqa: E402

application = Handler()
