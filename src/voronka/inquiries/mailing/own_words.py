"""What the writer said now: without the history below, and with the number to ring."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher

from voronka.inquiries.mailing.html_text import HISTORY

LOOKED_AT = 6000
_QUOTED = (">", HISTORY)
_DIVIDER = re.compile(
    r"\s*-{2,}\s*(original message|исходное (сообщение|письмо))\s*-{2,}",
    re.IGNORECASE,
)
_WROTE = re.compile(r".{0,300}(wrote|writes|пишет|писал|писала|написал|написала|писал\(а\)"
                    r"|написал\(а\))\s*:\s*", re.IGNORECASE)  # fmt: skip
_BLOCK = re.compile(
    r"\s*\*?(from|от|sent|отправлено|to|кому|cc|копия|subject|тема|date|дата)\s*:\*?\s",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\s*(--\s*|с\s+уважением\b.*|best regards\b.*|kind regards\b.*)", re.IGNORECASE
)
_OTHER_NUMBER = re.compile(
    r"(инн|кпп|огрн\w*|бик|р/с|к/с|сч[её]т\w*|артикул\w*|арт|заказ\w*|факс|fax|№|n)"
    r"[\s.:№#]*$",
    re.IGNORECASE,
)


def without_history(text: str) -> str:
    """Cut off the letters quoted below, where it is certain that nothing new follows them.

    Words among the quotes are an answer: then all stays.
    """
    lines = text.split("\n")
    own = [n for n, line in enumerate(lines) if line.strip() and not line.startswith(_QUOTED)]
    last_own = own[-1] if own else -1
    for n in range(len(lines)):
        if _begins_history(lines, n, last_own):
            above = "\n".join(lines[:n]).strip()
            if above:
                return above
            break
    return text.replace(HISTORY, "").strip()


def phone_in(text: str) -> str:
    """Give the one number in a text, in E.164; of several, the one in the signature; or ""."""
    tail = text[-LOOKED_AT:]
    found = _numbers(tail)
    if len(found) > 1:
        lines = tail.split("\n")
        signed = [n for n, line in enumerate(lines) if _SIGNED.fullmatch(line)]
        found = _numbers("\n".join(lines[signed[-1] :])) if signed else []
    return found[0] if len(found) == 1 else ""


def _begins_history(lines: list[str], n: int, last_own: int) -> bool:
    line = lines[n]
    if line == HISTORY or _DIVIDER.fullmatch(line):
        return True
    if _BLOCK.match(line):
        # Outlook: three lines or more of sender, date, addressee, subject.
        return sum(bool(_BLOCK.match(one)) for one in lines[n : n + 6]) >= 3
    if line.startswith(">"):
        return last_own < n
    # The line that says who wrote when may be broken in two.
    for long in (1, 2):
        if _WROTE.fullmatch(" ".join(lines[n : n + long])):
            below = [one for one in lines[n + long : n + long + 3] if one.strip()]
            return below[:1] == [HISTORY] or (last_own < n + long and bool(below))
    return False


def _numbers(text: str) -> list[str]:
    found: dict[str, None] = {}
    for one in PhoneNumberMatcher(text, "RU", max_tries=200):
        if not _OTHER_NUMBER.search(text[max(0, one.start - 20) : one.start]):
            found[phonenumbers.format_number(one.number, PhoneNumberFormat.E164)] = None
    return list(found)
