"""The operator: holds the lines to all exchanges that have to be listened to, each apart."""

import logging
import random
import threading
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q

from voronka.calls.asterisk.connector import AmiProblemError, Line, RecordProblemError
from voronka.calls.exchange_models import SILENT, Exchange
from voronka.foundation.processes import is_gone, me

LEASE = timedelta(seconds=30)
LOOK_EVERY, TIDY_EVERY = 2.0, timedelta(seconds=20)
PAUSES_SECONDS = (1, 2, 5, 10, 30, 60)
AFTER_BAD_LOGIN = 300.0
log = logging.getLogger("voronka.calls")


def listen(stop: threading.Event) -> None:
    """Listen to every exchange that is on, until `stop` is set. Never fatal.

    Of several processes one holds an exchange's line; when it dies another takes it over.
    """
    lines: dict[int, threading.Thread] = {}
    while not stop.is_set():
        try:
            for pk in _wanted() if not settings.IS_DEMO else []:
                if pk not in lines or not lines[pk].is_alive():
                    lines[pk] = threading.Thread(
                        target=hold, args=(pk, stop), name=f"exchange {pk}", daemon=True
                    )
                    lines[pk].start()
        except Exception:
            log.exception("the exchanges could not be looked up")
        close_old_connections()
        stop.wait(LOOK_EVERY)
    for thread in lines.values():
        thread.join(timeout=5)
    connection.close()


def hold(exchange_id: int, stop: threading.Event) -> None:
    """Hold one line while it is ours and the exchange is on; connect anew after a break."""
    failed = 0
    while not stop.is_set():
        try:
            exchange = _claimed(exchange_id)
            if exchange is None:
                break
            _speak(exchange, stop)
            failed = 0
        except (AmiProblemError, RecordProblemError) as error:
            _note_problem(exchange_id, error.code)
            stop.wait(_pause(failed, error.code))
            failed += 1
        except Exception:
            log.exception("the line to exchange %s broke", exchange_id)
            stop.wait(_pause(failed, ""))
            failed += 1
        close_old_connections()
    _release(exchange_id)
    connection.close()


def _speak(exchange: Exchange, stop: threading.Event) -> None:
    line = Line(exchange)
    try:
        line.open()
        _note_problem(exchange.pk, "")
        renewed = tidied = datetime.now(UTC)
        while not stop.is_set():
            line.step()
            now = datetime.now(UTC)
            if now - tidied > TIDY_EVERY:
                line.tidy()
                tidied = now
            if now - renewed > LEASE / 6:
                # Changed settings, another holder, or off: everything begins anew.
                if not _renewed(exchange, now):
                    return
                renewed = now
    finally:
        line.close()


def _wanted() -> list[int]:
    now = datetime.now(UTC)
    rows = Exchange.objects.filter(kind="asterisk", is_on=True, removed_at=None)
    found = rows.values_list("pk", "held_by", "held_until")
    return [
        pk
        for pk, holder, until in found
        if not until or until <= now or is_gone(holder) or holder == me()
    ]


def _claimed(exchange_id: int) -> Exchange | None:
    now = datetime.now(UTC)
    exchange = Exchange.objects.filter(
        pk=exchange_id, kind="asterisk", is_on=True, removed_at=None
    ).first()
    if exchange is None:
        return None
    is_free = Q(held_until=None) | Q(held_until__lte=now) | Q(held_by=me())
    if is_gone(exchange.held_by):
        is_free |= Q(held_by=exchange.held_by)
    mine = Exchange.objects.filter(is_free, pk=exchange_id)
    if not mine.update(held_by=me(), held_until=now + LEASE):
        return None
    return exchange


def _renewed(exchange: Exchange, now: datetime) -> bool:
    row = Exchange.objects.filter(pk=exchange.pk, held_by=me(), is_on=True, removed_at=None)
    now_is = row.values_list("options", "secret").first()
    if now_is != (exchange.options, exchange.secret):
        return False
    return bool(row.update(held_until=now + LEASE, heard_at=now))


def _release(exchange_id: int) -> None:
    rows = Exchange.objects.filter(pk=exchange_id, held_by=me())
    rows.update(held_by="", held_until=None)


def _note_problem(exchange_id: int, code: str) -> None:
    rows = Exchange.objects.filter(pk=exchange_id)
    since = datetime.now(UTC) if code else None
    # That the line is up again says nothing of calls: who watches them takes that back.
    same = [code] if code else ["", SILENT]
    rows.exclude(problem__in=same).update(problem=code, problem_since=since)
    rows.filter(held_by=me()).update(held_until=datetime.now(UTC) + LEASE)


def _pause(failed: int, code: str) -> float:
    """Give how long to wait, in seconds: longer each time, and never all at once."""
    if code in ("bad_login", "lost_key"):
        return AFTER_BAD_LOGIN
    longest = PAUSES_SECONDS[min(failed, len(PAUSES_SECONDS) - 1)]
    return longest * random.uniform(0.5, 1.0)


def read_once() -> int:
    """Read what is new in the records of all exchanges that are on; give how many rows."""
    n = 0
    for exchange in Exchange.objects.filter(kind="asterisk", is_on=True, removed_at=None):
        n += Line(exchange).read_record()
    return n
