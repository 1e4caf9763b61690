"""Letters that no human wrote: auto-replies, bounces, lists."""

import re
from email.message import Message

from voronka.inquiries.mailing.headers import addresses, header

_ROBOT = re.compile(r"(mailer-daemon|postmaster|mail-daemon|daemon)@")
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID")
_REPLIES = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Mail-Autoreply")


def machine_of(letter: Message) -> str:
    """Say how a letter gives away that a machine wrote it; "" when nothing does.

    bounce: a report of a mail server; reply: an auto-reply; list: a mailing; robot: a
    notification.
    """
    if _is_bounce(letter):
        return "bounce"
    auto = _first_word(header(letter, "Auto-Submitted"))
    precedence = _first_word(header(letter, "Precedence"))
    if auto.startswith("auto-replied") or precedence == "auto_reply":
        return "reply"
    if any(header(letter, name).lower() not in ("", "no") for name in _REPLIES):
        return "reply"
    if precedence in ("bulk", "junk", "list") or any(header(letter, one) for one in _LISTS):
        return "list"
    return "robot" if auto and auto != "no" else ""


def _is_bounce(letter: Message) -> bool:
    if letter.get_content_type() == "multipart/report":
        return True
    if any(_ROBOT.match(address) for _name, address in addresses(letter, "From", "Sender")):
        return True
    return header(letter, "Return-Path").replace(" ", "") == "<>"


def _first_word(text: str) -> str:
    return re.split(r"[;\s(]", text.strip().lower())[0]
