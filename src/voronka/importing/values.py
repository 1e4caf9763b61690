"""Texts of a file as typed values. Each reader refuses with the text it could not read.

Moments and days are in `moments`; they are given here too, for one door.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from voronka.importing.bad_values import (
    BadChoiceError,
    BadDateError,
    BadDateRangeError,
    BadDurationError,
    BadFlagError,
    BadMailError,
    BadNumberError,
    BadValueError,
)
from voronka.importing.moments import day_order, parse_day, parse_moment

__all__ = [
    "BadChoiceError", "BadDateError", "BadDateRangeError", "BadDurationError", "BadFlagError",
    "BadMailError", "BadNumberError", "BadValueError", "day_order", "defuse",
    "is_damaged_number", "is_formula", "parse_bool", "parse_choice", "parse_day",
    "parse_mail", "parse_moment", "parse_number", "parse_seconds", "plain_text",
]  # fmt: skip

YEAR_SECONDS = 366 * 86_400
_TOP_NUMBER = Decimal(10) ** 15
_YES = frozenset(["да", "yes", "y", "true", "1", "on", "истина", "есть", "д", "+", "✓", "✔"])
_NO = frozenset(["нет", "no", "n", "false", "0", "off", "ложь", "н", "-", "✗", "✘"])
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
_NUMBER = re.compile(r"[+\-−]?\d[\d.,]*(?:e[+-]?\d{1,3})?")
_DAMAGED = re.compile(r"\d[.,]\d{2,}E\+\d{2}", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,]\d+)?")
_UNITS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*"
    r"(д(?:н|ень|ня|ней)?|d(?:ays?)?|ч(?:ас(?:а|ов)?)?|h(?:ours?)?|"
    r"м(?:ин(?:ут[аы]?)?)?|m(?:in(?:utes?)?)?|с(?:ек(?:унд[аы]?)?)?|s(?:ec(?:onds?)?)?)"
    r"(?![^\W\d_])\.?,?\s*",
    re.IGNORECASE,
)
_UNIT_SECONDS = {"д": 86_400, "d": 86_400, "ч": 3_600, "h": 3_600, "м": 60, "m": 60}
_MAIL = re.compile(r"[^\s@,;<>()]+@(?:[\w-]+\.)+\w{2,}")
_PHONE_OR_NUMBER = re.compile(r"[+\-−]?[\d(][\d\s().,\u00a0\u202f-]*(?:\s*#\d{1,8})?")
_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|")


def plain_text(text: str) -> str:
    """Give a cell's text without blanks around, and without the sign `defuse` put there."""
    text = text.strip()
    return text[1:] if text.startswith("'") and is_formula(text[1:]) else text


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would execute the text. "+7 900…" and "-5" are not formulas."""
    return text.startswith(_SIGNS) and not _PHONE_OR_NUMBER.fullmatch(text.strip())


def defuse(text: str) -> str:
    """Make text safe for a file that a spreadsheet will open: "'" before a formula."""
    return f"'{text}" if is_formula(text) else text


def is_damaged_number(text: str) -> bool:
    """Say whether a spreadsheet has turned an identifier into "6,02701E+11"."""
    return bool(_DAMAGED.fullmatch(text.strip()))


def parse_number(text: str) -> Decimal:
    """Read "1 234,56", "1,234.56", "−5", "1e3".

    One comma is decimal unless exactly three digits follow ("1,234" is 1234).

    Raises: BadNumberError, also beyond 10**15.
    """
    compact = _BLANKS.sub("", text).casefold()
    if not _NUMBER.fullmatch(compact):
        raise BadNumberError(text=text[:100])
    try:
        value = Decimal(_pointed(compact.replace("−", "-")))
    except InvalidOperation:
        raise BadNumberError(text=text[:100]) from None
    if abs(value) > _TOP_NUMBER:
        raise BadNumberError(text=text[:100])
    return value


def _pointed(compact: str) -> str:
    """Leave one decimal point; the last of two kinds of marks is the decimal one."""
    commas, points = compact.count(","), compact.count(".")
    if commas and points:
        mark = max(",.", key=compact.rfind)
        other = "." if mark == "," else ","
        return compact.replace(other, "").replace(mark, ".")
    mark = "," if commas else "."
    groups = compact.lstrip("+-").split(mark)
    are_thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
    if commas + points > 1 or (commas and are_thousands and groups[0] != "0"):
        return compact.replace(mark, "") if are_thousands else "?"
    return compact.replace(",", ".")


def parse_bool(text: str) -> bool:
    """Read да/нет, yes/no, 1/0, true/false. Raises: BadFlagError."""
    folded = text.strip().casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise BadFlagError(text=text[:100])


@lru_cache(maxsize=8192)
def parse_seconds(text: str) -> int:
    """Read a duration: "0:06:12", "6:12" (minutes first), "372", "6 мин 12 с".

    Parts of a second are rounded. Raises: BadDurationError, also beyond a year.
    """
    seconds = _seconds(text.strip())
    if seconds is None or not 0 <= seconds <= YEAR_SECONDS:
        raise BadDurationError(text=text[:100])
    return seconds


def _seconds(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text[:12])
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = int(clock[1] or 0), int(clock[2]), int(clock[3])
        is_possible = rest < 60 and (minutes < 60 or not clock[1])
        return hours * 3600 + minutes * 60 + rest if is_possible else None
    parts = _UNITS.findall(text)
    if parts and not _UNITS.sub("", text).strip():
        return round(sum(_decimal(n) * _UNIT_SECONDS.get(u[0].lower(), 1) for n, u in parts))
    if re.fullmatch(r"\d{1,9}[.,]\d+", text):
        return round(_decimal(text))
    return None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def parse_mail(text: str) -> str:
    """Give an address in lower case, out of "Имя <a@b.ru>" too. Raises: BadMailError."""
    body = text.strip().removeprefix("mailto:")
    if body.endswith(">") and "<" in body:
        body = body[body.rindex("<") + 1 : -1].strip()
    if not _MAIL.fullmatch(body) or len(body) > 200:
        raise BadMailError(text=text[:100])
    return body.lower()


def parse_choice(text: str, choices: Mapping[str, Sequence[str]]) -> str:
    """Give the key whose own name or one of whose words is the text, whatever its case.

    Raises: BadChoiceError (details: text, choices).
    """
    folded = _word(text)
    for key, words in choices.items():
        if folded == _word(key) or folded in map(_word, words):
            return key
    raise BadChoiceError(text=text[:100], choices=list(choices))


def _word(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("_", " ").split())
