"""Dates and moments as files write them, brought to aware UTC."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from voronka.importing.bad_values import BadDateError, BadDateRangeError

FIRST_YEAR, LAST_YEAR = 1970, 2100

_MONTHS = (
    "январь января january", "февраль февраля february", "март марта march",
    "апрель апреля april", "май мая may", "июнь июня june", "июль июля july",
    "август августа august", "сентябрь сентября september", "октябрь октября october",
    "ноябрь ноября november", "декабрь декабря december",
)  # fmt: skip
_CLOCK = (
    r"(?:[\s,T]+(?:в\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})"
    r"(?:[.,]\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?:\s*г\.?)?"
    + _CLOCK,
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[./-](?P<b>\d{1,2})[./-](?P<a>\d{1,2})" + _CLOCK, re.IGNORECASE
)
_WORDS = re.compile(
    r"(?:[^\W\d_]{2,11}\.?,\s*)?(?P<a>\d{1,2})(?:st|nd|rd|th)?[\s-]*(?P<month>[^\W\d_]{3,9})\.?,?[\s-]*"
    r"(?P<year>\d{4}|\d{2})(?:\s*г(?:ода|\.)?)?" + _CLOCK,
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]{3,9}\.?,\s*)?(?P<month>[^\W\d_]{3,9})\.?\s+(?P<a>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>\d{4})" + _CLOCK,
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{2,4}")


def parse_moment(text: str, zone: tzinfo, *, day_first: bool | None = None) -> datetime:
    """Read a moment; without an offset of its own it is `zone`'s, without a time its midnight.

    ISO with offset or fraction, "24.11.2026 15:02", "24 ноября 2026", "24-ноя-26",
    "11/24/2026 3:02 PM". With slashes day and month must tell themselves apart, unless
    `day_first` says which comes first. Years of two digits are 1970..2069.

    Raises: BadDateError, BadDateRangeError (1970..2100 only).
    """
    if text[4:5] == "-":
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return _in_utc(at, zone, text)
    return _other(text, zone, day_first)


def parse_day(text: str, *, day_first: bool | None = None) -> date:
    """Read a day in any of the shapes of `parse_moment`; a time in it is dropped.

    Raises: BadDateError, BadDateRangeError.
    """
    at = _local(text, day_first)
    _check_year(at.year, text)
    return at.date()


def day_order(samples: Iterable[str]) -> bool | None:
    """Tell from a column of "11/24/2026" whether days come first; None when nothing tells.

    Also None when the column contradicts itself.
    """
    seen = set()
    for text in samples:
        if found := _SLASHED.match(text):
            first, second = int(found[1]), int(found[2])
            if first > 12 or second > 12:
                seen.add(first > 12)
    return seen.pop() if len(seen) == 1 else None


@lru_cache(maxsize=16384)
def _other(text: str, zone: tzinfo, day_first: bool | None) -> datetime:
    return _in_utc(_local(text, day_first), zone, text)


def _in_utc(at: datetime, zone: tzinfo, text: str) -> datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise BadDateRangeError(text=text[:60])
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _check_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDateRangeError(text=text[:60])


def _local(text: str, day_first: bool | None) -> datetime:
    body = " ".join(text.split()).rstrip(".,")
    if _ISO.match(body):
        try:
            return datetime.fromisoformat(body)
        except ValueError:
            pass
    for shape in (_NUMERIC, _YEAR_FIRST, _WORDS, _MONTH_FIRST):
        if found := shape.fullmatch(body):
            return _made(found, text, day_first)
    raise BadDateError(text=text[:60], reason="shape")


def _made(found: "re.Match[str]", text: str, day_first: bool | None) -> datetime:
    parts = found.groupdict()
    day, month = _day_and_month(parts, text, day_first)
    hour = _hour(int(parts["hour"] or 0), (parts["half"] or "").casefold()[:1])
    minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
    try:
        return datetime(_year(parts["year"]), month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        raise BadDateError(text=text[:60], reason="calendar") from None


def _day_and_month(
    parts: dict[str, str | None], text: str, day_first: bool | None
) -> tuple[int, int]:
    first = int(parts["a"] or 0)
    if word := parts.get("month"):
        return first, _month(word, text)
    second = int(parts["b"] or 0)
    if parts.get("mark") != "/" or first == second:
        return first, second
    if day_first is None and first <= 12 and second <= 12:
        raise BadDateError(text=text[:60], reason="ambiguous")
    is_day_first = first > 12 or (second <= 12 and bool(day_first))
    return (first, second) if is_day_first else (second, first)


def _month(word: str, text: str) -> int:
    folded = word.casefold()
    for number, names in enumerate(_MONTHS, start=1):
        if len(folded) >= 3 and any(name.startswith(folded) for name in names.split()):
            return number
    raise BadDateError(text=text[:60], reason="shape")


def _year(digits: str | None) -> int:
    year = int(digits or 0)
    if len(digits or "") == 2:
        return year + (1900 if year >= 70 else 2000)
    return year


def _hour(hour: int, half: str) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half == "p" else 0)
