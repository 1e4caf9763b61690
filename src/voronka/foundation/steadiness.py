"""Telling a clock that jumped from time that passed."""

from datetime import datetime, timedelta

LEEWAY = timedelta(seconds=60)
"""What clocks that are set right little by little may differ between two looks."""


class Steadiness:
    """Compares the wall's clock with one that only ticks, from look to look."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    def went_on(self, now: datetime, ticks: float) -> bool:
        """Say whether as much time passed on the wall as ticked since the last look.

        `ticks`: seconds of a clock that nobody sets. The first look is believed; after a jump
        the look is not, and the next one is measured against it.
        """
        last, self._last = self._last, (now, ticks)
        if last is None:
            return True
        return abs((now - last[0]) - timedelta(seconds=ticks - last[1])) <= LEEWAY
