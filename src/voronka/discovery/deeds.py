"""Events as packed numbers: when it was, what was done and by whom, in one of 64 bits."""

from collections.abc import Iterable, Sequence
from itertools import repeat

BITS, CODE_BITS = 20, 12
MASK = (1 << BITS) - 1
MOST_ACTIVITIES = (1 << CODE_BITS) - 1
LATEST = (1 << (63 - BITS)) - 1
"""Milliseconds: the year 2248. What is said to be beyond it, or before 1691, stands there."""
OTHER = "…"
BURST_MS = 60_000
HOUR_MS = 3_600_000


class Deeds:
    """Numbers activities, people (0 is nobody) and deeds: who did what. `codes`, `people`:
    those of each deed, by its number.
    """

    def __init__(self) -> None:
        self.activities: dict[str, int] = {}
        self.names: dict[str, int] = {"": 0}
        self.codes: list[int] = []
        self.people: list[int] = []
        self._known: dict[tuple[int, str], int] = {}

    def code(self, activity: str) -> int:
        """Give an activity its number. Beyond 4,094 the rest is taken as one."""
        code = self.activities.get(activity)
        if code is None:
            if len(self.activities) >= MOST_ACTIVITIES:
                activity = OTHER
            code = self.activities.setdefault(activity, len(self.activities))
        return code

    def of(self, codes: Sequence[int], people: Sequence[str] = ()) -> list[int]:
        """Give the deeds of two columns. Beyond a million deeds nobody is named any more."""
        known, who = self._known, people or repeat("")
        try:
            return [known[deed] for deed in zip(codes, who, strict=False)]
        except KeyError:
            for deed in dict.fromkeys(zip(codes, who, strict=False)):
                if deed not in known:
                    known[deed] = self._new(*deed)
        return [known[deed] for deed in zip(codes, who, strict=False)]

    def _new(self, code: int, person: str) -> int:
        if person and len(self.codes) >= MASK - MOST_ACTIVITIES:
            return self.of((code,))[0]
        self.codes.append(code)
        self.people.append(self.names.setdefault(person, len(self.names)))
        return len(self.codes) - 1


def packed(moments: Sequence[int], deeds: Iterable[int]) -> list[int]:
    """Pack milliseconds since 1970 with the deeds."""
    if min(moments, default=0) < -LATEST or max(moments, default=0) > LATEST:
        moments = [max(-LATEST, min(LATEST, at_ms)) for at_ms in moments]
    return [at_ms << BITS | n for at_ms, n in zip(moments, deeds, strict=True)]
