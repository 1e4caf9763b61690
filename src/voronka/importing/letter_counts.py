"""Which one-byte encoding a Russian text is in, by how often its letters occur."""

import re
from collections import Counter
from dataclasses import dataclass
from math import log

# Per ten thousand letters of Russian prose (the usual corpus counts, ё with е's neighbours).
_FREQUENCIES = {
    "о": 1097, "е": 845, "а": 801, "и": 735, "н": 670, "т": 626, "с": 547, "р": 473,
    "в": 454, "л": 440, "к": 349, "м": 321, "д": 298, "п": 281, "у": 262, "я": 201,
    "ы": 190, "ь": 174, "г": 170, "з": 165, "б": 159, "ч": 144, "й": 121, "х": 97,
    "ж": 94, "ш": 73, "ю": 64, "ц": 48, "щ": 36, "э": 32, "ф": 26, "ъ": 4, "ё": 4,
}  # fmt: skip
_WEIGHTS = {letter: log(count / 10_000) for letter, count in _FREQUENCIES.items()}
_WEIGHTS |= {letter.upper(): weight - 0.5 for letter, weight in _WEIGHTS.items()}
_WEIGHTS |= dict.fromkeys("«»№—–…“”„°§\u00a0", -5.0)
_OTHER_SIGN = -8.0
# How much likelier a letter must be, on average, before CP1251 is given up.
_RIVALS = {"koi8_r": 0.6, "cp866": 0.6, "mac_cyrillic": 0.15}
_ENOUGH = 12.0
_HIGH_RUN = re.compile(rb"[\xc0-\xff]+")
_BESIDE_LATIN = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
_MIXED = re.compile(rb"[A-Za-z\x80-\xff]+")


@dataclass(frozen=True)
class Finding:
    """An encoding, and whether there was text enough to tell."""

    encoding: str
    is_sure: bool


def single_byte_encoding(sample: bytes) -> Finding:
    """Tell CP1251, KOI8-R, CP866, MacCyrillic or Western CP1252; CP1251 when in doubt."""
    if _is_western(sample):
        return Finding("cp1252", is_sure=False)
    high = sum(sign > 0x7F for sign in sample)
    base = _likelihood(sample, "cp1251")
    best, gain = "cp1251", 0.0
    for rival, margin in _RIVALS.items():
        better = _likelihood(sample, rival) - base
        is_decisive = better > margin and better * high > _ENOUGH
        if is_decisive and better > gain:
            best, gain = rival, better
    return Finding(best, is_sure=high >= 12 and (best != "cp1251" or base > -4.5))


def _likelihood(sample: bytes, encoding: str) -> float:
    counts = Counter(sample.decode(encoding, "replace"))
    high = {sign: count for sign, count in counts.items() if sign > "\x7f"}
    total = sum(_WEIGHTS.get(sign, _OTHER_SIGN) * count for sign, count in high.items())
    return total / max(1, sum(high.values()))


def _is_western(sample: bytes) -> bool:
    """Letters like é stand alone inside Latin words; Russian ones stand together."""
    runs = _HIGH_RUN.findall(sample)
    if not runs or max(map(len, runs)) > 2:
        return False
    inside = sum(bool(_BESIDE_LATIN.search(word)) for word in _MIXED.findall(sample))
    return inside * 2 > len(runs)
