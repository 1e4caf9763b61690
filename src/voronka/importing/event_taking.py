"""Rows of an event log into discovery, some thousand at a time, column by column."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from voronka.discovery.log import Log, LogBuilder
from voronka.importing.event_blocks import Block
from voronka.importing.time_column import BAD, TimeColumn

NONE, LEFT_OUT = -1, -2
"""In place of an activity's number: there is no activity; the row does not count."""
WON = frozenset({"won", "win", "yes", "1", "true", "выиграна", "выигран", "успех", "да"})
LOST = frozenset({"lost", "lose", "no", "0", "false", "проиграна", "отказ", "нет"})
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
        self._known: dict[str | tuple[str, str], int] = {}
        self._ends: dict[str, str] = {}
        self._long: set[str] = set()

    def take(self, block: Block) -> int:
        """Take a block; give how many rows it has that are not blank."""
        kept = None
        cells = block
        if not block.is_wide(self._width):
            cells, kept = block.filled(self._width)
        if not len(cells):
            return 0
        cases = self._column(cells, "case")
        moments = self._times.read(self._column(cells, "at"))
        codes = self._codes(cells)
        people = self._column(cells, "person") if "person" in self._places else []
        ends = self._column(cells, "outcome") if "outcome" in self._places else []
        if min(codes) < 0 or not all(cases) or max(moments) >= self._latest:
            good, bad = self._judged(cases, codes, moments)
            for n, what in bad:
                self._wrong(block.number(kept[n] if kept else n), what)
            cases, people, ends = (
                [one[n] for n in good] if one else [] for one in (cases, people, ends)
            )
            codes, moments = ([one[n] for n in good] for one in (codes, moments))
        self._builder.take(cases, codes, moments, people)
        if ends:
            self._end(cases, ends)
        return len(cells)

    def finish(self) -> Log:
        """Give the log, once."""
        self._times.forget()
        return self._builder.finish(self._long)

    def _column(self, block: Block, name: str) -> list[str]:
        return block.column(self._places[name])

    def _codes(self, block: Block) -> list[int]:
        """Number the activities as they count."""
        words: Sequence[str | tuple[str, str]] = self._column(block, "activity")
        if self._lifecycle:
            lives = self._column(block, "lifecycle")
            words = list(zip(self._column(block, "activity"), lives, strict=True))
        known = self._known
        try:
            return [known[word] for word in words]
        except KeyError:
            for word in dict.fromkeys(words):
                if word not in known:
                    known[word] = self._code(*([word] if isinstance(word, str) else word))
        return [known[word] for word in words]

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

    def _judged(
        self, cases: Sequence[str], codes: Sequence[int], moments: Sequence[int]
    ) -> tuple[list[int], list[tuple[int, str]]]:
        """Choose the rows that count, and tell what is wrong with others."""
        good, bad = [], []
        for n, (case, code, moment) in enumerate(zip(cases, codes, moments, strict=True)):
            if code == LEFT_OUT:
                continue
            if case and code >= 0 and moment < self._latest:
                good.append(n)
            else:
                bad.append((n, _why(case, code, moment)))
        return good, bad

    def _end(self, cases: Sequence[str], words: Sequence[str]) -> None:
        for case, word in zip(cases, words, strict=True):
            end = self._ends.get(word)
            if end is None:
                plain = word.strip().casefold()
                end = "won" if plain in WON else "lost" if plain in LOST else ""
                self._ends[word] = end
            if end:
                self._builder.end(case, end)


def _why(case: str, code: int, moment: int) -> str:
    if not case:
        return "no_case"
    if code == NONE:
        return "no_activity"
    return "bad_date" if moment == BAD else "in_future"
