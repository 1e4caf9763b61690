"""A column of texts that lie in one buffer: looked at by whole columns, read one by one."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
WORD = 8
_SPREAD, _SPREAD_AGAIN, _LENGTH = (
    np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0xD6E8FEB86659FD93),
)  # fmt: skip
_HALF = np.uint64(32)
_LOW = np.array([(1 << 8 * n) - 1 for n in range(WORD + 1)], dtype=np.uint64)


class Buffer:
    """UTF-8 in which texts lie, with words of eight bytes from any place on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.signs = np.frombuffer(data + bytes(WORD), np.uint8)
        self.words: Keys = np.ndarray((len(data) + 1,), "<u8", self.signs, strides=(1,))


class Texts(Sequence[str]):
    """Texts from `starts` to `ends` in a buffer, behind each of which is a sign of its own."""

    def __init__(self, buffer: Buffer, starts: Ints, ends: Ints) -> None:
        self._buffer, self._starts, self._ends = buffer, starts, ends

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Lay out texts."""
        if isinstance(texts, Texts):
            return texts
        encoded = [text.encode("utf-8") for text in texts]
        ends = np.fromiter(accumulate(map(len, encoded)), np.int64, len(encoded))
        ends += np.arange(len(encoded))
        starts = np.concatenate(([0], ends[:-1] + 1)) if encoded else ends
        return cls(Buffer(b"\0".join([*encoded, b""])), starts, ends)

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> "Texts": ...
    def __getitem__(self, n: int | slice) -> "str | Texts":
        """Read the n-th text. Raises: UnicodeDecodeError."""
        if isinstance(n, slice):
            return Texts(self._buffer, self._starts[n], self._ends[n])
        data = self._buffer.data[self._starts[n] : self._ends[n]]
        return data.decode("utf-8")

    def loosely(self, n: int) -> str:
        """Read the n-th text, though it may begin or end within a letter."""
        return self._buffer.data[self._starts[n] : self._ends[n]].decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        data = self._buffer.data
        for one, two in zip(self._starts.tolist(), self._ends.tolist(), strict=True):
            yield data[one:two].decode("utf-8")

    def lie(self, rows: Ints) -> tuple[bytes, Ints]:
        """Give the texts of some rows end to end, and where each ends.

        Raises: UnicodeDecodeError where one of them is no UTF-8.
        """
        data, starts, ends = self._buffer.data, self._starts[rows], self._ends[rows]
        found = [data[n:end] for n, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        b"\0".join(found).decode("utf-8")
        return b"".join(found), np.cumsum(ends - starts)

    def take(self, rows: Ints) -> "Texts":
        """Give the texts of some rows."""
        return Texts(self._buffer, self._starts[rows], self._ends[rows])

    def part(self, begin: int, end: int | None = None) -> "Texts":
        """Give a part of each text, by bytes."""
        starts = np.minimum(self._starts + begin, self._ends)
        ends = self._ends if end is None else np.minimum(self._starts + end, self._ends)
        return Texts(self._buffer, starts, ends)

    def blank(self) -> NDArray[np.bool_]:
        """Tell which texts are empty."""
        found: NDArray[np.bool_] = self._starts == self._ends
        return found

    def keys(self) -> Keys:
        """Give a number of 64 bits for each text; of ten million texts two that differ share
        one with a chance of one in 300,000.
        """
        starts, sizes = self._starts, self._ends - self._starts
        words = self._buffer.words
        keys = sizes.astype(np.uint64) * _LENGTH
        keys = spread(keys ^ (words[starts] & _LOW[np.minimum(sizes, WORD)]))
        rows, begin = np.flatnonzero(sizes > WORD), WORD
        while len(rows):
            left = np.minimum(sizes[rows] - begin, WORD)
            keys[rows] = spread(keys[rows] ^ (words[starts[rows] + begin] & _LOW[left]))
            begin += WORD
            rows = rows[sizes[rows] > begin]
        return keys


def joined(one: Keys, two: Keys) -> Keys:
    """Give a key for each pair of keys."""
    return spread(spread(one) ^ two)


def spread(keys: Keys) -> Keys:
    """Make keys of numbers, each its own: every bit moves half of the others."""
    keys = keys * _SPREAD
    keys ^= keys >> _HALF
    keys *= _SPREAD_AGAIN
    keys ^= keys >> _HALF
    return keys
