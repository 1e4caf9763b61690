"""Events gathered by case as they come; they wait in a temporary file, not in memory."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

import numpy as np
from numpy.typing import NDArray

from voronka.discovery.texts import Ints

BITS = 13
CASES = 1 << BITS
"""So many cases are worked out at once."""
SPOOL_BYTES = 1 << 22
Owners = NDArray[np.uint16]


class Gathered:
    """Packed events by the number of their case, `CASES` of them in a bundle."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
        self._parts: dict[int, list[tuple[int, int]]] = {}
        self._size = 0

    def take(self, cases: Ints, events: Ints) -> None:
        """Add an event to each of the cases."""
        bundles = cases >> BITS
        order = np.argsort(bundles, kind="stable")
        owners = (cases & (CASES - 1)).astype(np.uint16)[order]
        bundles, events = bundles[order], events[order]
        ends = [*(np.flatnonzero(np.diff(bundles)) + 1).tolist(), len(bundles)]
        begin = 0
        for end in ends:
            self._put(int(bundles[begin]), owners[begin:end], events[begin:end])
            begin = end

    def __iter__(self) -> Iterator[tuple[int, Owners, Ints]]:
        """Give the bundles: the number of the first case, then for each event, as they came,
        which case after that one it belongs to, and the event.
        """
        for bundle in sorted(self._parts):
            owners, events = [], []
            for place, n in self._parts[bundle]:
                self._file.seek(place)
                owners.append(np.frombuffer(self._file.read(2 * n), np.uint16))
                events.append(np.frombuffer(self._file.read(8 * n), np.int64))
            yield bundle << BITS, np.concatenate(owners), np.concatenate(events)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _put(self, bundle: int, owners: Owners, events: Ints) -> None:
        self._parts.setdefault(bundle, []).append((self._size, len(owners)))
        self._size += self._file.write(owners.tobytes())
        self._size += self._file.write(events.tobytes())
