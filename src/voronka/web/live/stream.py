"""The live stream: what a person is told reaches every open page at once, from another
process within half a second.

It stands beside the pages, not among them: a page takes a place for milliseconds, a stream
for hours. Who may listen is decided by a page that gives a ticket good for a minute.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core import signing
from django.db import close_old_connections, connection

from voronka.foundation.waking import hear_news
from voronka.journal.viewer import Viewer
from voronka.people import notices
from voronka.people.viewers import viewer_by_id
from voronka.web.live.happenings import Happenings

PATH, SALT, GOOD_FOR = "/live/", "voronka.live", 60
LOOK_SECONDS, FAILED_SECONDS, BREATH_SECONDS = 0.25, 2.0, 20.0
PAUSE_SECONDS = 0.05
"""Between two looks at least: news that come in swarms are read together."""
TOP_EACH, TOP, LATE = 8, 400, 200
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def ticket(person_id: int) -> str:
    """Let a person listen: to be shown within a minute."""
    return signing.dumps(person_id, salt=SALT)


def holder(shown: str) -> int | None:
    """Give whose ticket it is; None when it is none, or too old."""
    try:
        return int(signing.loads(shown, salt=SALT, max_age=GOOD_FOR))
    except (signing.BadSignature, ValueError, TypeError):
        return None


log = logging.getLogger("voronka.live")


class Hub:
    """All open streams of this process, and the one thread that looks for news."""

    def __init__(self) -> None:
        self._streams: dict[int, list[asyncio.Queue[str | None]]] = defaultdict(list)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._looking: asyncio.Task[None] | None = None
        self._last: int | None = None
        self._from = 0
        self._passed: set[int] = set()
        self._viewers: dict[int, Viewer] = {}
        self._happenings: Happenings | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._called = asyncio.Event()
        hear_news(self._call)

    async def open(self, person_id: int) -> "asyncio.Queue[str | None] | None":
        """Open a stream for a person; the oldest of too many is closed. None: no room."""
        if sum(map(len, self._streams.values())) >= TOP:
            return None
        loop = asyncio.get_running_loop()
        top, n, by, happenings = await loop.run_in_executor(
            self._thread, _apart, lambda: _at_the_door(person_id)
        )
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        queue.put_nowait(_event("hello", {"unseen": n}))
        if self._last is None:
            self._last = self._from = top
            self._happenings = happenings
        # Nothing is awaited from here on: a stream that is listed is looked after.
        if by is not None:
            self._viewers[person_id] = by
        own = self._streams[person_id]
        own.append(queue)
        if len(own) > TOP_EACH:
            own.pop(0).put_nowait(None)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())
        return queue

    def close(self, person_id: int, queue: "asyncio.Queue[str | None]") -> None:
        """Forget a stream whose page is gone."""
        own = self._streams.get(person_id, [])
        if queue in own:
            own.remove(queue)
        if not own:
            self._streams.pop(person_id, None)
            self._viewers.pop(person_id, None)
        if not self._streams:
            self._called.set()

    def _news(self) -> list[tuple[int, int, str]]:
        """Give what nobody was told yet. A number drawn earlier may be committed later, hence
        the look at a few that are past already.
        """
        last = self._last or 0
        rows = notices.later_than(max(self._from, last - LATE), list(self._streams))
        found = [row for row in rows if row[0] not in self._passed]
        self._last = max([last, *(row[0] for row in found)])
        self._passed |= {row[0] for row in found if row[0]}
        self._passed = {one for one in self._passed if one > self._last - LATE}
        listening = dict(self._viewers)
        happened = self._happenings.fresh(listening) if self._happenings else []
        return found + [(0, person_id, event) for person_id, event in happened]

    def _call(self) -> None:
        """Look at once; another process's news wait for the next look."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._called.set)

    async def _next_look(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._called.wait(), LOOK_SECONDS)
        self._called.clear()

    async def _look(self) -> None:
        self._called = asyncio.Event()
        loop = self._loop = asyncio.get_running_loop()
        while self._streams:
            await self._next_look()
            try:
                found = await loop.run_in_executor(self._thread, _apart, self._news)
            except Exception:
                log.exception("the live stream could not look for news")
                await asyncio.sleep(FAILED_SECONDS)
                continue
            for notice_id, person_id, kind in found:
                said = None if kind == "gone" else _event(kind, {"id": notice_id})
                for queue in list(self._streams.get(person_id, [])):
                    queue.put_nowait(said)
        # Whoever opens a stream while the connection is being closed starts a look anew.
        self._last = self._looking = self._loop = None
        self._passed.clear()
        await loop.run_in_executor(self._thread, lambda: connection.close())


def _at_the_door(person_id: int) -> tuple[int, int, Viewer | None, Happenings]:
    n = notices.unseen_count(person_id=person_id)
    return notices.last_id(), n, viewer_by_id(person_id), Happenings()


HUB = Hub()


async def stream(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """Answer one listener until the page is gone, or its person no longer with the firm."""
    shown = scope.get("query_string", b"").decode("ascii", "replace").removeprefix("ticket=")
    person_id = holder(shown)
    queue = await HUB.open(person_id) if person_id is not None else None
    if person_id is None or queue is None:
        status = 403 if person_id is None else 503
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _pass_on(queue, gone, send)
    finally:
        gone.cancel()
        HUB.close(person_id, queue)


async def _pass_on(
    queue: "asyncio.Queue[str | None]",
    gone: "asyncio.Future[None]",
    send: Callable[[Any], Any],
) -> None:
    while not gone.done():
        waiting = asyncio.ensure_future(queue.get())
        both: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(both, timeout=BREATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
        said = waiting.result() if waiting.done() and not waiting.cancelled() else ": \n\n"
        if said is None or gone.done():
            break
        body = said.encode()
        await send({"type": "http.response.body", "body": body, "more_body": True})
    if not gone.done():
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Callable[[], Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(kind: str, said: dict[str, object]) -> str:
    return f"event: {kind}\ndata: {json.dumps(said)}\n\n"


def _apart(ask: Callable[[], Any]) -> Any:
    close_old_connections()
    return ask()
