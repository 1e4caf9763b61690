"""Which encoding a text file is written in, told from all of its bytes in one pass.

UTF-8 proves itself: no other text decodes by chance. UTF-16 shows by its zero bytes. What
is left is one byte a letter, told apart by how often letters occur in Russian.
"""

import codecs
import re
from collections.abc import Iterable, Iterator

from voronka.importing.bad_files import (
    FileEmptyError,
    FileEncodingMixedError,
    FileNotTextError,
    FileTruncatedError,
)
from voronka.importing.byte_lines import ByteLines, TextFacts, garbled_at

_KINDS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"), (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"),
    (b"PK\x03\x04", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"MZ\x90", "program"), (b"\x7fELF", "program"), (b"SQLite format", "database"),
)  # fmt: skip
_PAGE = re.compile(rb"\s*<(?:!doctype|html|table|head|meta|\?xml)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\{\s*\"|\[\s*[\{\[])")


def examine(chunks: Iterable[bytes]) -> TextFacts:
    """Tell the encoding, reading everything once with flat memory.

    Raises: FileEmptyError, FileNotTextError, FileEncodingMixedError, FileTruncatedError,
    FieldTooLargeError (a line beyond any table's).
    """
    source = iter(chunks)
    head = next(source, b"")
    if not head:
        raise FileEmptyError()
    _refuse_other_kinds(head)
    whole = _chained(head, source)
    if encoding := _wide_encoding(head):
        return _examine_wide(whole, encoding)
    return ByteLines().examine(whole)


def examine_head(chunks: Iterable[bytes]) -> TextFacts | None:
    """Tell what the first chunk is, where that is plain UTF-8 with a line in it; else None.

    Raises: FileNotTextError, FileEncodingMixedError.
    """
    head = next(iter(chunks), b"")
    _refuse_other_kinds(head)
    cut = head.rfind(b"\n") + 1
    if not cut or b"\0" in head:
        return None
    facts = ByteLines().examine([head[:cut]])
    return facts if facts.encoding.startswith("utf-8") else None


def _chained(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _refuse_other_kinds(head: bytes) -> None:
    for start, kind in _KINDS:
        if head.startswith(start):
            raise FileNotTextError(kind=kind)
    if _PAGE.match(head.removeprefix(codecs.BOM_UTF8)):
        raise FileNotTextError(kind="page")
    if _JSON.match(head):
        raise FileNotTextError(kind="json")


def _wide_encoding(head: bytes) -> str:
    """Give utf-16 with a mark, utf-16-le/-be told by where the zero bytes stand, or ""."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileNotTextError(kind="utf-32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in head:
        return ""
    little, big = (_plain_signs(head[:65536], order) for order in ("utf-16-le", "utf-16-be"))
    encoding = "utf-16-le" if little >= big else "utf-16-be"
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head)
    except UnicodeDecodeError:
        raise FileNotTextError(kind="binary") from None
    narrow = sum(sign in b"\t\n\r" or 32 <= sign < 127 for sign in head[:65536])
    if max(little, big) < 0.05 or narrow > 0.8 * len(head[:65536]):
        raise FileNotTextError(kind="binary")
    return encoding


def _plain_signs(head: bytes, encoding: str) -> float:
    """The share of Latin, digits, usual punctuation and Cyrillic when read so."""
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    usual = sum(sign in "\t\n\r" or " " <= sign <= "~" or "Ё" <= sign <= "ё" for sign in text)
    return usual / max(1, len(text))


def _examine_wide(chunks: Iterable[bytes], encoding: str) -> TextFacts:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, doubtful, text = 1, None, ""
    for chunk in chunks:
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            raise FileEncodingMixedError(line=line) from None
        if "\0" in text:
            raise FileNotTextError(kind="binary")
        if doubtful is None and (place := garbled_at(text)) is not None:
            doubtful = line + text.count("\n", 0, place)
        line += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileTruncatedError(row=line) from None
    return TextFacts(encoding, line, doubtful_line=doubtful)
