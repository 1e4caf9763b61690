"""Moments of a whole column at once: a text is cut into parts, and each part is known."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from voronka.foundation.errors import RefusalError
from voronka.importing.moments import parse_moment

BAD = 1 << 62
"""In place of a moment that cannot be read: later than any."""
EPOCH, MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
HOUR, SECOND = 13, 19
MOST_PARTS = 100_000
_SHAPE = re.compile(
    r".{4}(?P<mark>.).{8}:\d\d(:\d\d(?P<part>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)


class TimeColumn:
    """Reads "2026-11-24 15:02:07" and alike as hour + rest, parts of a second apart, each
    looked up.

    Reading a local time anew costs 1.3 microseconds, looking it up 0.12. What is written
    otherwise than the first such text is read one by one.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._even_days: dict[str, bool] = {}
        self._hours, self._rests, self._ends = (_Parts(_nothing) for _ in range(3))
        self._is_cut_twice = False

    def read(self, texts: Sequence[str]) -> list[int]:
        """Give milliseconds since 1970; BAD for what is no moment."""
        try:
            return self._looked_up(texts)
        except KeyError:
            return [self._one(text) for text in texts]

    def forget(self) -> None:
        """Let go of what was looked up: some megabytes."""
        for parts in (self._hours, self._rests, self._ends, self._even_days):
            parts.clear()

    def _looked_up(self, texts: Sequence[str]) -> list[int]:
        hours, rests = self._hours, self._rests
        if not self._is_cut_twice:
            return [hours[text[:HOUR]] + rests[text[HOUR:]] for text in texts]
        ends = self._ends
        return [
            hours[text[:HOUR]] + rests[text[HOUR:SECOND]] + ends[text[SECOND:]]
            for text in texts
        ]

    def _one(self, text: str) -> int:
        try:
            return self._looked_up((text,))[0]
        except KeyError:
            at_ms = self._exact(text)
        if at_ms != BAD and not self._rests and (shape := _SHAPE.fullmatch(text)):
            self._learn(text, shape["mark"] == "-", shape["zone"] or "", shape["part"] or "")
        return at_ms

    def _learn(self, text: str, is_year_first: bool, zone: str, part: str) -> None:
        """Take a text as the way of writing: an end means the same everywhere in one only."""
        utc = "+00:00" if zone else ""
        hour = text[:HOUR]
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
            self._is_cut_twice = bool(part)
            self._hours = _Parts(hour_ms)
            self._rests = _Parts(clock_ms if part else rest_ms)
            self._ends = _Parts(end_ms)
            self._looked_up((text,))

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


class _Parts(dict[str, int]):
    """What parts of texts mean, in milliseconds, found when first asked for."""

    def __init__(self, find: Callable[[str], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> int:
        ms = self._find(text)
        if ms == BAD:
            raise KeyError(text)
        if len(self) < MOST_PARTS:
            self[text] = ms
        return ms


def _nothing(_text: str) -> int:
    return BAD
