"""What a person is recognised by in any text: phones however written, mails, names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

ERASED = "███"
"""Stands where something was erased; the same in every language, and no junk."""
_BETWEEN = r"[\s\-().\u00a0\u2009\u202f–—‑/]*"
_ENDINGS = "аяоеёиыйьую"
_ADJECTIVES = ("ий", "ый", "ой", "ая", "яя")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LONG = 4


@dataclass(frozen=True)
class Traces:
    """Phones in E.164, mails, tax numbers and the like, and names as written."""

    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def masked(self, text: str) -> str:
        """Give the text with every trace replaced; names of two words and more, in any order
        and case.
        """
        return self._far.sub(ERASED, text) if self._far else text

    def masked_near(self, text: str) -> str:
        """The same for a text that is known to speak of this client: each word of a name goes,
        from four letters on.
        """
        text = self.masked(text)
        return self._near.sub(ERASED, text) if self._near else text

    @cached_property
    def _far(self) -> re.Pattern[str] | None:
        parts = [rf"(?<![\w.+-]){re.escape(mail)}(?!\.?[\w-])" for mail in self.mails if mail]
        parts += [_phone(phone) for phone in self.phones if phone]
        parts += [rf"(?<!\d){re.escape(number)}(?!\d)" for number in self.numbers if number]
        for name in self.names:
            words = _WORD.findall(name)[:4]
            if len(words) > 1:
                orders = permutations([_inflected(word) for word in words])
                parts += [r"\b" + r"[\s,.«»\"']+".join(order) + r"\b" for order in orders]
        return _any(parts)

    @cached_property
    def _near(self) -> re.Pattern[str] | None:
        words = {word for name in self.names for word in _WORD.findall(name)}
        longer = sorted((word for word in words if len(word) >= LONG), key=len, reverse=True)
        return _any(rf"\b{_inflected(word)}\b" for word in longer)


def _any(parts: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(parts)
    return re.compile(joined, re.IGNORECASE) if joined else None


def _phone(e164: str) -> str:
    digits = "".join(sign for sign in e164 if sign.isdigit())
    code, own = ("7", digits[1:]) if len(digits) == 11 and digits[0] == "7" else ("", digits)
    before = rf"(?:(?:\+?{_BETWEEN}7|8){_BETWEEN})?" if code else r"\+?"
    return rf"(?<!\d){before}\(?{_BETWEEN.join(own)}(?!\d)"


def _inflected(word: str) -> str:
    """Let a word of four letters and more end otherwise: «Горький» is met in «Горькому»."""
    base = word
    if len(word) >= LONG:
        tail = 2 if word.lower().endswith(_ADJECTIVES) else word[-1].lower() in _ENDINGS
        base = word[: len(word) - tail]
    sound = "".join("[её]" if sign in "её" else "[ЕЁ]" if sign in "ЕЁ" else re.escape(sign)
                    for sign in base)  # fmt: skip
    return sound + (r"\w{0,3}" if len(word) >= LONG else "")
