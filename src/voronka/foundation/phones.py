"""Phone numbers: one form for all, extensions kept. Used by cards, import, search, calls."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from voronka.foundation.errors import RefusalError

_EXTENSION = re.compile(
    r"(?:\s*[,;]?\s*(?:доб(?:авочный)?|вн(?:утренний)?|ext(?:ension)?|x)\s*[.:№#]*\s*|\s*#\s*|,{1,2}\s*)"
    r"\(?(\d{1,8})\)?\s*$",
    re.IGNORECASE,
)
_NOISE = str.maketrans("", "", " \t\u00a0\u2009\u202f()-–—‑.")
_RUSSIAN = re.compile(r"^(?:\+?7|8)?([3-9]\d{9})$")


class BadPhoneError(RefusalError):
    """The text is no phone number. details: text, digits (how many it holds)."""

    code = "bad_phone"


class JunkPhoneError(BadPhoneError):
    """All digits are the same: somebody filled the field to be left alone."""

    code = "junk_phone"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and an extension or ""."""

    e164: str
    extension: str = ""


def parse_phone(text: str, region: str = "RU") -> Phone:
    """Bring a number as typed to E.164: 8…, 7… and ten digits are Russian.

    Idempotent: the result, written as `e164` or by `format_phone`, gives itself again.

    Raises: BadPhoneError, JunkPhoneError.
    """
    return _parse(text, region)


@lru_cache(maxsize=4096)
def _parse(text: str, region: str) -> Phone:
    body, extension = text.strip(), ""
    if found := _EXTENSION.search(body):
        body, extension = body[: found.start()], found[1]
    compact = body.translate(_NOISE)
    if region == "RU" and (russian := _RUSSIAN.match(compact)):
        return _sound(Phone("+7" + russian[1], extension), russian[1], text)
    return _foreign(compact, extension, text, region)


def _foreign(compact: str, extension: str, text: str, region: str) -> Phone:
    digits = sum(sign.isdigit() for sign in compact)
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        raise BadPhoneError(text=text[:60], digits=digits) from None
    if not phonenumbers.is_possible_number(number) or digits < 7:
        raise BadPhoneError(text=text[:60], digits=digits)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return _sound(
        Phone(e164, extension or number.extension or ""), str(number.national_number), text
    )


def _sound(phone: Phone, national: str, text: str) -> Phone:
    if len(set(national)) == 1:
        raise JunkPhoneError(text=text[:60], digits=len(national))
    return phone


def split_phones(text: str) -> list[str]:
    """Split a cell that holds several numbers; extensions stay with their number.

    A comma before a short group of digits is an extension, before a long one a separator.
    """
    parts = re.split(r"[;/\n|]+|,(?=\s*\+?[\d(][\d()\s-]{6,})", text)
    return [part.strip() for part in parts if any(sign.isdigit() for sign in part)]


def format_phone(e164: str, extension: str = "") -> str:
    """Write a number for people: +7 900 000-14-52, foreign ones in their own way."""
    if e164.startswith("+7") and len(e164) == 12:
        shown = f"+7\u00a0{e164[2:5]}\u00a0{e164[5:8]}-{e164[8:10]}-{e164[10:]}"
    else:
        try:
            number = phonenumbers.parse(e164, None)
        except phonenumbers.NumberParseException:
            return e164
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        shown = phonenumbers.format_number(number, style).replace(" ", "\u00a0")
    return f"{shown}\u00a0#{extension}" if extension else shown


def search_digits(query: str) -> str:
    """Give the digits of a typed fragment, comparable to stored numbers.

    A leading 8 of a long Russian number, and a leading 7, are dropped: "8 (900) 000" looks
    for 900000, which stands in 79000000000.
    """
    digits = "".join(sign for sign in query if sign.isdigit())
    written_in_full = query.strip().startswith(("8", "+7", "7")) and len(digits) >= 5
    is_number = not any(sign.isalpha() for sign in query)
    if written_in_full and is_number and digits[1:2] in tuple("3489") and len(digits) <= 11:
        return digits[1:] if len(digits) == 11 or "(" in query or "+" in query else digits
    return digits
