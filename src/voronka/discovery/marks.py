"""Stages in the bursts of a log: looked up once for each burst, not for each of its cases."""

from collections.abc import Mapping, Sequence

from voronka.discovery.log import Burst, Log
from voronka.discovery.stages import Stage

Mark = tuple[frozenset[int], tuple[int, ...]]


def places_of(row: Sequence[Stage], first: int = 0) -> dict[int, int]:
    """Give each activity of a row the place of its stage, counted from `first`."""
    return {code: n for n, stage in enumerate(row, first) for code in stage.activities}


def marks_in(log: Log, where: Mapping[int, int]) -> dict[Burst, Mark]:
    """Give, for each burst, its activities that make stages, and those stages in order."""
    found = {}
    for burst in log.bursts:
        here = frozenset([code for code in burst if code in where])
        found[burst] = here, tuple(sorted({where[code] for code in here}))
    return found
