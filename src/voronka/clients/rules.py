"""What a full card is, and when two cards are probably one client. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from voronka.foundation.text import is_junk

# Sums to 100 per kind; the card shows each weight, so the percentage can be checked by eye.
WEIGHTS: dict[str, dict[str, int]] = {
    "company": {
        "phone": 20,
        "inn": 15,
        "decides": 15,
        "contact": 10,
        "mail": 10,
        "source": 10,
        "industry": 8,
        "city": 6,
        "address": 6,
    },
    "person": {"phone": 40, "mail": 20, "source": 20, "city": 20},
}
TWIN_AT = 90.0


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the completeness: its weight, and whether it is filled."""

    field: str
    weight: int
    is_filled: bool


def completeness_lines(kind: str, values: Mapping[str, str]) -> list[Line]:
    """Say for each weighted field whether it is filled; junk like "-" counts as empty."""
    return [
        Line(field, weight, not is_junk(values.get(field, "")))
        for field, weight in WEIGHTS[kind].items()
    ]


def completeness(lines: list[Line]) -> int:
    """Sum the weights of the filled fields: 0 to 100."""
    return sum(line.weight for line in lines if line.is_filled)


def name_likeness(one: str, other: str) -> float:
    """Compare two name keys (see `foundation.text.company_key`), 0 to 100."""
    if one == other:
        return 100.0
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def are_twins(likeness: float, shorter: int) -> bool:
    """Say whether such a likeness is worth a warning; short names must be nearly equal."""
    return likeness >= (TWIN_AT if shorter >= 6 else 99.0)
