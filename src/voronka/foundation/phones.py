"""Phone numbers: one form for all, extensions kept. Used by cards, import, search, calls."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from voronka.foundation.errors import RefusalError

_EXTENSION = re.compile(
    r"(?:\s*[,;(]?\s*(?:доб(?:авочный)?|доп|вн(?:утренний)?|ext(?:ension)?|x|х)\s*[.:№#=]*\s*"
    r"|\s*#\s*|\s*,{1,2}\s*|\s*;\s*)\(?([0-9]{1,8})\)?\s*$",
    re.IGNORECASE,
)
_NOISE = str.maketrans("", "", " \t\r\n\u00a0\u2009\u202f()-–—‑.")
# "+7 8 900 …" and "+8 900 …" are habits of those who dial by 8; no country has +78 or +89.
# Ten digits from 810 on are no town but a call abroad cut short: 8-10 and a country.
_RUSSIAN = re.compile(r"(?!810[0-9]{7}$)(?:\+?7|8|\+?78(?=[3489])|\+8(?=9))?([3-9][0-9]{9})")
_FLOAT = re.compile(r"(\+?[0-9]{10,15})\.0")
_SHORT_TAIL = r"(?!\s*[0-9]{1,5}\s*(?:[,;/|\n]|$))(?!\s*(?:доб|доп|вн|ext|x|х))"
_SEPARATOR = re.compile(r"[/|\r\n]+|[,;]+" + _SHORT_TAIL, re.IGNORECASE)
_RUSSIA = 7


class BadPhoneError(RefusalError):
    """The text is no phone number. details: text, digits (how many it holds)."""

    code = "bad_phone"


class JunkPhoneError(BadPhoneError):
    """The field was filled to be left alone: equal digits, or a code that cannot be."""

    code = "junk_phone"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164, and an extension or ""."""

    e164: str
    extension: str = ""


def parse_phone(text: str, region: str = "RU") -> Phone:
    """Bring a number as typed to E.164: 8…, 7… and ten digits are Russian.

    A number without its area code is refused: which town it is in, nobody knows. Idempotent:
    the result, written as `e164` or by `format_phone`, gives itself again.

    Raises: BadPhoneError, JunkPhoneError (equal digits; in a Russian number the last seven,
    0 in any and any digit in a mobile one: 495 777-77-77 is a real taxi, 900 777-77-77 is not).
    """
    # Most numbers of a base have no extension: half the time of the full way.
    if region == "RU" and (plain := _RUSSIAN.fullmatch(text.translate(_NOISE))):
        return _russian(plain[1], "", text)
    return _parse(text, region)


@lru_cache(maxsize=4096)
def _parse(text: str, region: str) -> Phone:
    body, extension = text.strip(), ""
    if len(body) > 200:
        raise _bad(text)
    if float_of_a_table := _FLOAT.fullmatch(body):
        body = float_of_a_table[1]
    if found := _EXTENSION.search(body):
        body, extension = body[: found.start()], found[1]
    compact = body.translate(_NOISE)
    if region == "RU" and (russian := _RUSSIAN.fullmatch(compact)):
        return _russian(russian[1], extension, text)
    return _foreign(compact, extension, text, region)


def _russian(national: str, extension: str, text: str) -> Phone:
    # The fast way out first: seven equal digits need a repeated last pair.
    if national[-1] == national[-2] and _is_junk(national):
        raise JunkPhoneError(text=text[:60], digits=len(national))
    return Phone("+7" + national, extension)


def _is_junk(national: str) -> bool:
    subscriber = national[3:]
    if subscriber.strip(subscriber[0]):
        return False
    return subscriber[0] in ("0", national[0]) or national[0] == "9"


def _foreign(compact: str, extension: str, text: str, region: str) -> Phone:
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        raise _bad(text) from None
    national = phonenumbers.national_significant_number(number)
    extension = extension or number.extension or ""
    if number.country_code == _RUSSIA and len(national) == 10:
        if national[0] < "3":
            raise JunkPhoneError(text=text[:60], digits=10)
        return _russian(national, extension, text)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE or len(national) < 5:
        raise _bad(text)
    if len(set(national)) == 1:
        raise JunkPhoneError(text=text[:60], digits=len(national))
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, extension)


def _bad(text: str) -> BadPhoneError:
    digits = [sign for sign in text[:200] if sign.isdigit()]
    kind = JunkPhoneError if len(digits) >= 5 and len(set(digits)) == 1 else BadPhoneError
    return kind(text=text[:60], digits=len(digits))


def split_phones(text: str) -> list[str]:
    """Split a cell that holds several numbers; extensions stay with their number.

    Signs between numbers: , ; / | and a new line. One to five digits after a comma or a
    semicolon are an extension. Parts without a digit are dropped.
    """
    parts = (part.strip() for part in _SEPARATOR.split(text))
    return [part for part in parts if any(sign.isdigit() for sign in part)]


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

    A leading 8 before a Russian area code goes, from four digits on: "8 (900) 000" looks for
    900000, which stands in 79000000000. What is found without the 8 includes all that is
    found with it, so a fragment from the middle of a number or of an INN loses nothing. Of a
    whole number of eleven digits the leading 7 goes too.
    """
    digits = "".join(sign for sign in query if sign.isdigit())
    starts_a_number = query.strip().lstrip("+(")[:1] in ("7", "8")
    if not starts_a_number or any(sign.isalpha() for sign in query):
        return digits
    if digits[0] == "8" and 4 <= len(digits) <= 11 and digits[1] in "3489":
        return digits[1:]
    return digits[1:] if len(digits) == 11 else digits
