"""What a deal's facts say about its way: how long each stage took, which slips still stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from voronka.deals.queries import DealRow
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.queries import Entry


@dataclass(frozen=True, slots=True)
class StandingSlip:
    """An open slip of a deal, as its opening fact priced it."""

    id: int
    rule: str
    money_kopecks: int
    at: datetime
    escalated_to_id: int | None = None


def in_stage_seconds(row: DealRow, calendar: WorkCalendar, at: datetime) -> int:
    """Give the working seconds a deal stands on its stage, until now or until it closed."""
    return int(calendar.between(row.stage_since, row.closed_at or at).total_seconds())


def passed_seconds(entries: Iterable[Entry], calendar: WorkCalendar) -> dict[int, int]:
    """Give the working seconds spent on each left stage, by stage id.

    `entries` go newest first. A stage whose entering is not among them is absent.
    """
    spent: dict[int, int] = {}
    left: datetime | None = None
    for entry in entries:
        if entry.kind != "deal.stage_entered" or entry.stage_id is None:
            continue
        if left is not None:
            seconds = int(calendar.between(entry.at, left).total_seconds())
            spent[entry.stage_id] = spent.get(entry.stage_id, 0) + seconds
        left = entry.at
    return spent


def standing_slips(entries: Iterable[Entry]) -> list[StandingSlip]:
    """List the slips opened and not closed since, the dearest first; entries newest first."""
    closed: set[int] = set()
    passed_up: dict[int, int] = {}
    found: list[StandingSlip] = []
    for entry in entries:
        if not entry.kind.startswith("slip."):
            continue
        slip_id = entry.body["slip_id"]
        if entry.kind == "slip.escalated":
            passed_up.setdefault(slip_id, entry.body["to_id"])
            continue
        if entry.kind == "slip.opened" and slip_id not in closed:
            money = entry.body["money_kopecks"]
            to_id = passed_up.get(slip_id)
            found.append(StandingSlip(slip_id, entry.body["rule"], money, entry.at, to_id))
        closed.add(slip_id)
    return sorted(found, key=lambda slip: (-slip.money_kopecks, slip.id))
