"""From an update of Telegram to a message in our words, and to an inquiry. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any

from voronka.inquiries.new_inquiry import NewInquiry, NoInquiryError, UnreadError
from voronka.inquiries.raw_texts import decoded

TOP_TEXT = 10_000
_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*$")
_PARTS = ("utm_source", "utm_campaign", "utm_content")
_FILES = {
    "document": ".bin", "voice": ".ogg", "audio": ".mp3", "video": ".mp4", "video_note": ".mp4",
    "animation": ".mp4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileName:
    """A file that lies at Telegram. Bytes, 0: not told."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of one person to a bot. `phone`: the own one, shared; `start`: what the link
    carried by which the chat was opened. `is_automatic`: sent while nobody was there.
    """

    chat_id: int
    message_id: int
    is_edit: bool
    is_automatic: bool
    name: str
    username: str
    language: str
    text: str
    phone: str
    start: str
    file: FileName | None


def message_of(body: bytes) -> Message:
    """Read an update. Raises: UnreadError not_json, bad_telegram; NoInquiryError group_chat,
    from_bot, other_update.
    """
    said, is_edit = _said(body)
    chat, sender = _part(said, "chat"), _part(said, "from")
    if _text(chat, "type") != "private":
        raise NoInquiryError("group_chat")
    if sender.get("is_bot") is True:
        raise NoInquiryError("from_bot")
    chat_id, message_id = _id(chat, "id"), _id(said, "message_id")
    if not chat_id:
        raise UnreadError("bad_telegram")
    text = (_text(said, "text") or _text(said, "caption"))[:TOP_TEXT].strip()
    opened = _START.match(text)
    name = f"{_text(sender, 'first_name')} {_text(sender, 'last_name')}".strip()
    phone, more = _contact(said, sender)
    return Message(
        chat_id=chat_id,
        message_id=message_id,
        is_edit=is_edit,
        is_automatic=said.get("is_from_offline") is True,
        name=name[:200] or _text(sender, "username")[:64] or str(chat_id),
        username=_text(sender, "username")[:64],
        language=_text(sender, "language_code")[:12],
        text="" if opened else "\n".join(filter(None, (text, more, _place(said)))),
        phone=phone,
        start=(opened[1] or "") if opened else "",
        file=_file(said),
    )


def read_message(body: bytes, channel: str) -> NewInquiry:
    """Read an update as an inquiry. Raises: as message_of."""
    message = message_of(body)
    marks = dict(zip(_PARTS, filter(None, message.start.split("__")), strict=False))
    if message.username:
        marks["telegram"] = f"@{message.username}"
    if message.language:
        marks["language"] = message.language
    return NewInquiry(
        channel=channel,
        name=message.name,
        phone=message.phone,
        text=message.text,
        source="" if "utm_source" in marks else "Telegram",
        marks=marks,
        raw=decoded(body),
    )


def _said(body: bytes) -> tuple[dict[str, Any], bool]:
    try:
        update = json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise UnreadError("not_json") from error
    if not isinstance(update, dict):
        raise UnreadError("bad_telegram")
    for name in ("message", "edited_message"):
        if name in update:
            if not isinstance(update[name], dict):
                raise UnreadError("bad_telegram")
            return update[name], name == "edited_message"
    raise NoInquiryError("other_update")


def _contact(said: dict[str, Any], sender: dict[str, Any]) -> tuple[str, str]:
    """The sender's own number; or somebody else's card as text."""
    card = _part(said, "contact")
    digits = re.sub(r"\D", "", _text(card, "phone_number"))[:20]
    if not digits:
        return "", ""
    if card.get("user_id") == sender.get("id"):
        return f"+{digits}", ""
    name = f"{_text(card, 'first_name')} {_text(card, 'last_name')}".strip()
    return "", f"{name} +{digits}".strip()[:300]


def _place(said: dict[str, Any]) -> str:
    place = _part(said, "location")
    at = [place.get("latitude"), place.get("longitude")]
    return f"geo:{at[0]},{at[1]}" if all(isinstance(one, float) for one in at) else ""


def _file(said: dict[str, Any]) -> FileName | None:
    photos = said.get("photo")
    if isinstance(photos, list) and photos and isinstance(photos[-1], dict):
        return _named(photos[-1], "photo", ".jpg")
    for kind, ending in _FILES.items():
        if found := _part(said, kind):
            return _named(found, kind, ending)
    return None


def _named(given: dict[str, Any], kind: str, ending: str) -> FileName | None:
    file_id = _text(given, "file_id")[:300]
    name = _text(given, "file_name")[-200:] or f"{kind}{ending}"
    return FileName(file_id, name, _id(given, "file_size")) if file_id else None


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""


def _id(said: dict[str, Any], name: str) -> int:
    found = said.get(name)
    return found if type(found) is int and 0 < found < 2**62 else 0
