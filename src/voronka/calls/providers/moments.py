"""Moments as exchanges write them: seconds, milliseconds, ISO, with a zone or without."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
AGO, AHEAD = timedelta(days=400), timedelta(days=1)
LONGEST_SECONDS = 2 * 86_400


def moment_of(text: str, *, zone: str, near: datetime) -> float | None:
    """Give seconds since 1970; None for what is no moment, or none of the year before `near`.

    Without a zone of its own it is told in `zone`.
    """
    found = _read(text.strip(), zone)
    if found is None or not near - AGO <= found <= near + AHEAD:
        return None
    return found.timestamp()


def seconds_of(text: str) -> float | None:
    """Give a length in seconds, "75", "75.0" or "01:15"; None where none is told."""
    parts = text.strip().split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    total = sum(number * 60**place for place, number in enumerate(reversed(numbers)))
    return total if 0 <= total <= LONGEST_SECONDS else None


def _read(text: str, zone: str) -> datetime | None:
    try:
        if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
            return datetime.fromtimestamp(float(text), UTC)
        if re.fullmatch(r"\d{12,14}", text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        if compact := _COMPACT.fullmatch(text):
            text = "{}-{}-{}T{}:{}:{}".format(*compact.groups()[:6])
            text += "+00:00" if compact[7] else ""
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
