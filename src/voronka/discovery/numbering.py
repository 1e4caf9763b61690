"""What stands in a column, numbered in the order in which it first comes."""

from array import array
from collections.abc import Callable

import numpy as np

from voronka.discovery.texts import Ints, Keys, Texts

FEWEST_BITS = 10


class Numbers:
    """Numbers keys as `Texts.keys` and `spread` give them.

    A key lies where its highest bits say, or at the next free place; half are free at least.
    """

    def __init__(self) -> None:
        self._n = 0
        self._make_room(FEWEST_BITS)

    def __len__(self) -> int:
        return self._n

    def of(self, keys: Keys) -> tuple[Ints, Ints]:
        """Give the numbers, and the rows of those that were not there before, as numbered."""
        # A free place holds the key 0.
        keys = keys | (keys == 0)
        numbers = self._numbers[self._places(keys)].astype(np.int64)
        missing = np.flatnonzero(numbers < 0)
        if not len(missing):
            return numbers, missing
        new, first = np.unique(keys[missing], return_index=True)
        order = np.argsort(first)
        self._add(new[order])
        numbers[missing] = self._numbers[self._places(keys[missing])]
        return numbers, missing[first[order]]

    def _add(self, new: Keys) -> None:
        old, n = self._n, len(new)
        self._n += n
        if 2 * self._n > len(self._keys):
            there = self._keys != 0
            keys, numbers = self._keys[there], self._numbers[there]
            self._make_room((2 * self._n).bit_length())
            self._put(keys, numbers)
        self._put(new, np.arange(old, old + n, dtype=np.int32))

    def _make_room(self, bits: int) -> None:
        self._shift, self._last = np.uint64(64 - bits), (1 << bits) - 1
        self._keys = np.zeros(1 << bits, np.uint64)
        self._numbers = np.full(1 << bits, -1, np.int32)

    def _put(self, keys: Keys, numbers: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> None:
        while len(keys):
            places = self._places(keys)
            self._keys[places] = keys
            # Of those that want the same place one gets it.
            is_there = self._keys[places] == keys
            self._numbers[places[is_there]] = numbers[is_there]
            keys, numbers = keys[~is_there], numbers[~is_there]

    def _places(self, keys: Keys) -> Ints:
        """Give the place at which each key lies or may be put."""
        places = (keys >> self._shift).astype(np.int64)
        there = self._keys[places]
        away = np.flatnonzero((there != keys) & (there != 0))
        while len(away):
            moved = (places[away] + 1) & self._last
            places[away] = moved
            there = self._keys[moved]
            away = away[(there != keys[away]) & (there != 0)]
        return places


class Values:
    """Keeps what each key means, up to `most` of them."""

    def __init__(self, most: int = 1 << 31) -> None:
        self._most = most
        self.clear()

    def clear(self) -> None:
        """Let go of all."""
        self._numbers, self._values = Numbers(), np.zeros(0, np.int64)

    def of(self, keys: Keys, make: Callable[[int], int]) -> Ints:
        """Give the values; `make` tells the value of a new key by its row."""
        if len(self._numbers) > self._most:
            self.clear()
        numbers, rows = self._numbers.of(keys)
        if len(rows):
            new = [make(row) for row in rows.tolist()]
            self._values = np.concatenate((self._values, np.array(new, np.int64)))
        return self._values[numbers]


class Names:
    """Numbers texts and keeps them."""

    def __init__(self) -> None:
        self._numbers, self._n = Numbers(), 0
        self._text, self._ends = bytearray(), array("q")

    def __len__(self) -> int:
        return self._n

    def of(self, texts: Texts) -> Ints:
        """Give the numbers. Raises: UnicodeDecodeError."""
        numbers, rows = self._numbers.of(texts.keys())
        if len(rows):
            self._n += len(rows)
            text, ends = texts.lie(rows)
            self._ends.frombytes((ends + len(self._text)).tobytes())
            self._text += text
        return numbers

    def close(self) -> None:
        """Number no more, so that only the names take room."""
        self._numbers = Numbers()

    def some(self, begin: int, end: int) -> list[str]:
        """Give the names from one number up to another."""
        ends = [self._ends[begin - 1] if begin else 0, *self._ends[begin:end]]
        found, text = [], self._text
        one = ends[0]
        for two in ends[1:]:
            found.append(text[one:two].decode("utf-8"))
            one = two
        return found
