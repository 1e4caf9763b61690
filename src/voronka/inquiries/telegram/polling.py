"""Asking Telegram for what was written to the bots: stored first, confirmed afterwards.

Telegram forgets an update once a later one is asked for; that happens only after it is durable
here. Killed at any point, the same updates come again and are known by their ids.
"""

import json
import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Q

from voronka.foundation.processes import is_gone, me
from voronka.foundation.sealing import LostKeyError, unseal
from voronka.foundation.waking import wake
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.telegram import api
from voronka.inquiries.telegram.tables import Bot
from voronka.people.outside import outside_is_closed

WAIT_SECONDS = 25
LEASE = timedelta(seconds=60)
PAUSES_SECONDS = {"conflict": 20, "webhook": 60, "unauthorized": 60, "sealed": 60}
TOP_PAUSE_SECONDS = 60
KEPT_FOR = timedelta(hours=24)
"""How long Telegram keeps what nobody asked for."""
IDS_HOLD_FOR = timedelta(days=5)
log = logging.getLogger("voronka.telegram")


def stand(
    stop: threading.Event, *, look_seconds: float = 2.0, wait_seconds: int = WAIT_SECONDS
) -> None:
    """Keep a thread at work for every bot that is on and nobody else asks for.

    With no bot on, nothing but the own database is asked. A failing one is waited for.
    """
    threads: dict[int, threading.Thread] = {}
    while not stop.is_set():
        try:
            for bot_pk in _wanted():
                if not (bot_pk in threads and threads[bot_pk].is_alive()):
                    threads[bot_pk] = threading.Thread(
                        target=_poll, args=(bot_pk, stop, wait_seconds), daemon=True
                    )
                    threads[bot_pk].start()
        except Exception:
            log.exception("the bots could not be looked up")
        close_old_connections()
        stop.wait(look_seconds)
    connection.close()


def _wanted() -> list[int]:
    if outside_is_closed():
        return []
    now = _now()
    # A lease that ends later than any lease can: the clock has been set back since.
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    rows = Bot.objects.filter(is_on=True).exclude(token="")
    return [one.pk for one in rows.filter(free)] + [
        one.pk for one in rows.exclude(free) if is_gone(one.holder)
    ]


def _poll(bot_pk: int, stop: threading.Event, wait_seconds: int) -> None:
    """Ask for one bot's updates as long as the lease is ours and the bot is on."""
    failures, resume_at = 0, 0.0
    try:
        held = _taken(bot_pk)
        while held and not stop.is_set():
            if time.monotonic() < resume_at:
                stop.wait(min(5.0, resume_at - time.monotonic()))
            else:
                pause = ask_once(bot_pk, wait_seconds=wait_seconds, failures=failures)
                failures = failures + 1 if pause else 0
                resume_at = time.monotonic() + pause
            close_old_connections()
            held = not outside_is_closed() and _renewed(bot_pk)
        Bot.objects.filter(pk=bot_pk, holder=me()).update(leased_until=None, holder="")
    except Exception:
        log.exception("bot %s could not be served", bot_pk)
        stop.wait(2)
    finally:
        connection.close()


def ask_once(bot_pk: int, *, wait_seconds: int, failures: int = 0) -> int:
    """Ask once, store what came; give the seconds to leave Telegram alone."""
    bot = Bot.objects.get(pk=bot_pk)
    try:
        token = unseal(bot.token)
        updates = api.get_updates(token, offset=_offset(bot), wait_seconds=wait_seconds)
    except LostKeyError:
        return _trouble(bot, "sealed", 0, failures)
    except api.TelegramError as error:
        return _trouble(bot, error.code, error.retry_seconds, failures)
    last = _stored(bot, updates)
    known: dict[str, Any] = {"seen_at": _now(), "problem": "", "retry_at": None}
    if last:
        known |= {"last_update_id": last, "last_update_at": _now()}
    Bot.objects.filter(pk=bot.pk).update(**known)
    return 0


def _offset(bot: Bot) -> int:
    # After a week without updates Telegram may go on with lower ids: those must not be
    # confirmed unseen.
    if bot.last_update_at is None or abs(_now() - bot.last_update_at) > IDS_HOLD_FOR:
        return 0
    return bot.last_update_id + 1


def _stored(bot: Bot, updates: list[Any]) -> int:
    """Store updates, each durably; give the id of the last one, 0: none."""
    last = 0
    for update in updates:
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if type(update_id) is not int:
            log.warning("bot %s was sent something without a number", bot.pk)
            continue
        given = Delivery(
            channel="messenger",
            shape="telegram",
            body=json.dumps(update, ensure_ascii=False).encode("utf-8", "replace"),
            sender=f"@{bot.name}",
            external_id=f"{bot.bot_id}:{update_id}",
        )
        receive(given, at=_written_at(update, _now()))
        last = max(last, update_id)
    if last:
        wake()
    return last


def _written_at(update: dict[str, Any], now: datetime) -> datetime:
    """When it was written, as Telegram says; never later than now."""
    message = update.get("message")
    said = message.get("date") if isinstance(message, dict) else None
    if type(said) is not int:
        return now
    return min(now, max(now - KEPT_FOR, datetime.fromtimestamp(said % 2**33, UTC)))


def _trouble(bot: Bot, code: str, retry_seconds: int, failures: int) -> int:
    if bot.problem != code:
        log.warning("bot %s: %s", bot.pk, code)
    usual = PAUSES_SECONDS.get(code, min(TOP_PAUSE_SECONDS, 2 ** min(failures, 6)))
    pause = retry_seconds or usual
    retry_at = _now() + timedelta(seconds=retry_seconds) if retry_seconds else None
    Bot.objects.filter(pk=bot.pk).update(problem=code, retry_at=retry_at)
    return pause


def _taken(bot_pk: int) -> bool:
    bot, now = Bot.objects.get(pk=bot_pk), _now()
    mine = Bot.objects.filter(pk=bot_pk, holder=bot.holder, leased_until=bot.leased_until)
    is_free = not bot.leased_until or bot.leased_until < now or is_gone(bot.holder)
    is_odd = bot.leased_until is not None and bot.leased_until > now + 2 * LEASE
    return bool((is_free or is_odd) and mine.update(holder=me(), leased_until=now + LEASE))


def _renewed(bot_pk: int) -> bool:
    mine = Bot.objects.filter(pk=bot_pk, holder=me(), is_on=True).exclude(token="")
    return bool(mine.update(leased_until=_now() + LEASE))


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
