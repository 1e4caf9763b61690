"""Which columns of an event log are which, told by their values where no header tells."""

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from voronka.foundation.errors import RefusalError
from voronka.importing.moments import parse_moment

LOOKED_AT, SURE, A_FEW = 300, 0.9, 1.5
MOST_ACTIVITIES = 1000
Cells = Sequence[Sequence[str]]


def guess_by_values(
    headers: Sequence[str], sample: Cells, known: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    """Give the header for case, activity and time where `known` lacks them and values tell.

    Time: what reads as moments, the most different ones. Case: what repeats from row to row,
    the most different values. Activity: words that change most within a case.
    """
    found = dict(known)
    free = [n for n, header in enumerate(headers) if header not in found.values()]
    moments = [n for n in free if _are_moments(sample, n, zone)]
    if "at" not in found and moments:
        found["at"] = headers[max(moments, key=lambda n: len({row[n] for row in sample}))]
    free = [n for n in free if n not in moments]
    if "case" not in found:
        repeating = [n for n in free if len(sample) >= A_FEW * _different(sample, n) > A_FEW]
        if repeating:
            best = max(repeating, key=lambda n: _different(sample, n))
            found["case"] = headers[best]
            free.remove(best)
    if "activity" not in found and "case" in found:
        case = list(headers).index(found["case"])
        words = [n for n in free if n != case and _are_words(sample, n)]
        if words:
            found["activity"] = headers[max(words, key=lambda n: _changes(sample, case, n))]
    return found


def _different(sample: Cells, place: int) -> int:
    return len({row[place] for row in sample} - {""})


def _are_moments(sample: Cells, place: int, zone: ZoneInfo) -> bool:
    values = [row[place] for row in sample[:LOOKED_AT] if row[place]]
    good = sum(_is_moment(value, zone) for value in values)
    return bool(values) and good >= SURE * len(values)


def _is_moment(value: str, zone: ZoneInfo) -> bool:
    if value.replace(".", "", 1).isdecimal():
        return False
    try:
        parse_moment(value, zone)
    except RefusalError:
        return False
    return True


def _are_words(sample: Cells, place: int) -> bool:
    values = {row[place] for row in sample} - {""}
    lettered = sum(any(sign.isalpha() for sign in value) for value in values)
    return 1 < len(values) <= MOST_ACTIVITIES and lettered >= SURE * len(values)


def _changes(sample: Cells, case: int, place: int) -> float:
    """How many different values a case has, of as many as it has rows."""
    rows: dict[str, list[str]] = {}
    for row in sample:
        rows.setdefault(row[case], []).append(row[place])
    shares: Collection[float] = [
        len(set(values)) / len(values) for values in rows.values() if len(values) > 1
    ]
    return sum(shares) / len(shares) if shares else 0.0
