"""Inquiries by the thousand: written raw, with their facts, in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from voronka.foundation.bulk_rows import insert, reserve
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.models import Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import (
    FactBody,
    InquiryAnswered,
    InquiryAssigned,
    InquiryClassified,
    InquiryRegistered,
)


@dataclass(slots=True, kw_only=True)
class InquiryRow:
    """A checked inquiry of the past."""

    arrived_at: datetime
    channel: str
    name: str = ""
    phone: str = ""
    mail: str = ""
    text: str = ""
    source_id: int | None = None
    source: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    client_id: int | None = None
    deal_id: int | None = None
    manager_id: int | None = None
    team_id: int | None = None
    answered_at: datetime | None = None
    is_reply_known: bool = True
    state: str = "new"
    state_reason: str = ""
    external_id: str = ""
    id: int = 0
    number: int = 0


def put_inquiries(
    rows: Sequence[InquiryRow],
    *,
    calendar: WorkCalendar,
    batch_id: int,
    by_id: int | None,
) -> None:
    """Insert inquiries; ids and numbers are set on the rows. Both clocks are reckoned.

    Must run inside a transaction. Records: InquiryRegistered, InquiryAssigned,
    InquiryAnswered, InquiryClassified, each at its own moment.
    """
    first = (Inquiry.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    for n, (row, pk) in enumerate(zip(rows, reserve(Inquiry, len(rows)), strict=True)):
        row.id, row.number = pk, first + n
    insert(
        Inquiry,
        (
            "id", "number", "arrived_at", "channel", "source_id", "name", "phone", "mail",
            "text", "marks", "client_id", "deal_id", "manager_id", "assigned_at", "answered_at",
            "answer_seconds", "state", "state_reason", "state_at", "external_id",
            "is_reply_known", "batch_id",
        ),
        (
            (
                row.id, row.number, row.arrived_at, row.channel, row.source_id, row.name[:200],
                row.phone[:40], row.mail[:200], row.text, row.marks, row.client_id, row.deal_id,
                row.manager_id, row.arrived_at if row.manager_id else None, row.answered_at,
                _waited(row, calendar), row.state, row.state_reason[:200],
                row.arrived_at if row.state != "new" else None, row.external_id[:120],
                row.is_reply_known, batch_id,
            )
            for row in rows
        ),
    )  # fmt: skip
    journal.record_many(
        journal.fact_of(body, about=_about(row), by_id=by_id, at=at, batch_id=batch_id)
        for row in rows
        for body, at in _bodies(row, calendar)
    )


def _waited(row: InquiryRow, calendar: WorkCalendar) -> int | None:
    if row.answered_at is None:
        return None
    return int(calendar.between(row.arrived_at, row.answered_at).total_seconds())


def _bodies(row: InquiryRow, calendar: WorkCalendar) -> Iterator[tuple[FactBody, datetime]]:
    yield (
        InquiryRegistered(
            number=row.number,
            channel=row.channel,
            source=row.source,
            text=row.text[:500],
            is_reply_known=row.is_reply_known,
        ),
        row.arrived_at,
    )
    if row.manager_id:
        yield InquiryAssigned(number=row.number, to_id=row.manager_id), row.arrived_at
    waited = _waited(row, calendar)
    if row.answered_at and waited is not None:
        span = int((row.answered_at - row.arrived_at).total_seconds())
        answered = InquiryAnswered(
            number=row.number,
            channel=row.channel,
            working_seconds=waited,
            person_seconds=waited,
            calendar_seconds=max(0, span),
        )
        yield answered, row.answered_at
    if row.state != "new":
        classified = InquiryClassified(
            number=row.number, state=row.state, was="new", reason=row.state_reason[:200]
        )
        yield classified, row.answered_at or row.arrived_at


def _about(row: InquiryRow) -> journal.About:
    return journal.About(
        case=f"inquiry:{row.id}",
        client_id=row.client_id,
        deal_id=row.deal_id,
        owner_id=row.manager_id,
        team_id=row.team_id,
        source_id=row.source_id,
    )
