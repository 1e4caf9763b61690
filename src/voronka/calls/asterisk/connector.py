"""The line to one Asterisk: hears it live, reads its own record, makes calls of both.

What is heard live may be lost while we are away; the record loses nothing. Both are stored
before anything is made of them, so an end at any moment costs nothing.
"""

import hashlib
import json
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import DatabaseError, transaction

from voronka.calls.asterisk.ami import Ami, AmiProblemError
from voronka.calls.asterisk.ami_events import WANTED as LIVE_WANTED
from voronka.calls.asterisk.cel import WANTED as RECORD_WANTED
from voronka.calls.asterisk.cel import moment_of
from voronka.calls.asterisk.record import Place, address_of, rows_after
from voronka.calls.asterisk.record_doors import RecordProblemError
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.models import Call
from voronka.calls.rebuilding import keep_events, rebuild
from voronka.foundation.sealing import LostKeyError, unseal

HEAR_SECONDS, RECORD_EVERY, SOON = 0.2, 2.0, 0.15
KEPT_FIELDS = (
    "Event", "Timestamp", "Channel", "ChannelStateDesc", "CallerIDNum", "Exten", "Uniqueid",
    "Linkedid", "BridgeUniqueid", "Cause", "DestChannel", "DestUniqueid", "DestLinkedid",
    "DestCallerIDNum",
)  # fmt: skip
log = logging.getLogger("voronka.calls")


