"""Reads about bots and chats for screens."""

from dataclasses import dataclass
from datetime import datetime

from voronka.inquiries.telegram.tables import Bot, Thread

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
    """Give the chat of an inquiry that the viewer was let to open; one query."""
    reply = ("pk", "at", "kind", "text", "state", "problem", "sent_at")
    chat = ("chat__bot__name", "chat__bot__is_on", "chat__bot__token", "chat__language")
    rows = Thread.objects.filter(inquiry_id=inquiry_id).order_by("-replies__pk")
    columns = (*chat, *(f"replies__{name}" for name in reply))
    found = list(rows.values_list(*columns)[:SHOWN])
    if not found:
        return None
    name, is_on, token, language = found[0][:4]
    replies = [ReplyRow(*row[4:]) for row in reversed(found) if row[4]]
    return ChatRow(name, bool(is_on and token), language, replies)
