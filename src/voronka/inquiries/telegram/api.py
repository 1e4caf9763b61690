"""Telegram's Bot API over HTTP: four calls and a download; every trouble has a code."""

import http.client
import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings

SECONDS = 10
TOP_ANSWER = 32 * 1024 * 1024
LONGEST_RETRY_SECONDS = 3600
TOKEN = re.compile(r"[0-9]{1,18}:[A-Za-z0-9_-]{20,100}")
RETRIED = ("too_many", "unreachable", "broken_answer", "conflict")
"""Codes of troubles that pass by themselves."""


class TelegramError(Exception):
    """Telegram did not do it. `code`: unauthorized, conflict, webhook, too_many, blocked,
    refused, gone, unreachable, broken_answer, too_big. `retry_seconds`: not before, where it
    said so. The token is in none of them.
    """

    def __init__(self, code: str, said: str = "", retry_seconds: int = 0) -> None:
        super().__init__(f"{code}: {said[:200]}")
        self.code = code
        self.retry_seconds = retry_seconds


@dataclass(frozen=True, slots=True)
class BotName:
    """Who a token belongs to; `name` without the @."""

    id: int
    name: str


def get_me(token: str) -> BotName:
    """Ask whose token it is. Raises: TelegramError."""
    said = _call(token, "getMe", {})
    try:
        return BotName(int(said["id"]), str(said.get("username") or said["id"])[:64])
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise TelegramError("broken_answer") from error


def get_updates(token: str, *, offset: int, wait_seconds: int) -> list[Any]:
    """Wait for updates; an `offset` confirms all before it (0: confirm nothing).

    Raises: TelegramError.
    """
    asked: dict[str, Any] = {
        "timeout": wait_seconds, "limit": 100, "allowed_updates": ["message", "edited_message"],
    }  # fmt: skip
    if offset:
        asked["offset"] = offset
    said = _call(token, "getUpdates", asked, seconds=wait_seconds + SECONDS)
    if not isinstance(said, list):
        raise TelegramError("broken_answer")
    return said


def send_message(token: str, *, chat_id: int, text: str, button: str = "") -> int:
    """Send a text, under it a button that shares the number; give the message's id.

    Raises: TelegramError.
    """
    asked: dict[str, Any] = {"chat_id": chat_id, "text": text}
    if button:
        asked["reply_markup"] = {
            "keyboard": [[{"text": button, "request_contact": True}]],
            "resize_keyboard": True,
            "one_time_keyboard": True,
        }
    said = _call(token, "sendMessage", asked)
    found = said.get("message_id") if isinstance(said, dict) else None
    # Whatever it says, it has been sent: a strange answer must not send it again.
    return found if isinstance(found, int) else 0


def fetch(token: str, *, file_id: str, top_bytes: int) -> bytes:
    """Download a file that came in a chat. Raises: TelegramError, too_big beyond the limit."""
    said = _call(token, "getFile", {"file_id": file_id})
    path = said.get("file_path") if isinstance(said, dict) else None
    if not isinstance(path, str) or ".." in path:
        raise TelegramError("refused", "no path of the file")
    address = f"{settings.TELEGRAM_URL}/file/bot{token}/{quote(path)}"
    content = _read(urllib.request.Request(address), 60, top_bytes + 1)
    if len(content) > top_bytes:
        raise TelegramError("too_big")
    return content


def _call(token: str, method: str, asked: dict[str, Any], seconds: int = SECONDS) -> Any:
    address = f"{settings.TELEGRAM_URL}/bot{token}/{method}"
    body, head = json.dumps(asked).encode(), {"Content-Type": "application/json"}
    answer = _read(urllib.request.Request(address, body, head), seconds, TOP_ANSWER)
    try:
        said = json.loads(answer)
        if said["ok"] is True:
            return said["result"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TelegramError("broken_answer") from error
    status = said.get("error_code")
    raise _trouble(status if isinstance(status, int) else 400, answer)


def _read(request: urllib.request.Request, seconds: int, top_bytes: int) -> bytes:
    if not request.full_url.startswith(("http://", "https://")):
        raise TelegramError("unreachable", "the address is none of the web")
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            content: bytes = answer.read(top_bytes)
            if answer.length and len(content) < top_bytes:
                raise TelegramError("unreachable", "the connection was cut")
            return content
    except urllib.error.HTTPError as error:
        with error:
            raise _trouble(error.code, _rest(error)) from None
    except (OSError, http.client.HTTPException) as error:
        raise TelegramError("unreachable", type(error).__name__) from None


def _rest(error: urllib.error.HTTPError) -> bytes:
    try:
        return error.read(65_536)
    except (OSError, http.client.HTTPException):
        return b""


def _trouble(status: int, body: bytes) -> TelegramError:
    said, retry = _told(body)
    if status == 409:
        return TelegramError("webhook" if "webhook" in said else "conflict", said)
    if status == 429:
        return TelegramError("too_many", said, min(max(1, retry), LONGEST_RETRY_SECONDS))
    if status in (401, 404):
        return TelegramError("unauthorized", said)
    if status == 403:
        return TelegramError("blocked", said)
    if status >= 500 or status < 400:
        return TelegramError("unreachable", said or str(status))
    known = {"chat not found": "gone", "file is too big": "too_big"}
    return TelegramError(next((known[one] for one in known if one in said), "refused"), said)


def _told(body: bytes) -> tuple[str, int]:
    """What Telegram says of a refusal, and for how many seconds it wants peace."""
    try:
        said = json.loads(body)
        more = said.get("parameters") or {}
        retry = more.get("retry_after", 0)
        return str(said.get("description", "")), retry if isinstance(retry, int) else 0
    except (ValueError, AttributeError, RecursionError):
        return "", 0
