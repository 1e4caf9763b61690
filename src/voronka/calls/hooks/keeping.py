"""Group commit: what many senders bring at the same moment is one transaction.

Nobody is told "yes" before it is durable; while one group is being written the next gathers.
"""

import asyncio
import logging
import threading
import time
from collections import Counter, defaultdict, deque
from contextlib import suppress
from datetime import UTC, datetime

from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import F

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.rebuilding import keep_events

TOP_WAITING, TOP_BYTES, AT_ONCE = 5000, 48 * 1024 * 1024, 500
NOTE_EVERY, LATELY_SECONDS = 5.0, 0.05
log = logging.getLogger("voronka.calls")
NEWS = threading.Event()
"""Set when something new was stored; the reader waits for it."""
WRITING = threading.Lock()
"""Held by who writes at the door, and by the reader for each call: of two writers of one SQLite
who meets the other sleeps up to a tenth of a second, here nobody sleeps longer than he must.
"""

Waiting = tuple[CallEvent, "asyncio.Future[bool]"]


class Keeper:
    """The queue in front of the store, and the one thread that empties it."""

    def __init__(self) -> None:
        self._queue: deque[Waiting] = deque()
        self._bytes = 0
        self._lock, self._wake = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._refused: Counter[int] = Counter()
        self._heard: set[int] = set()
        self._noted_at = self._came_at = float("-inf")
        self._is_closing = self._is_writing = False

    @property
    def is_full(self) -> bool:
        """Say whether no more can be taken without risking the memory of the process."""
        return len(self._queue) >= TOP_WAITING or self._bytes >= TOP_BYTES

    @property
    def is_busy(self) -> bool:
        """Say whether somebody waits for an acknowledgement, or did a moment ago."""
        is_lately = time.monotonic() - self._came_at < LATELY_SECONDS
        return is_lately or bool(self._queue) or self._is_writing

    def keep(self, event: CallEvent) -> "asyncio.Future[bool]":
        """Put an event into the queue; True comes when it is durable, False when it is not.

        To be called from a running loop. The same event again is durable and has no effect.
        """
        told = asyncio.get_running_loop().create_future()
        with self._lock:
            self._bytes += len(event.body)
            self._queue.append((event, told))
        self._came_at = time.monotonic()
        self._stir()
        return told

    def refuse(self, exchange_id: int) -> None:
        """Count a request that was forged."""
        with self._lock:
            self._refused[exchange_id] += 1
        self._stir()

    def close(self) -> None:
        """Store what waits and let go of the database; the next one begins anew."""
        thread, self._is_closing = self._thread, True
        self._wake.set()
        if thread is not None:
            thread.join(timeout=10)
        self._is_closing = False

    def _stir(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="hooks", daemon=True)
                    self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while not self._is_closing:
            if not self._wake.wait(NOTE_EVERY):
                connection.close()
                self._wake.wait()
            self._wake.clear()
            while group := self._next():
                self._write(group)
                self._note()
            self._note()
        self._note(at_once=True)
        connection.close()

    def _next(self) -> list[Waiting]:
        with self._lock:
            group = [self._queue.popleft() for _ in range(min(AT_ONCE, len(self._queue)))]
            self._bytes -= sum(len(event.body) for event, _ in group)
        return group

    def _write(self, group: list[Waiting]) -> None:
        self._is_writing = True
        told = self._kept(group)
        self._is_writing = False
        NEWS.set()
        by_loop = defaultdict(list)
        for (_, future), is_kept in zip(group, told, strict=True):
            by_loop[future.get_loop()].append((future, is_kept))
        for loop, answers in by_loop.items():
            with suppress(RuntimeError):  # The loop is gone, and with it who waited.
                loop.call_soon_threadsafe(_tell, answers)

    def _kept(self, group: list[Waiting]) -> list[bool]:
        events = [event for event, _ in group]
        try:
            close_old_connections()
            with WRITING, transaction.atomic():
                keep_events(events)
        except (DataError, IntegrityError):
            # One that the database refuses must not take the others along.
            return [_alone(event) for event in events]
        except Exception:
            log.exception("%s events of exchanges could not be stored", len(events))
            return [False] * len(events)
        self._heard |= {event.exchange_id for event in events}
        return [True] * len(events)

    def _note(self, *, at_once: bool = False) -> None:
        """Write down now and then who was heard and how many were refused."""
        if not at_once and time.monotonic() - self._noted_at < NOTE_EVERY:
            return
        with self._lock:
            refused, self._refused = self._refused, Counter()
        heard, self._heard = self._heard, set()
        self._noted_at = time.monotonic()
        try:
            _write_down(heard, refused, datetime.now(UTC))
        except Exception:
            log.exception("who was heard could not be written down")


def _write_down(heard: set[int], refused: Counter[int], now: datetime) -> None:
    for exchange_id in heard:
        Exchange.objects.filter(pk=exchange_id).update(heard_at=now)
    for exchange_id, n in refused.items():
        rows = Exchange.objects.filter(pk=exchange_id)
        rows.update(refused=F("refused") + n, refused_at=now)


def _alone(event: CallEvent) -> bool:
    try:
        with transaction.atomic():
            keep_events([event])
    except DatabaseError:
        log.exception("an event of exchange %s could not be stored", event.exchange_id)
        return False
    return True


def _tell(answers: "list[tuple[asyncio.Future[bool], bool]]") -> None:
    for future, is_kept in answers:
        if not future.done():
            future.set_result(is_kept)


KEEPER = Keeper()
