"""Sending what waits, chat by chat in the order written; at least once."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from voronka.foundation.sealing import LostKeyError, unseal
from voronka.inquiries.intake import answer_inquiry
from voronka.inquiries.telegram import api
from voronka.inquiries.telegram.tables import Bot, Reply
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryMessageFailed
from voronka.people.outside import outside_is_closed
from voronka.people.viewers import SYSTEM

LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=30)
GIVE_UP_AFTER = timedelta(hours=24)


def send_waiting(*, now: datetime) -> None:
    """Send what is due in all chats."""
    rows = Reply.objects.filter(state="waiting", next_at__lte=now)
    for chat_pk in rows.values_list("thread__chat_id", flat=True).distinct()[:200]:
        send_chat(chat_pk, now=now)


def send_chat(chat_pk: int, *, now: datetime) -> None:
    """Send what waits for one chat, the oldest first; one that is put off holds the others."""
    while not outside_is_closed() and (reply := _claimed(chat_pk, now)):
        if not _sent(reply, now):
            break


def _claimed(chat_pk: int, now: datetime) -> Reply | None:
    rows = Reply.objects.filter(thread__chat_id=chat_pk, state="waiting")
    first = rows.select_related("thread__chat__bot", "thread__inquiry").order_by("pk").first()
    if first is None or first.next_at > now:
        return None
    # A lease that ends later than any can: the clock has been set back since.
    if now < (first.leased_until or now) <= now + 2 * LEASE:
        return None
    mine = Reply.objects.filter(
        pk=first.pk, state="waiting", leased_until=first.leased_until, attempts=first.attempts
    )
    took = mine.update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    return first if took else None


def _sent(reply: Reply, now: datetime) -> bool:
    """Send one; False when the chat has to wait."""
    chat = reply.thread.chat
    bot = chat.bot
    if not bot.token:
        return _failed(reply, "unauthorized", now)
    if now - reply.at > GIVE_UP_AFTER:
        return _failed(reply, "unreachable", now)
    if not bot.is_on or (bot.retry_at and bot.retry_at > now):
        return _put_off(reply, max(bot.retry_at or now, now + PAUSE))
    try:
        message_id = api.send_message(
            unseal(bot.token), chat_id=chat.chat_id, text=reply.text, button=reply.button
        )
    except LostKeyError:
        return _failed(reply, "unauthorized", now)
    except api.TelegramError as error:
        if error.code not in api.RETRIED:
            return _failed(reply, error.code, now)
        later = now + max(timedelta(seconds=error.retry_seconds), PAUSE)
        if error.retry_seconds:
            Bot.objects.filter(pk=bot.pk).update(retry_at=later)
        return _put_off(reply, later)
    return _done(reply, message_id, now)


@transaction.atomic
def _done(reply: Reply, message_id: int, now: datetime) -> bool:
    waiting = Reply.objects.filter(pk=reply.pk, state="waiting")
    known = {"state": "sent", "sent_at": now, "message_id": message_id, "leased_until": None}
    if waiting.update(**known) and reply.kind == "answer" and reply.by_id:
        # The right was asked for when it was written; meanwhile it may be another's.
        by = replace(SYSTEM, person_id=reply.by_id)
        inquiry_id, at = reply.thread.inquiry_id, max(now, reply.at)
        answer_inquiry(inquiry_id=inquiry_id, by=by, at=at, channel="messenger")
    return True


def _put_off(reply: Reply, until: datetime) -> bool:
    waiting = Reply.objects.filter(pk=reply.pk, state="waiting")
    waiting.update(next_at=until, leased_until=None)
    return False


@transaction.atomic
def _failed(reply: Reply, code: str, now: datetime) -> bool:
    waiting = Reply.objects.filter(pk=reply.pk, state="waiting")
    if waiting.update(state="failed", problem=code, leased_until=None):
        inquiry = reply.thread.inquiry
        body = InquiryMessageFailed(number=inquiry.number, how=reply.kind, problem=code)
        tell(body, inquiry, by_id=None, at=now)
    return True
