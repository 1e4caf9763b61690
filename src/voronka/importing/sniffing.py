"""What a column's cells look like: phones, mails, INN, dates, money, durations."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from voronka.foundation.errors import RefusalError
from voronka.foundation.money import parse_rubles
from voronka.foundation.phones import parse_phone, split_phones
from voronka.foundation.tax_numbers import check_inn, check_kpp, check_ogrn
from voronka.importing.values import (
    parse_bool,
    parse_choice,
    parse_mail,
    parse_moment,
    parse_seconds,
)

_ENOUGH = 60
_DIGITS = re.compile(r"\d")


def sniffed(cells: Sequence[str]) -> dict[str, float]:
    """Give for each kind the share of filled cells that read as it; {} when none is filled."""
    sample = list(dict.fromkeys(cells))[:_ENOUGH]
    if not sample:
        return {}
    return {kind: _share(sample, reads) for kind, reads in _READERS.items()}


def share_of_choices(cells: Sequence[str], choices: Mapping[str, Sequence[str]]) -> float:
    """Give the share of different filled cells that are among the words of a choice."""
    return _share(
        list(dict.fromkeys(cells))[:_ENOUGH], lambda text: parse_choice(text, choices)
    )


def _share(sample: Sequence[str], reads: Callable[[str], object]) -> float:
    good = 0
    for text in sample:
        try:
            good += reads(text) is not False
        except (RefusalError, ValueError):
            continue
    return good / len(sample)


def _phone(text: str) -> bool:
    parts = split_phones(text)
    # An INN and an order number are digits too: a phone of ours begins with 7, 8, 9, +.
    bare = re.sub(r"[^\d+]", "", parts[0]) if parts else ""
    is_likely = bare.startswith("+") or (len(bare) == 11 and bare[0] in "78")
    is_short = len(bare) == 10 and bare[0] in "3489"
    if _is_inn(text) or not (is_likely or is_short):
        return False
    return bool(parse_phone(parts[0]).e164)


def _is_inn(text: str) -> bool:
    try:
        check_inn(text)
    except RefusalError:
        return False
    return True


def _moment(text: str) -> bool:
    parse_moment(text, UTC, day_first=True)
    return True


def _money(text: str) -> bool:
    parse_rubles(text)
    return bool(_DIGITS.search(text))


def _seconds(text: str) -> bool:
    parse_seconds(text)
    return True


def _flag(text: str) -> bool:
    parse_bool(text)
    return True


_READERS: dict[str, Callable[[str], object]] = {
    "phone": _phone,
    "mail": parse_mail,
    "inn": check_inn,
    "kpp": check_kpp,
    "ogrn": check_ogrn,
    "moment": _moment,
    "day": _moment,
    "money": _money,
    "seconds": _seconds,
    "flag": _flag,
}
