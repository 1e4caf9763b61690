"""How old a card is on its stage, against the norm, in working time from stage entry."""

from dataclasses import dataclass
from datetime import datetime

from voronka.deals.queries import DealRow
from voronka.foundation.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class AgedCard:
    """A deal's card with its age. `state`: "" in the norm, "late" over it, "stuck" over two."""

    row: DealRow
    step: tuple[str, str, datetime] | None
    step_is_late: bool
    in_stage_seconds: int
    state: str
    is_thin: bool


def age(
    row: DealRow,
    step: tuple[str, str, datetime] | None,
    calendar: WorkCalendar,
    at: datetime,
    threshold: int,
) -> AgedCard:
    """Work out a card's age and colour."""
    seconds = int(calendar.between(row.stage_since, at).total_seconds())
    norm = row.norm_seconds
    state = ""
    if norm is not None and seconds > norm:
        state = "stuck" if seconds > 2 * norm else "late"
    is_late = step is not None and step[2] < at
    return AgedCard(row, step, is_late, seconds, state, row.completeness < threshold)
