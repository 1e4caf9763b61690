"""What stands recorded for the stages of a deal, as the deal itself keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.deals.models import Deal, Stage

Value = float | int | str | bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands recorded for a stage of a deal.

    `value`: kopecks for money, an ISO day for a date. `is_late`: after the stage was left.
    """

    stage_id: int
    name: str
    kind: str
    unit: str
    value: Value
    attempt: int
    is_late: bool
    at: datetime


def kept(
    stage: Stage, value: Value, *, attempt: int, is_late: bool, at: datetime
) -> dict[str, Any]:
    """Make what a deal keeps of a recorded figure, so that its card asks nothing more."""
    return {
        "name": stage.indicator_name,
        "kind": stage.indicator_kind,
        "unit": stage.indicator_unit,
        "value": value,
        "attempt": attempt,
        "is_late": is_late,
        "at": at.isoformat(),
    }


def recorded(indicators: dict[str, Any] | None) -> dict[int, Recorded]:
    """Give what a deal keeps, by stage id."""
    return {
        int(pk): Recorded(int(pk), **row | {"at": datetime.fromisoformat(row["at"])})
        for pk, row in (indicators or {}).items()
    }


def is_recorded(deal: Deal, stage_id: int) -> bool:
    """Say whether a stage's figure was recorded in this attempt."""
    row = (deal.indicators or {}).get(str(stage_id))
    return row is not None and row["attempt"] == deal.attempt
