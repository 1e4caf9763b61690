"""Values of a spreadsheet's cells as text, the way a person would have typed them."""

from datetime import date, datetime, time, timedelta

_EXACT = 10**15


def text_of(value: object) -> str:
    """Give a cell as text: whole numbers without ".0", dates in ISO, true/false."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _whole_second(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    return str(value)


def is_rounded(value: object) -> bool:
    """Say whether a spreadsheet has cut the digits: it keeps fifteen of an account's twenty."""
    return isinstance(value, float) and abs(value) >= _EXACT and value.is_integer()


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return repr(value)


def _whole_second(value: datetime) -> datetime:
    # A moment is kept as a share of a day, so 15:02:33 may come as 15:02:32.999.
    rest = value.microsecond % 1_000_000
    if rest < 2_000:
        return value.replace(microsecond=0)
    if rest > 998_000:
        return value.replace(microsecond=0) + timedelta(seconds=1)
    return value


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