class Line:
    """One exchange, connected. `step` is to be called for ever; it waits by itself."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._ami: Ami | None = None
        self._read_at = 0.0
        self._order = 0

    def open(self) -> None:
        """Connect, and catch up with what passed while nobody listened.

        Raises: AmiProblemError, RecordProblemError.
        """
        options = self._exchange.options
        if options.get("host"):
            self._ami = Ami(
                str(options["host"]),
                int(options.get("port", 5038)),
                login=str(options.get("login", "")),
                password=_password(self._exchange),
            )
            # Whoever listens before reading misses nothing in between.
            self._hear(0.01)
        self.read_record()
        self._close_lost()

    def close(self) -> None:
        """Hang up."""
        if self._ami is not None:
            self._ami.close()
            self._ami = None

    def step(self) -> None:
        """Hear what is said now, and read the record when it is time to.

        Raises: AmiProblemError, RecordProblemError.
        """
        if self._ami is None:
            time.sleep(HEAR_SECONDS)
        elif self._hear(HEAR_SECONDS):
            # The record is written a moment after the line went dead.
            self._read_at = min(self._read_at, time.monotonic() + SOON)
        if time.monotonic() >= self._read_at:
            self.read_record()

    def read_record(self) -> int:
        """Read what is new in the record; give how many rows. Raises: RecordProblemError."""
        self._read_at = time.monotonic() + RECORD_EVERY
        address = address_of(self._exchange)
        n = 0
        while address:
            cursor = self._exchange.cursor
            place = Place(str(cursor.get("first", "")), int(cursor.get("last_id", 0)))
            rows, behind = rows_after(address, place)
            if behind == place and not rows:
                break
            fresh = [row for row in rows if row["eventtype"] in RECORD_WANTED]
            fresh = [row for row in fresh if _is_recent(row, self._exchange)]
            n += len(fresh)
            self._take(events_of_record(self._exchange, behind.first, fresh), behind)
            if behind.last_id == place.last_id and behind.first == place.first:
                break
        return n

    def _hear(self, seconds: float) -> bool:
        """Take what is said; tell whether a leg ended."""
        if self._ami is None:
            return False
        heard = [one for one in self._ami.events(seconds) if one["Event"] in LIVE_WANTED]
        now = datetime.now(UTC)
        events = []
        for one in heard:
            self._order += 1
            kept = {name: one[name] for name in KEPT_FIELDS if name in one}
            kept.setdefault("Timestamp", f"{now.timestamp():.6f}")
            if event := _of_live(self._exchange, kept, self._order, now):
                events.append(event)
        if events:
            self._take(events, None)
        return any(one["Event"] == "Hangup" for one in heard)

    def _take(self, events: list[CallEvent], behind: Place | None) -> None:
        """Store, make calls, and note how far: all of it, or none."""
        now = datetime.now(UTC)
        with transaction.atomic():
            known = _known(self._exchange, events)
            events = [one for one in events if (one.source, one.source_key) not in known]
            keep_events(events)
            for ref in dict.fromkeys(one.call_ref for one in events):
                _made(self._exchange, ref, now)
            row = Exchange.objects.filter(pk=self._exchange.pk)
            if behind is not None:
                self._exchange.cursor = self._exchange.cursor | {
                    "first": behind.first,
                    "last_id": behind.last_id,
                }
                row.update(cursor=self._exchange.cursor)
            row.update(heard_at=now)

    def _close_lost(self) -> None:
        """Close what the exchange knows nothing of any more: it broke down in mid-call."""
        calls = Call.objects.filter(exchange=self._exchange, is_final=False)
        if self._ami is None or not calls.exists():
            return
        live = self._ami.list_of("CoreShowChannels", "CoreShowChannelsComplete")
        alive = {row.get("Linkedid", "") for row in live}
        # What has just ended is in the record a moment later.
        time.sleep(SOON * 2)
        self.read_record()
        gone = list(calls.exclude(call_ref__in=alive).values_list("call_ref", flat=True))
        for ref in gone:
            self._take([_lost(self._exchange, ref)], None)

    def tidy(self) -> None:
        """Close calls that ended without a word; the exchange is asked which still live."""
        self._close_lost()


def _known(exchange: Exchange, events: Iterable[CallEvent]) -> set[tuple[str, str]]:
    keys = [one.source_key for one in events]
    found: set[tuple[str, str]] = set()
    for start in range(0, len(keys), 500):
        rows = CallEvent.objects.filter(
            exchange=exchange, source_key__in=keys[start : start + 500]
        )
        found |= set(rows.values_list("source", "source_key"))
    return found


def _made(exchange: Exchange, ref: str, now: datetime) -> None:
    try:
        rebuild(exchange, ref, now=now)
    except DatabaseError:
        raise
    except Exception:
        log.exception("call %s of exchange %s could not be made", ref, exchange.pk)
        rows = CallEvent.objects.filter(exchange=exchange, call_ref=ref, state="waiting")
        rows.update(state="unread", problem="failed")


def events_of_record(
    exchange: Exchange, first: str, rows: Iterable[dict[str, object]]
) -> list[CallEvent]:
    """Give rows of the record as they are stored: the same row always has the same name."""
    record = hashlib.sha256(first.encode()).hexdigest()[:10]
    now = datetime.now(UTC)
    return [
        CallEvent(
            exchange=exchange,
            source="cel",
            source_key=f"{record}:{row['id']}",
            at=now,
            call_ref=str(row["linkedid"])[:120],
            body=json.dumps(row, ensure_ascii=False, default=str),
        )
        for row in rows
        if row["linkedid"]
    ]


def _of_live(
    exchange: Exchange, kept: dict[str, str], order: int, now: datetime
) -> CallEvent | None:
    ref = kept.get("Linkedid") or kept.get("DestLinkedid") or ""
    if not ref:
        return None
    body = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return CallEvent(
        exchange=exchange,
        source="ami",
        source_key=hashlib.sha256(body.encode()).hexdigest()[:40],
        at=now,
        call_ref=ref[:120],
        body=json.dumps(kept | {"order": order}, ensure_ascii=False),
    )


def _lost(exchange: Exchange, ref: str) -> CallEvent:
    """Say that a call broke off; when: at the last sign of it that anybody had."""
    last = 0.0
    for event in CallEvent.objects.filter(exchange=exchange, call_ref=ref):
        said = json.loads(event.body)
        if told := said.get("eventtime") or said.get("Timestamp"):
            last = max(last, moment_of(told))
    return CallEvent(
        exchange=exchange,
        source="own",
        source_key=f"lost {ref}"[:120],
        at=datetime.now(UTC),
        call_ref=ref,
        body=json.dumps({"kind": "lost", "at": last}),
    )


def _is_recent(row: dict[str, object], exchange: Exchange) -> bool:
    """A record of years is not loaded by surprise: it begins where the administrator said."""
    since = float(exchange.options.get("since", 0))
    try:
        return moment_of(row["eventtime"]) >= since
    except ValueError:
        return True


def _password(exchange: Exchange) -> str:
    try:
        return unseal(exchange.secret) if exchange.secret else ""
    except LostKeyError as error:
        raise AmiProblemError("lost_key") from error


__all__ = ["AmiProblemError", "Line", "RecordProblemError"]
