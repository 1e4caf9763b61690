"""Deals by the thousand: written raw, with their whole history, in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from voronka.deals.models import Deal, DealLine, RefusalReason
from voronka.foundation.bulk_rows import insert, reserve
from voronka.foundation.worktime import WorkCalendar
from voronka.journal import actions as journal
from voronka.journal.kinds import (
    Activity,
    DealChanged,
    DealLost,
    DealOpened,
    DealWon,
    FactBody,
    StageEntered,
)
from voronka.journal.models import Fact


@dataclass(slots=True, kw_only=True)
class Visit:
    """A stage that the deal came to, when, and who brought it there."""

    stage_id: int
    stage: str
    at: datetime
    by_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Work:
    """An act of work that is no change of stage."""

    name: str
    lifecycle: str
    at: datetime
    by_id: int | None = None


@dataclass(slots=True, kw_only=True)
class DealRow:
    """A checked deal of the past; `visits` in their order, at least one."""

    title: str
    client_id: int
    funnel_id: int
    visits: list[Visit]
    created_at: datetime
    number: int | None = None
    manager_id: int | None = None
    team_id: int | None = None
    amount_kopecks: int | None = None
    source_id: int | None = None
    expected_close_on: date | None = None
    outcome: str = ""
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    reason: RefusalReason | None = None
    refusal_detail: str = ""
    external_id: str = ""
    note: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    products: list[tuple[int, str]] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    id: int = 0


@dataclass(slots=True, kw_only=True)
class DealChange:
    """New values for columns of a deal that stands; `stage` names a new one.

    `reason` goes with outcome "lost".
    """

    id: int
    columns: dict[str, Any]
    stage: str = ""
    reason: RefusalReason | None = None


def put_deals(
    rows: Sequence[DealRow],
    *,
    calendar: WorkCalendar,
    batch_id: int,
    by_id: int | None,
    at: datetime,
) -> None:
    """Insert deals with their lines; ids and missing or taken numbers are set on the rows.

    Must run inside a transaction. Records: DealOpened, StageEntered, Activity, DealWon or
    DealLost, each at its own moment.
    """
    _number(rows)
    for row, pk in zip(rows, reserve(Deal, len(rows)), strict=True):
        row.id = pk
    columns = (
        "id", "number", "title", "client_id", "funnel_id", "manager_id", "amount_kopecks",
        "source_id", "created_at", "expected_close_on", "outcome", "closed_at",
        "refusal_detail", "external_id", "note", "custom",
    )  # fmt: skip
    derived = ("stage_id", "stage_since", "attempt_since", "refusal_reason_id", "batch_id")
    insert(
        Deal,
        (*columns, *derived),
        (
            (
                *(getattr(row, name) for name in columns),
                row.visits[-1].stage_id,
                row.visits[-1].at,
                row.created_at,
                row.reason.pk if row.reason else None,
                batch_id,
            )
            for row in rows
        ),
    )
    insert(
        DealLine,
        ("deal_id", "product_id", "name", "price_kopecks", "batch_id"),
        (
            (row.id, product_id, name, (row.amount_kopecks or 0) // len(row.products), batch_id)
            for row in rows
            for product_id, name in row.products
        ),
    )
    journal.record_many(_facts(rows, calendar, batch_id, by_id))


def change_deals(
    changes: Sequence[DealChange],
    *,
    calendar: WorkCalendar,
    batch_id: int,
    by_id: int | None,
    at: datetime,
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Write changes of deals that stand; give (id, columns before, columns after) of each.

    Records: DealChanged, StageEntered, DealWon, DealLost.
    """
    rows = Deal.objects.select_related("manager").in_bulk([change.id for change in changes])
    done, facts = [], []
    for change in changes:
        deal = rows[change.id]
        before = {name: getattr(deal, name) for name in change.columns}
        for name, value in change.columns.items():
            setattr(deal, name, value)
        deal.version += 1
        done.append((deal.pk, before, dict(change.columns)))
        for body, moment in _told(deal, change, before, calendar, at):
            about = _about(deal, deal.manager.team_id if deal.manager else None)
            facts.append(
                journal.fact_of(body, about=about, by_id=by_id, at=moment, batch_id=batch_id)
            )
    columns = sorted({name for change in changes for name in change.columns})
    Deal.objects.bulk_update(rows.values(), [*columns, "version"], batch_size=200)
    journal.record_many(facts)
    return done


def _number(rows: Sequence[DealRow]) -> None:
    wanted = [row.number for row in rows if row.number]
    taken = set(Deal.objects.filter(number__in=wanted).values_list("number", flat=True))
    top = (Deal.objects.aggregate(top=Max("number"))["top"] or 1000) + 1
    top = max([top, *(n + 1 for n in wanted if n not in taken)])
    for row in rows:
        if not row.number or row.number in taken:
            row.number, top = top, top + 1
        taken.add(row.number)


