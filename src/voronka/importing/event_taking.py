"""Rows of an event log into discovery, some thousand at a time, column by column."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

import numpy as np

from voronka.discovery.builder import LogBuilder
from voronka.discovery.log import Log
from voronka.discovery.numbering import Values
from voronka.discovery.texts import Ints, Texts, joined
from voronka.importing.event_blocks import Block
from voronka.importing.time_column import BAD, TimeColumn

NONE, LEFT_OUT = -1, -2
"""In place of an activity's number: there is no activity; the row does not count."""
WON = frozenset({"won", "win", "yes", "1", "true", "выиграна", "выигран", "успех", "да"})
LOST = frozenset({"lost", "lose", "no", "0", "false", "проиграна", "отказ", "нет"})
ENDS = ("", "won", "lost")
Wrong = Callable[[int, str], None]


class Taker:
    """Takes blocks of rows to a builder. `places`: columns by field; `wrong` is told of rows
    that are left out: no_case, no_activity, bad_date, in_future.
    """

    def __init__(
        self,
        places: Mapping[str, int],
        lifecycle: str,
        only: Sequence[str],
        zone: ZoneInfo,
        now: datetime,
        wrong: Wrong,
        builder: LogBuilder,
    ) -> None:
        self._builder = builder
        self._places = places
        self._lifecycle = lifecycle
        self._only = only
        self._times = TimeColumn(zone)
        self._latest = int((now + timedelta(days=1)).timestamp() * 1000)
        self._wrong = wrong
        self._width = max(places.values()) + 1
        self._codes, self._ends = Values(), Values()
        self._long: set[str] = set()

    def take(self, block: Block) -> int:
        """Take a block; give how many rows it has that are not blank.

        Raises: UnicodeDecodeError.
        """
        kept = None
        cells = block
        if not block.is_wide(self._width):
            cells, kept = block.filled(self._width)
        if not len(cells):
            return 0
        cases, moments = (
            self._column(cells, "case"),
            self._times.read(self._column(cells, "at")),
        )
        codes = self._codes_of(cells)
        people = self._column(cells, "person") if "person" in self._places else Texts.of([])
        is_good = ~cases.blank() & (codes >= 0) & (moments < self._latest)
        good = np.flatnonzero(is_good)
        if len(good) < len(cells):
            block.check()
            for n in np.flatnonzero(~is_good & (codes != LEFT_OUT)).tolist():
                what = _why(cases[n], int(codes[n]), int(moments[n]))
                self._wrong(block.number(kept[n] if kept else n), what)
            cases, codes, moments = cases.take(good), codes[good], moments[good]
            people = people.take(good) if people else people
        self._builder.take(cases, codes, moments, people)
        if "outcome" in self._places:
            self._end(cases, self._column(cells, "outcome").take(good))
        return len(cells)

    def finish(self) -> Log:
        """Give the log, once."""
        self._times.forget()
        return self._builder.finish(self._long)

    def _column(self, block: Block, name: str) -> Texts:
        return block.column(self._places[name])

    def _codes_of(self, block: Block) -> Ints:
        """Number the activities as they count."""
        words = self._column(block, "activity")
        if not self._lifecycle:
            return self._codes.of(words.keys(), lambda n: self._code(words[n]))
        lives = self._column(block, "lifecycle")
        keys = joined(words.keys(), lives.keys())
        return self._codes.of(keys, lambda n: self._code(words[n], lives[n]))

    def _code(self, activity: str, life: str = "") -> int:
        activity = activity.strip()
        if not activity:
            return NONE
        if self._only and not any(fnmatchcase(activity, one) for one in self._only):
            return LEFT_OUT
        if self._lifecycle == "complete":
            if life.strip().casefold() not in ("complete", ""):
                self._long.add(activity)
                return LEFT_OUT
        elif self._lifecycle == "states" and life.strip():
            activity = f"{activity}: {life.strip()}"
        return self._builder.code(activity)

    def _end(self, cases: Texts, words: Texts) -> None:
        """Note how cases end; of what is said of a case the last word counts."""

        def end(n: int) -> int:
            plain = words[n].strip().casefold()
            return ENDS.index("won" if plain in WON else "lost" if plain in LOST else "")

        ends = self._ends.of(words.keys(), end)
        told = np.flatnonzero(ends)
        for case, n in zip(cases.take(told), ends[told].tolist(), strict=True):
            self._builder.end(case, ENDS[n])


def _why(case: str, code: int, moment: int) -> str:
    if not case:
        return "no_case"
    if code == NONE:
        return "no_activity"
    return "bad_date" if moment == BAD else "in_future"
