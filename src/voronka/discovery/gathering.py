"""Events gathered by case, as they come; the long past stands packed."""

from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from functools import partial

from voronka.discovery.spool import Spool

FRESH = 1 << 20


class Gathered:
    """Packed events by case. Those taken last lie in arrays, to which it costs the least to
    add; the others in bytes, which take the least room.
    """

    def __init__(self) -> None:
        self._fresh: defaultdict[str, array[int]] = defaultdict(partial(array, "q"))
        self._older: dict[str, bytes] = {}
        self._n_fresh = 0

    def take(self, cases: Iterable[str], events: Sequence[int]) -> None:
        """Add an event to each of the cases named."""
        # Called from C alone: an event costs a third of what it costs in a loop.
        added = map(array.append, map(self._fresh.__getitem__, cases), events)
        deque(added, maxlen=0)
        self._n_fresh += len(events)
        if self._n_fresh >= FRESH:
            self._settle()

    def let_go(self) -> Spool:
        """Give the cases in the order in which they came, and keep none."""
        self._settle()
        cases, self._older = self._older, {}
        return Spool(cases)

    def _settle(self) -> None:
        older, self._n_fresh = self._older, 0
        for case, events in self._fresh.items():
            older[case] = older.get(case, b"") + events.tobytes()
        self._fresh.clear()
