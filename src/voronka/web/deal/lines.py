"""Reading the product lines of a deal's form."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from voronka.deals.dealing import BadAmountError, Line
from voronka.foundation.money import parse_rubles


def read_lines(form: Mapping[str, str]) -> list[Line]:
    """Read line-0-name, line-0-price … up to 100 lines; those without a name are left out.

    Raises: BadMoneyError, BadAmountError.
    """
    lines = []
    for n in range(100):
        name = form.get(f"line-{n}-name", "").strip()
        if name:
            lines.append(
                Line(
                    name=name,
                    price_kopecks=parse_rubles(form.get(f"line-{n}-price", "0") or "0"),
                    quantity_milli=_scaled(form.get(f"line-{n}-quantity", "1") or "1", 1000),
                    discount_hundredths=_scaled(
                        form.get(f"line-{n}-discount", "0") or "0", 100
                    ),
                    vat_percent=_scaled(form.get(f"line-{n}-vat", "20") or "20", 1),
                )
            )
    return lines


def _scaled(text: str, factor: int) -> int:
    try:
        value = Decimal(text.replace(",", ".").replace(" ", ""))
        return int(value * factor)
    except (InvalidOperation, OverflowError, ValueError):
        raise BadAmountError(text=text[:40]) from None
