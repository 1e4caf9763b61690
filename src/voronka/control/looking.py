"""What a look at the cases takes in, and what it finds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.foundation.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach: about what, whose, since when, with its evidence and the sum in play."""

    rule: str
    subject: str
    manager_id: int | None
    since: datetime
    evidence: dict[str, Any]
    amount_kopecks: int | None
    win_permille: int
    deal_id: int | None = None
    client_id: int | None = None
    inquiry_id: int | None = None
    step_id: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: when, by which calendar and norms, and at which cases (None: all).

    `with_strangers`: also at numbers talked to that nobody wrote down; in a look at some
    cases only at those that have a slip. `with_calls`: also at all call-backs and talks.
    """

    now: datetime
    calendar: WorkCalendar
    settings: dict[str, Any]
    deal_ids: frozenset[int] | None = None
    client_ids: frozenset[int] | None = None
    inquiry_ids: frozenset[int] | None = None
    with_strangers: bool = True
    with_calls: bool = True
