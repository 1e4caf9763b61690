"""Letters in the timeline."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import escape

from voronka.web import formats, words

Line = tuple[str, str, str, str]


def written(body: dict[str, Any], names: dict[int, str]) -> Line:
    """Tell of a letter that was written; it leads to what became of it."""
    is_mail = body["channel"] == "mail"
    title = _("Письмо клиенту") if is_mail else _("Сообщение клиенту")
    to = body["to"] if is_mail else str(formats.phone(body["to"]).striptags())
    place = reverse("letter", args=[body["letter_id"]])
    text = f'<a href="{place}"><b>{escape(title)}</b></a>'
    after = ", ".join(one for one in (body["subject"], to) if one)
    detail = body["text"]
    return "mail", "accent", f"{text}, {escape(after)}" if after else text, detail


def sent(body: dict[str, Any], names: dict[int, str]) -> Line:
    """Tell that it went."""
    title = _("Письмо ушло") if body["channel"] == "mail" else _("Сообщение ушло")
    return "check", "good", _bold(title, body["subject"]), ""


def failed(body: dict[str, Any], names: dict[int, str]) -> Line:
    """Tell that it did not go, and why."""
    title = _("Письмо не ушло") if body["channel"] == "mail" else _("Сообщение не ушло")
    place = reverse("letter", args=[body["letter_id"]])
    text = f'<a href="{place}">{_bold(title, body["subject"])}</a>'
    return "missed", "bad", text, str(words.LETTER_PROBLEMS.get(body["problem"], ""))


def _bold(text: str, more: str) -> str:
    return f"<b>{escape(text)}</b>{', ' + str(escape(more)) if more else ''}"
