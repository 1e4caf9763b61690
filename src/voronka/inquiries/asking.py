"""What an inquiry is to the router: its source, product, region, language, sum and moment."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from voronka.foundation.area_codes_ru import region_of
from voronka.foundation.errors import RefusalError
from voronka.foundation.money import parse_rubles
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import Inquiry
from voronka.routing.rules import Asked

LETTERS = 3
"""Fewer letters tell no language."""


def case_of(inquiry: Inquiry, sold: Mapping[str, str]) -> dict[str, str]:
    """Tell what an inquiry is to the router: its source, channel, and the product asked for.

    `sold`: products by their names in small letters; what is none of ours counts as nothing,
    so that nobody fills what is learned with words of a form.
    """
    source = inquiry.source.name if inquiry.source else ""
    product = sold.get(str(inquiry.marks.get("product", "")).strip().casefold(), "")
    return {"source": source, "channel": inquiry.channel, "product": product}


def asked_of(
    inquiry: Inquiry, sold: Mapping[str, str], calendar: WorkCalendar, at: datetime
) -> Asked:
    """Give an inquiry as rules see it. The language is that of the mark "language", else of
    the letters; the sum that of the mark "amount", else of the deal it belongs to.
    """
    case = case_of(inquiry, sold) | {
        "region": region_of(inquiry.phone),
        "language": _language(inquiry),
    }
    return asked_at(case, amount_of(inquiry), calendar, at)


def asked_at(
    case: Mapping[str, str], amount_kopecks: int | None, calendar: WorkCalendar, at: datetime
) -> Asked:
    """Give what came at a moment: hours and days are those of the firm's zone."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    return Asked(
        case,
        amount_kopecks,
        local.weekday(),
        local.hour * 60 + local.minute,
        calendar.is_working(at),
    )


def amount_of(inquiry: Inquiry) -> int | None:
    """Give the sum of the mark "amount", else of its deal, in kopecks; None: not known."""
    marked = str(inquiry.marks.get("amount", "")).strip()
    if marked:
        try:
            return parse_rubles(marked)
        except RefusalError:
            return None
    return inquiry.deal.amount_kopecks if inquiry.deal else None


def language_of(text: str) -> str:
    """Guess the language by its letters: "ru" for mostly Cyrillic, "en" for mostly Latin."""
    cyrillic = sum("а" <= sign <= "я" or sign == "ё" for sign in text.lower())
    latin = sum("a" <= sign <= "z" for sign in text.lower())
    if max(cyrillic, latin) < LETTERS:
        return ""
    return "ru" if cyrillic >= latin else "en"


def _language(inquiry: Inquiry) -> str:
    marked = str(inquiry.marks.get("language", "")).strip().lower()[:2]
    return marked or language_of(f"{inquiry.text[:2000]} {inquiry.name}")
