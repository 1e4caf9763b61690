"""Reads about bots and chats for screens."""

from dataclasses import dataclass
from datetime import datetime

from voronka.inquiries.telegram.tables import Bot, Reply, Thread

SHOWN = 5


@dataclass(frozen=True, slots=True)
class BotRow:
    """A bot that was not taken away. `problem`: why it gets nothing now."""

    id: int
    name: str
    is_on: bool
    problem: str
    seen_at: datetime | None
    last_update_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """What was written into a chat, and how it stands: waiting, sent, failed."""

    id: int
    at: datetime
    kind: str
    text: str
    state: str
    problem: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChatRow:
    """The chat of an inquiry, its last replies with the oldest first."""

    bot: str
    is_on: bool
    language: str
    replies: list[ReplyRow]


def bots() -> list[BotRow]:
    """List the bots; one query."""
    columns = ("pk", "name", "is_on", "problem", "seen_at", "last_update_at")
    rows = Bot.objects.exclude(token="").order_by("pk")
    return [BotRow(*row) for row in rows.values_list(*columns)]


def chat_of(*, inquiry_id: int) -> ChatRow | None:
    """Give the chat of an inquiry that the viewer was let to open; two queries, or one."""
    rows = Thread.objects.filter(inquiry_id=inquiry_id).select_related("chat__bot")
    thread = rows.first()
    if thread is None:
        return None
    bot = thread.chat.bot
    columns = ("pk", "at", "kind", "text", "state", "problem", "sent_at")
    replies = Reply.objects.filter(thread=thread).order_by("-pk").values_list(*columns)
    shown = [ReplyRow(*row) for row in replies[:SHOWN]][::-1]
    return ChatRow(bot.name, bool(bot.is_on and bot.token), thread.chat.language, shown)
