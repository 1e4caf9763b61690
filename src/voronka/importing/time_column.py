"""Moments of a whole column at once: a text is cut into parts, and each part is known."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from voronka.discovery.numbering import Values
from voronka.discovery.texts import Ints, Texts
from voronka.foundation.errors import RefusalError
from voronka.importing.moments import parse_moment

BAD = 1 << 62
"""In place of a moment that cannot be read: later than any."""
EPOCH, MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
HOUR, SECOND = 13, 19
MOST_PARTS = 100_000
SOME = 100
_SHAPE = re.compile(r".{13}:\d\d(:\d\d(?P<part>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?")


class TimeColumn:
    """Reads "2026-11-24 15:02:07" and alike as hour + rest, parts of a second apart, each
    looked up.

    Reading a local time anew costs 1.3 microseconds, looking it up a tenth of one. What is
    written otherwise than the first such text is read one by one.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._even_days: dict[str, bool] = {}
        self._hours, self._rests, self._ends = (_Parts(_nothing) for _ in range(3))
        self._is_cut_twice = self._is_known = False

    def read(self, texts: Sequence[str]) -> Ints:
        """Give milliseconds since 1970; BAD for what is no moment.

        Raises: UnicodeDecodeError.
        """
        column = Texts.of(texts)
        if not self._is_known:
            self._look_for_shape(column)
        found = self._looked_up(column)
        for n in np.flatnonzero(found == BAD).tolist():
            found[n] = self._exact(column[n])
        return found

    def forget(self) -> None:
        """Let go of what was looked up: some megabytes."""
        for parts in (self._hours, self._rests, self._ends):
            parts.clear()
        self._even_days.clear()

    def _looked_up(self, texts: Texts) -> Ints:
        parts = [self._hours.of_texts(texts.part(0, HOUR))]
        if self._is_cut_twice:
            parts.append(self._rests.of_texts(texts.part(HOUR, SECOND)))
            parts.append(self._ends.of_texts(texts.part(SECOND)))
        else:
            parts.append(self._rests.of_texts(texts.part(HOUR)))
        is_bad = np.logical_or.reduce([part == BAD for part in parts])
        return np.where(is_bad, BAD, sum(parts, start=np.int64(0)))

    def _look_for_shape(self, texts: Texts) -> None:
        """Learn the way of writing from one of the first texts."""
        for text in texts[:SOME]:
            shape = _SHAPE.fullmatch(text) if text.isascii() else None
            if shape and self._exact(text) != BAD:
                self._learn(text, shape["zone"] or "", shape["part"] or "")
            if self._is_known:
                return

    def _learn(self, text: str, zone: str, part: str) -> None:
        """Take a text as the way of writing: an end means the same everywhere in one only."""
        utc = "+00:00" if zone else ""
        hour, is_year_first = text[:HOUR], text[4] == "-"
        begin = self._exact(f"{hour}:00:00{utc}")

        def hour_ms(text: str) -> int:
            is_alike = len(text) == HOUR and (text[4] == "-") == is_year_first
            if not is_alike or not self._is_even(text[:10], has_zone=bool(zone)):
                return BAD
            return self._exact(f"{text}:00:00{utc}")

        def rest_ms(text: str) -> int:
            shape = _SHAPE.fullmatch(hour + text)
            if shape is None or bool(shape["zone"]) != bool(zone):
                return BAD
            at_ms = self._exact(hour + text)
            return at_ms if at_ms == BAD else at_ms - begin

        def clock_ms(text: str) -> int:
            return rest_ms(text + utc)

        def end_ms(text: str) -> int:
            return rest_ms(":00:00" + text)

        if hour_ms(hour) != BAD:
            self._is_cut_twice, self._is_known = bool(part), True
            self._hours = _Parts(hour_ms)
            self._rests = _Parts(clock_ms if part else rest_ms)
            self._ends = _Parts(end_ms)

    def _is_even(self, day: str, *, has_zone: bool) -> bool:
        """Say whether the clocks were not changed that day."""
        known = self._even_days.get(day)
        if known is None:
            begin, end = (self._exact(f"{day} {clock}") for clock in ("00:00:00", "23:59:59"))
            known = self._even_days[day] = has_zone or end - begin == 86_399_000
        return known

    def _exact(self, text: str) -> int:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            try:
                at = parse_moment(text, self._zone)
            except RefusalError:
                return BAD
        return ((at if at.tzinfo else at.replace(tzinfo=self._zone)) - EPOCH) // MS


class _Parts(Values):
    """What parts of texts mean, in milliseconds, found when they first come."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__(MOST_PARTS)
        self._find = find

    def of_texts(self, texts: Texts) -> Ints:
        """Give the milliseconds; BAD for a part that says nothing, or is no part."""
        return self.of(texts.keys(), lambda n: self._find(texts.loosely(n)))


def _nothing(_text: str) -> int:
    return BAD
