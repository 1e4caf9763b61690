"""Money: integer kopecks, read from what people type, rounded half up, shared to the kopeck."""

import re
from collections.abc import Sequence
from fractions import Fraction

from voronka.foundation.errors import RefusalError

TOP_KOPECKS = 10**15
_UNITS = {"тыс": 1_000, "k": 1_000, "млн": 1_000_000, "m": 1_000_000, "млрд": 1_000_000_000}
_SHAPE = re.compile(
    r"(?P<minus>[-−])?(?:₽|руб\.?|rub)?(?P<number>[0-9.,]+)(?P<unit>тыс|млн|млрд|k|m)?\.?"
    r"(?:₽|р|руб|рублей|рубля|рубль|rub|rur)?\.?"
)
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
_LONGEST = 60
"""Signs of a sum: 10**15 kopecks take 17 digits; a cell of 10 MB is not even looked at."""


class BadMoneyError(RefusalError):
    """The text is no sum of money. details: text."""

    code = "bad_money"


def parse_rubles(text: str, *, allow_negative: bool = False) -> int:
    """Read roubles as typed ("1 240 000,50 ₽", "1.240.000,50", "1,5 млн") into kopecks.

    The last of "," and "." is the decimal mark when both stand there. One mark alone is
    decimal, unless exactly three digits follow it after 1-3 digits and it is a comma or stands
    there several times ("1,240" is 1240, "1.240" is 1.24 as machines write it).
    More than two decimals are rounded half up; zero with a minus is zero.

    Raises: BadMoneyError, also beyond ten trillion roubles.
    """
    kopecks = _kopecks(text) if len(text) <= _LONGEST else None
    if kopecks is None or abs(kopecks) > TOP_KOPECKS or (kopecks < 0 and not allow_negative):
        raise BadMoneyError(text=text[:100])
    return kopecks


def _kopecks(text: str) -> int | None:
    shape = _SHAPE.fullmatch(_BLANKS.sub("", text).casefold())
    plain = _plain(shape["number"]) if shape else None
    if shape is None or plain is None:
        return None
    # A fraction is exact at any length; a decimal of 28 digits would round or overflow.
    value = Fraction(plain) * _UNITS.get(shape["unit"] or "", 1) * 100
    kopecks = _half_up(value.numerator, value.denominator)
    return -kopecks if shape["minus"] else kopecks


def line_total(price_kopecks: int, quantity_milli: int, discount_hundredths: int = 0) -> int:
    """Give price × quantity less the discount, rounded half up once, in kopecks.

    The quantity is in thousandths, the discount in hundredths of a percent (1_250 is 12.5 %).
    """
    return _half_up(price_kopecks * quantity_milli * (10_000 - discount_hundredths), 10_000_000)


def vat_included(kopecks: int, rate_percent: int) -> int:
    """Give the VAT inside a gross sum ("в том числе НДС"), rounded half up, in kopecks."""
    return _half_up(kopecks * rate_percent, 100 + rate_percent)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Split kopecks by weights so that the parts sum exactly to the total.

    The largest remainders get the odd kopecks, earlier ones first. A negative total is split
    as the positive one is. Raises: ValueError when a weight is negative or all are zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and not all zero")
    if total < 0:
        return [-part for part in share_out(-total, weights)]
    parts = [total * weight // whole for weight in weights]
    rests = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in rests[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _plain(number: str) -> str | None:
    """Bring to digits with at most one point; None when the marks make no sense."""
    marks = [sign for sign in number if sign in ".,"]
    if not any(sign.isdigit() for sign in number):
        return None
    if len(set(marks)) == 2:
        whole, fraction = number.rsplit(marks[-1], 1)
        joined = _joined(whole)
        return None if joined is None else f"{joined}.{fraction}"
    if len(marks) > 1 or re.fullmatch(r"[1-9]\d{0,2},\d{3}", number):
        return _joined(number)
    return number.replace(",", ".")


def _joined(number: str) -> str | None:
    """Put groups of thousands together; None when a group is not three digits long."""
    first, *others = re.split(r"[.,]", number)
    if any(len(group) != 3 for group in others) or not 1 <= len(first) <= 3:
        return None
    return "".join([first, *others])


def _half_up(numerator: int, denominator: int) -> int:
    """Round the size half up and keep the sign, so that a refund mirrors its sale."""
    if numerator < 0:
        return -_half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)
