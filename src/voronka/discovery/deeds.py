"""Events as packed numbers: when it was, what was done and by whom, in one of 64 bits."""

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

    def deed(self, code: int, person: str = "") -> int:
        """Give a deed its number. Beyond a million deeds nobody is named any more."""
        deed = self._known.get((code, person))
        if deed is None:
            if person and len(self.codes) >= MASK - MOST_ACTIVITIES:
                return self.deed(code)
            deed = self._known[code, person] = len(self.codes)
            self.codes.append(code)
            self.people.append(self.names.setdefault(person, len(self.names)))
        return deed


def packed(at_ms: int, deed: int) -> int:
    """Pack milliseconds since 1970 with a deed."""
    return max(-LATEST, min(LATEST, at_ms)) << BITS | deed
