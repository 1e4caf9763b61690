"""Numbers of Russian firms: INN, KPP, OGRN, BIK, accounts. Checked offline by checksum."""

import re

from stdnum.ru import inn as stdnum_inn
from stdnum.ru import ogrn as stdnum_ogrn

from voronka.foundation.errors import RefusalError


class BadTaxNumberError(RefusalError):
    """A number of a firm is wrong. details: what (inn …), text, problem (length, checksum)."""

    code = "bad_tax_number"


def check_inn(text: str) -> str:
    """Give an INN's 10 (firm) or 12 (person) digits. Raises: BadTaxNumberError."""
    digits = _digits(text, "inn", (10, 12))
    if not stdnum_inn.is_valid(digits):
        raise BadTaxNumberError(what="inn", text=text[:40], problem="checksum")
    return digits


def check_kpp(text: str) -> str:
    """Give a KPP: four digits, two digits or Latin letters, three digits.

    Raises: BadTaxNumberError.
    """
    compact = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", compact) or len(set(compact)) == 1:
        raise BadTaxNumberError(what="kpp", text=text[:40], problem="length")
    return compact


def check_ogrn(text: str) -> str:
    """Give an OGRN's 13 digits or an OGRNIP's 15. Raises: BadTaxNumberError."""
    digits = _digits(text, "ogrn", (13, 15))
    if not stdnum_ogrn.is_valid(digits):
        raise BadTaxNumberError(what="ogrn", text=text[:40], problem="checksum")
    return digits


def check_bik(text: str) -> str:
    """Give a BIK's nine digits; a Russian bank's begins with 0, 1 or 2.

    Raises: BadTaxNumberError.
    """
    digits = _digits(text, "bik", (9,))
    if digits[0] not in "012":
        raise BadTaxNumberError(what="bik", text=text[:40], problem="checksum")
    return digits


def check_account(bik: str, account: str) -> str:
    """Give an account's 20 digits, its key checked against the bank.

    Source: order of the Bank of Russia of 08.09.1997 No. 515: weights 7, 1, 3 over three
    digits of the BIK and the account; the sum of last digits ends in 0.
    Raises: BadTaxNumberError.
    """
    digits = _digits(account, "account", (20,))
    bank = check_bik(bik)
    if digits.startswith("03"):
        return digits  # An account at the Treasury has no key: 03, kind, OKTMO, region.
    # Kept at the Bank of Russia itself, so its branch stands in the sum, not the bank.
    at_central_bank = digits.startswith(("301", "40102")) or bank[6:] in ("000", "001", "002")
    prefix = "0" + bank[4:6] if at_central_bank else bank[6:]
    weights = (7, 1, 3) * 8
    total = sum(int(d) * w % 10 for d, w in zip(prefix + digits, weights, strict=False))
    if total % 10:
        raise BadTaxNumberError(what="account", text=account[:40], problem="checksum")
    return digits


def _digits(text: str, what: str, lengths: tuple[int, ...]) -> str:
    digits = re.sub(r"[\s\u00a0-]", "", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) in lengths):
        raise BadTaxNumberError(what=what, text=text[:40], problem="length")
    if len(set(digits)) == 1:
        raise BadTaxNumberError(what=what, text=text[:40], problem="checksum")
    return digits