def _facts(
    rows: Sequence[DealRow], calendar: WorkCalendar, batch_id: int, by_id: int | None
) -> Iterator[Fact]:
    for row in rows:
        about = journal.About(
            case=f"deal:{row.id}",
            client_id=row.client_id,
            deal_id=row.id,
            funnel_id=row.funnel_id,
            source_id=row.source_id,
            owner_id=row.manager_id,
            team_id=row.team_id,
        )
        for at, _, stage_id, who, body in sorted(_bodies(row, calendar, by_id), key=_order):
            own = journal.About(
                **{
                    name: getattr(about, name)
                    for name in about.__dataclass_fields__
                    if name != "stage_id"
                },
                stage_id=stage_id,
            )
            yield journal.fact_of(body, about=own, by_id=who, at=at, batch_id=batch_id)


Told = tuple[datetime, int, int, int | None, FactBody]


def _order(told: Told) -> tuple[datetime, int]:
    return told[0], told[1]


def _bodies(row: DealRow, calendar: WorkCalendar, by_id: int | None) -> Iterator[Told]:
    first = row.visits[0]
    opened = DealOpened(attempt=1, amount_kopecks=row.amount_kopecks, title=row.title)
    yield row.created_at, 0, first.stage_id, by_id, opened
    before: Visit | None = None
    for n, visit in enumerate(row.visits):
        entered = StageEntered(
            attempt=1,
            from_stage_id=before.stage_id if before else None,
            to_stage_id=visit.stage_id,
            stage_name=visit.stage,
            seconds_in_previous=int((visit.at - before.at).total_seconds()) if before else 0,
        )
        yield visit.at, 1 + n, visit.stage_id, visit.by_id or by_id, entered
        before = visit
    for work in row.works:
        body = Activity(name=work.name, lifecycle=work.lifecycle)
        stage_id = next((v.stage_id for v in reversed(row.visits) if v.at <= work.at), None)
        yield work.at, 500, stage_id or first.stage_id, work.by_id or by_id, body
    if row.outcome and row.closed_at:
        last = row.visits[-1].stage_id
        end = _ending(row, row.reason, row.refusal_detail, row.created_at, calendar)
        yield row.closed_at, 999, last, row.closed_by_id or by_id, end


def _ending(
    row: DealRow | Deal,
    reason: RefusalReason | None,
    detail: str,
    since: datetime,
    calendar: WorkCalendar,
) -> FactBody:
    closed_at = row.closed_at or since
    span = max(0, int((closed_at - since).total_seconds()))
    if row.outcome == "won":
        return DealWon(
            attempt=row.attempt if isinstance(row, Deal) else 1,
            amount_kopecks=row.amount_kopecks or 0,
            seconds_open=span,
            working_seconds_open=int(calendar.between(since, closed_at).total_seconds()),
        )
    return DealLost(
        attempt=row.attempt if isinstance(row, Deal) else 1,
        amount_kopecks=row.amount_kopecks,
        reason_id=reason.pk if reason else 0,
        reason=reason.name if reason else "",
        reason_group=reason.group.name if reason and reason.group else "",
        is_other=reason.is_other if reason else False,
        detail=detail,
        seconds_open=span,
    )


def _told(
    deal: Deal, change: DealChange, before: dict[str, Any], calendar: WorkCalendar, at: datetime
) -> Iterator[tuple[FactBody, datetime]]:
    moved = ("stage_id", "stage_since", "outcome", "closed_at", "refusal_reason_id")
    changes = {
        name: [_plain(before[name]), _plain(value)]
        for name, value in change.columns.items()
        if name not in moved
    }
    if changes:
        yield DealChanged(changes=changes), at
    if change.stage:
        seconds = int((deal.stage_since - before["stage_since"]).total_seconds())
        entered = StageEntered(
            attempt=deal.attempt,
            from_stage_id=before["stage_id"],
            to_stage_id=deal.stage_id,
            stage_name=change.stage,
            seconds_in_previous=max(0, seconds),
        )
        yield entered, deal.stage_since
    if change.columns.get("outcome") and deal.closed_at:
        detail = deal.refusal_detail
        yield _ending(deal, change.reason, detail, deal.attempt_since, calendar), deal.closed_at


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _about(deal: Deal, team_id: int | None) -> journal.About:
    return journal.About(
        case=deal.case,
        client_id=deal.client_id,
        deal_id=deal.pk,
        funnel_id=deal.funnel_id,
        stage_id=deal.stage_id,
        source_id=deal.source_id,
        owner_id=deal.manager_id,
        team_id=team_id,
    )
