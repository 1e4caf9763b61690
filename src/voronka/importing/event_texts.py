"""The text of an event log, looked at while it is read: what it is shows in its beginning."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voronka.importing import limits
from voronka.importing.byte_lines import UTF8_RUN
from voronka.importing.text_encodings import examine
from voronka.importing.unpacking import chunks


def pieces_of(path: Path, size: int) -> Iterator[bytes]:
    """Give the text as UTF-8 in pieces of about `size` bytes, each but the last ending with a
    line.

    Plain UTF-8, or a text whose beginning is; the mark of UTF-8 is left out. At the first
    letters that could be something else all bytes are examined. What is taken for UTF-8 may
    turn out to be none where it is read: see `refusing`.

    Raises: what `text_encodings.examine` and `unpacking.chunks` raise, after some pieces.
    """
    encoding, is_sure = "utf-8", False
    for n, block in enumerate(_blocks(path, size)):
        if not is_sure and not block.isascii():
            # Until now all letters were Latin: they read alike in every encoding left.
            encoding = "utf-8" if UTF8_RUN.search(block) else _examined(path)
            is_sure = True
        if b"\0" in block:
            _examined(path)
        if encoding not in ("utf-8", "utf-8-sig"):
            block = block.decode(encoding).encode()
        yield block if n else block.removeprefix(codecs.BOM_UTF8)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Say what is wrong with a text that turns out to be no UTF-8 further down.

    Raises: what `text_encodings.examine` raises.
    """
    try:
        yield
    except UnicodeDecodeError:
        _examined(path)
        raise


def _examined(path: Path) -> str:
    """Give the encoding by all bytes. Raises: what `text_encodings.examine` raises."""
    return examine(chunks(path)).encoding


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    tail = b""
    for chunk in chunks(path, size):
        cut = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1
        if cut:
            yield tail + chunk[:cut]
            tail = chunk[cut:]
            continue
        tail += chunk
        if len(tail) > limits.FIELD_CEILING:
            _examined(path)
    if tail:
        yield tail
