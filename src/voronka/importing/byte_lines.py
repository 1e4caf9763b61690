"""Text of one byte a letter, or UTF-8: told apart by looking at every line once."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from voronka.importing import limits
from voronka.importing.bad_files import (
    FieldTooLargeError,
    FileEncodingMixedError,
    FileNotTextError,
    FileTruncatedError,
)
from voronka.importing.letter_counts import single_byte_encoding

_CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1a\x1c\x1d\x1e\x1f"))
# Cyrillic in UTF-8 read as CP1251 gives such pairs ("Рџ", "СЂ"); two in a row are no words.
# (Spelt out: a counted group is searched eight times slower.)
UTF8_RUN = re.compile(rb"[\xd0\xd1][\x80-\xbf][\xd0\xd1][\x80-\xbf]")
_HIGH = re.compile(rb"[\x80-\xff]")
_HOLES = re.compile(rb"[\x81\x8d\x8f\x90\x98\x9d]")
_UNDEFINED: dict[str, tuple[bytes, ...]] = {
    "cp1251": (b"\x98",),
    "cp1252": (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"),
    "koi8_r": (),
    "cp866": (),
    "mac_cyrillic": (),
}
_SAMPLE = 256 * 1024
_ODD = "[\u00a0-\u00bfЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇІіґєјЅѕї‚„…†‡€‰‹‘’“”•–—™›№]"
# Two patterns: one that begins with a known letter is searched four times quicker.
_GARBLED = [re.compile(f"{letter}{_ODD}[РС]{_ODD}[РС]{_ODD}") for letter in "РС"]


def garbled_at(text: str) -> int | None:
    """Give the place where text came already spoilt: replaced signs, UTF-8 read as CP1251."""
    lost = text.find("\ufffd")
    found = [match.start() for one in _GARBLED if (match := one.search(text))]
    places = [lost] * (lost >= 0) + found
    return min(places, default=None)


@dataclass(frozen=True)
class TextFacts:
    """What one pass over the bytes has shown. `lines` counts physical lines."""

    encoding: str
    lines: int
    is_sure: bool = True
    doubtful_line: int | None = None


def _line_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Regroup so that every block ends with a line. Raises: FieldTooLargeError."""
    tail, line = b"", 1
    for chunk in chunks:
        block = tail + chunk
        cut = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        tail = block[cut:]
        line += block.count(b"\n", 0, cut)
        if len(tail) > limits.FIELD_CEILING:
            raise FieldTooLargeError(row=line, column=None)
        if cut:
            yield block[:cut]
    if tail:
        yield tail


@dataclass
class ByteLines:
    """Counts kept while blocks of one-byte or UTF-8 text go by; lines from 1."""

    line: int = 1
    utf8_lines: int = 0
    first_utf8: int = 0
    other_lines: int = 0
    first_other: int = 0
    cut_line: int = 0
    controls: int = 0
    total: int = 0
    has_mark: bool = False
    doubtful: int | None = None
    holes: dict[bytes, int] = field(default_factory=dict)
    sample: list[bytes] = field(default_factory=list)
    sample_bytes: int = 0

    def examine(self, chunks: Iterable[bytes]) -> TextFacts:
        """Look at everything, then say what it is. Raises: as `text_encodings.examine`."""
        for block in _line_blocks(chunks):
            if b"\0" in block:
                raise FileNotTextError(kind="binary")
            self.has_mark |= not self.total and block.startswith(codecs.BOM_UTF8)
            self.total += len(block)
            self.controls += len(block) - len(block.translate(None, _CONTROLS))
            if not block.isascii():
                self._see(block)
            self.line += block.count(b"\n")
        return self._verdict()

    def _see(self, block: bytes) -> None:
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            for at, line in enumerate(block.split(b"\n"), start=self.line):
                if not line.isascii():
                    self._see_line(line, at)
            return
        if self.doubtful is None and (place := garbled_at(text)) is not None:
            self.doubtful = self.line + text.count("\n", 0, place)
        run = UTF8_RUN.search(block) or _HIGH.search(block)
        if run and (self.has_mark or _is_surely_utf8(block, text)):
            self.first_utf8 = self.first_utf8 or self.line + block.count(b"\n", 0, run.start())
            self.utf8_lines += max(1, block.count(b"\n"))

    def _see_line(self, line: bytes, at: int) -> None:
        try:
            is_utf8 = _is_surely_utf8(line, line.decode("utf-8"))
        except UnicodeDecodeError as error:
            self._see_other(line, at)
            self.cut_line = at if error.reason == "unexpected end of data" else 0
            is_utf8 = bool(UTF8_RUN.search(line))
        if is_utf8:
            self.first_utf8 = self.first_utf8 or at
            self.utf8_lines += 1

    def _see_other(self, line: bytes, at: int) -> None:
        self.other_lines += 1
        self.first_other = self.first_other or at
        for hole in _HOLES.findall(line):
            self.holes.setdefault(hole, at)
        if self.sample_bytes < _SAMPLE:
            self.sample.append(line[:4096])
            self.sample_bytes += len(self.sample[-1])

    def _verdict(self) -> TextFacts:
        if not self.other_lines:
            encoding = "utf-8-sig" if self.has_mark else "utf-8"
            return TextFacts(encoding, self.line, doubtful_line=self.doubtful)
        if self.utf8_lines or self.has_mark:
            self._refuse_mixed()
        if self.controls > 4 and self.controls * 500 > self.total:
            raise FileNotTextError(kind="binary")
        found = single_byte_encoding(b"\n".join(self.sample))
        holes = [at for sign, at in self.holes.items() if sign in _UNDEFINED[found.encoding]]
        if holes:
            raise FileEncodingMixedError(line=min(holes))
        return TextFacts(found.encoding, self.line, found.is_sure)

    def _refuse_mixed(self) -> None:
        if self.other_lines == 1 and self.cut_line == self.line:
            raise FileTruncatedError(row=self.line)
        is_mostly_utf8 = self.has_mark or self.utf8_lines >= self.other_lines
        raise FileEncodingMixedError(
            line=self.first_other if is_mostly_utf8 else self.first_utf8
        )


def _is_surely_utf8(data: bytes, text: str) -> bool:
    """Say whether too much is valid UTF-8 for chance: «Рё» alone may be CP1251."""
    return bool(UTF8_RUN.search(data)) or len(data) - len(text) >= 3
