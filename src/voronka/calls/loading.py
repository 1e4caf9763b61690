"""Calls by the thousand: written raw, with their facts, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from voronka.calls.models import Call
from voronka.foundation.bulk_rows import insert, reserve
from voronka.foundation.worktime import WorkCalendar
from voronka.journal import actions as journal
from voronka.journal.kinds import CallEnded


@dataclass(slots=True, kw_only=True)
class CallRow:
    """A checked call of the past. Seconds."""

    started_at: datetime
    direction: str
    phone: str
    client_id: int | None = None
    deal_id: int | None = None
    funnel_id: int | None = None
    stage_id: int | None = None
    manager_id: int | None = None
    team_id: int | None = None
    is_answered: bool = True
    wait_seconds: int = 0
    talk_seconds: int = 0
    menu_seconds: int = 0
    outcome: str = ""
    line: str = ""
    source_id: int | None = None
    external_id: str = ""
    id: int = 0


def put_calls(
    rows: Sequence[CallRow], *, calendar: WorkCalendar, batch_id: int, by_id: int | None
) -> None:
    """Insert calls; ids are set on the rows. Must run inside a transaction.

    Records: CallEnded each, at its own moment.
    """
    for row, pk in zip(rows, reserve(Call, len(rows)), strict=True):
        row.id = pk
    columns = (
        "id", "started_at", "direction", "phone", "client_id", "deal_id", "manager_id",
        "is_answered", "wait_seconds", "talk_seconds", "menu_seconds", "outcome", "line",
        "stage_id", "source_id", "external_id",
    )  # fmt: skip
    insert(
        Call,
        (*columns, "batch_id"),
        ((*(getattr(row, name) for name in columns), batch_id) for row in rows),
    )
    journal.record_many(
        journal.fact_of(
            CallEnded(
                call_id=row.id,
                direction=row.direction,
                is_answered=row.is_answered,
                wait_seconds=row.wait_seconds,
                talk_seconds=row.talk_seconds,
                phone=row.phone,
                in_hours=calendar.is_working(row.started_at),
                outcome=row.outcome,
            ),
            about=journal.About(
                case=f"call:{row.id}",
                client_id=row.client_id,
                deal_id=row.deal_id,
                funnel_id=row.funnel_id,
                stage_id=row.stage_id,
                owner_id=row.manager_id,
                team_id=row.team_id,
            ),
            by_id=by_id,
            at=row.started_at,
            batch_id=batch_id,
        )
        for row in rows
    )
