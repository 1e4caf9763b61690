"""A message joins the open inquiry of its chat, or makes a new one."""

from dataclasses import replace
from datetime import datetime, timedelta

from voronka.clients.finding import by_phone
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.text import storable
from voronka.foundation.turns import take_turn
from voronka.inquiries.intake import register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.inquiries.received_models import Received, ReceivedFile
from voronka.inquiries.receiving import whole_body
from voronka.inquiries.telegram.jobs import fetch_file
from voronka.inquiries.telegram.messages import Message, message_of, read_message
from voronka.inquiries.telegram.replies import queue_reply
from voronka.inquiries.telegram.tables import Bot, Chat, Thread
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryMessage
from voronka.people.outside import outside_is_closed
from voronka.people.settings import all_settings
from voronka.people.viewers import SYSTEM


def take_message(received: Received, now: datetime) -> Inquiry:
    """Put a message where it belongs; must run in the transaction of its taking in.

    It joins while the chat's inquiry is not classified, and for so many days after the last
    message as the setting says; an edit always joins.
    Raises: UnreadError, NoInquiryError.
    Records: InquiryMessage, or what a new inquiry records.
    """
    # Of two messages of a new chat one must find what the other has made.
    take_turn("inquiry decision")
    message = message_of(whole_body(received))
    chat = _chat(received, message)
    thread = chat.threads.select_related("inquiry").order_by("-pk").first()
    if thread and _joins(thread, message, received.at):
        inquiry = _join(thread, message, received.at)
    else:
        inquiry = _opened(received, chat, thread, message, now)
    if message.file:
        _expect_file(received, message, chat)
    return inquiry


def _chat(received: Received, message: Message) -> Chat:
    bot = Bot.objects.get(bot_id=int(received.external_id.split(":")[0]))
    chat, _ = Chat.objects.get_or_create(bot=bot, chat_id=message.chat_id)
    chat.name, chat.username = storable(message.name), storable(message.username)
    chat.language = storable(message.language)
    chat.phone = message.phone or chat.phone
    chat.save()
    return chat


def _joins(thread: Thread, message: Message, at: datetime) -> bool:
    inquiry = thread.inquiry
    if inquiry.removed_at:
        return False
    if inquiry.state == "new" or message.is_edit:
        return True
    last = max(thread.last_at, inquiry.state_at or thread.last_at)
    return at - last < timedelta(days=all_settings()["telegram_new_after_days"])


def _join(thread: Thread, message: Message, at: datetime) -> Inquiry:
    inquiry = thread.inquiry
    thread.last_at = max(thread.last_at, at)
    thread.save(update_fields=["last_at"])
    text = storable(message.text)
    inquiry.text = inquiry.text or text
    if message.phone and not inquiry.phone:
        inquiry.phone = _plain(message.phone)
        inquiry.client = inquiry.client or by_phone(inquiry.phone).first()
    inquiry.save(update_fields=["text", "phone", "client"])
    how = "edit" if message.is_edit else "message"
    said = InquiryMessage(
        number=inquiry.number, how=how, text=text[:4000], phone=_plain(message.phone)
    )
    tell(said, inquiry, by_id=None, at=at)
    return inquiry


def _opened(
    received: Received, chat: Chat, before: Thread | None, message: Message, now: datetime
) -> Inquiry:
    # A clock set back since must not have it answered before it came.
    at = max(now, received.at)
    known = replace(
        read_message(whole_body(received), received.channel),
        phone=message.phone or chat.phone,
        arrived_at=received.at,
        external_id=received.external_id,
    )
    if before:
        spam = "sender" if before.inquiry.state == "spam" else ""
        known = replace(known, client_id=before.inquiry.client_id, spam=spam)
    inquiry = register_inquiry(known, by=SYSTEM, at=at)
    thread, _ = Thread.objects.get_or_create(
        inquiry=inquiry, defaults={"chat": chat, "last_at": received.at}
    )
    text = all_settings()["telegram_auto_reply"].strip()
    is_wanted = text and inquiry.state != "spam" and not message.is_automatic
    if is_wanted and not outside_is_closed():
        shown = text.replace("{n}", str(inquiry.number))
        queue_reply(thread, kind="auto", text=shown, by=SYSTEM, at=at)
    return inquiry


def _expect_file(received: Received, message: Message, chat: Chat) -> None:
    if message.file is None:
        return
    row = ReceivedFile.objects.create(
        received=received,
        name=storable(message.file.name),
        size=message.file.size,
        problem="waiting",
    )
    fetch_file.enqueue(file_id=row.pk, bot_pk=chat.bot_id, telegram_id=message.file.id)


def _plain(phone: str) -> str:
    try:
        return parse_phone(phone).e164 if phone else ""
    except RefusalError:
        return phone
