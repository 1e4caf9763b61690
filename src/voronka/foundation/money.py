"""Money: integer kopecks, read from what people type, rounded half up, shared to the kopeck."""

import re
from collections.abc import Sequence
from decimal import Decimal

from voronka.foundation.errors import RefusalError

TOP_KOPECKS = 10**15
_UNITS = {"тыс": 1_000, "k": 1_000, "млн": 1_000_000, "m": 1_000_000, "млрд": 1_000_000_000}
_SHAPE = re.compile(
    r"^(?P<minus>[-−])?(?P<number>[\d.,]+)(?P<unit>тыс|млн|млрд|k|m)?\.?"
    r"(?:₽|р|руб|рублей|рубля|рубль|rub|rur)?\.?$"
)
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'_]+")


class BadMoneyError(RefusalError):
    """The text is no sum of money. details: text."""

    code = "bad_money"


def parse_rubles(text: str, *, allow_negative: bool = False) -> int:
    """Read roubles as typed ("1 240 000,50 ₽", "1.240.000,50", "1,5 млн") into kopecks.

    The last of "," and "." is the decimal mark when both stand there. One mark alone is
    decimal, unless exactly three digits follow it after 1-3 digits and it is a comma or stands
    there several times ("1,240" is 1240, "1.240" is 1.24 as machines write it).
    More than two decimals are rounded half up.

    Raises: BadMoneyError, also beyond ten trillion roubles.
    """
    shape = _SHAPE.match(_BLANKS.sub("", text).casefold())
    if shape is None or (shape["minus"] and not allow_negative):
        raise BadMoneyError(text=text[:100])
    plain = _plain(shape["number"])
    if plain is None:
        raise BadMoneyError(text=text[:100])
    kopecks = _round(Decimal(plain) * _UNITS.get(shape["unit"] or "", 1) * 100)
    if kopecks > TOP_KOPECKS:
        raise BadMoneyError(text=text[:100])
    return -kopecks if shape["minus"] else kopecks


def line_total(price_kopecks: int, quantity_milli: int, discount_hundredths: int = 0) -> int:
    """Give price × quantity less the discount, rounded half up once, in kopecks."""
    return _half_up(price_kopecks * quantity_milli * (10_000 - discount_hundredths), 10_000_000)


def vat_included(kopecks: int, rate_percent: int) -> int:
    """Give the VAT that stands inside a gross sum, rounded half up, in kopecks."""
    return _half_up(kopecks * rate_percent, 100 + rate_percent)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Split kopecks by weights so that the parts sum exactly to the total.

    The largest remainders get the odd kopecks, earlier ones first.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must sum to more than zero")
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
        mark = marks[-1]
        if marks.count(mark) > 1:
            return None
        return number.replace("," if mark == "." else ".", "").replace(",", ".")
    if not marks:
        return number
    if len(marks) > 1 or (marks[0] == "," and re.fullmatch(r"[1-9]\d{0,2},\d{3}", number)):
        groups = re.split(r"[.,]", number)
        if all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3:
            return "".join(groups)
        return None
    return number.replace(",", ".")


def _round(value: Decimal) -> int:
    return int((value + Decimal("0.5")) // 1)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
