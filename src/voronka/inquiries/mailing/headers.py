"""Headers of letters as they really come: undeclared Windows-1251, broken words, no dates."""

import base64
import binascii
import hashlib
import re
from email.message import Message
from email.utils import getaddresses

from voronka.foundation.text import storable

TOP = 2000
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[\w.:-]{1,40}(?:\*[\w-]*)?\?[bq]\?)", re.IGNORECASE)
_HEX = re.compile(rb"=([0-9a-fA-F]{2})")
_ID = re.compile(r"<([^<>\s]{1,900})>")
_MAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"().]+")


def plain_text(content: bytes, charset: str = "") -> str:
    """Read bytes by the charset named, else as UTF-8, else as Windows-1251; never fails."""
    for name in (charset, "utf-8-sig", "cp1251"):
        try:
            return content.decode(name or "utf-8-sig")
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def header(letter: Message, name: str) -> str:
    """Give a header as people read it, in one line; "" when it is not there."""
    return next(iter(headers(letter, name)), "")


def headers(letter: Message, name: str) -> list[str]:
    """Give every header of that name as people read it."""
    given = (value for key, value in letter.raw_items() if key.lower() == name.lower())
    return [decoded_words(str(value)[: TOP * 8]) for value in given]


def decoded_words(text: str) -> str:
    """Decode the words of a header. Raw bytes in it are read as UTF-8 or Windows-1251."""
    raw = text.encode("utf-8", "surrogateescape")
    whole = _BETWEEN.sub(r"\1", plain_text(raw))
    plain = _joined(whole) if whole.count("=?") < 400 else whole
    return " ".join(storable(plain).split())[:TOP]


def addresses(letter: Message, *names: str) -> list[tuple[str, str]]:
    """List (name, address in lower case) of headers; what is no address is left out."""
    found: list[tuple[str, str]] = []
    for name in names:
        for raw in headers(letter, name):
            found += _pairs(raw)
    return found


def ids(letter: Message, *names: str) -> list[str]:
    """List the ids of letters that headers name, without brackets, each once, as they stand."""
    found = (
        one for name in names for text in headers(letter, name) for one in _ID.findall(text)
    )
    return list(dict.fromkeys(found))[:100]


def message_id(letter: Message) -> str:
    """Give the letter's own id; "" when its writer gave none."""
    found = ids(letter, "Message-ID")
    return found[0] if found else header(letter, "Message-ID").strip("<> ")[:900]


def name_of(letter: Message) -> str:
    """Give the letter's name for the door; "" without an id.

    Some programs give one id to all they write, hence date, sender and subject with it.
    """
    own = message_id(letter)
    if not own:
        return ""
    said = [own, *(header(letter, name) for name in ("Date", "From", "Subject"))]
    return (
        f"{storable(own)[:90]}~{hashlib.sha256(chr(10).join(said).encode()).hexdigest()[:20]}"
    )


def _pairs(raw: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([raw], strict=False)
    except TypeError:
        pairs = getaddresses([raw])
    found = []
    for name, address in pairs[:100]:
        if mail := _MAIL.fullmatch(address.strip()):
            found.append((name.strip().strip("'\""), mail[0].lower()[:200]))
    if not found and (mail := _MAIL.search(raw)):
        name = raw[: mail.start()].strip(" \"'<")
        found.append((name, mail[0].lower()[:200]))
    return found


def _joined(text: str) -> str:
    """Put the bytes of neighbouring words together: a sign may be cut in two between them."""
    told, last, end = [], ("", b""), 0
    for one in _WORD.finditer(text):
        charset, content = one[1].lower(), _bytes(one[2], one[3])
        if one.start() == end and last[0] == charset:
            last = (charset, last[1] + content)
        else:
            told += [plain_text(last[1], last[0]) if last[0] else "", text[end : one.start()]]
            last = (charset, content)
        end = one.end()
    told += [plain_text(last[1], last[0]) if last[0] else "", text[end:]]
    return "".join(told)


def _bytes(how: str, said: str) -> bytes:
    raw = said.encode("utf-8", "replace")
    if how in "bB":
        try:
            return base64.b64decode(raw + b"=" * (-len(raw) % 4))
        except (binascii.Error, ValueError):
            return raw
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), raw.replace(b"_", b" "))
