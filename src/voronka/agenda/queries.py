"""Reads about next steps for screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.agenda.models import Step
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with what it is about."""

    id: int
    kind: str
    title: str
    due_at: datetime
    moved_count: int
    person_id: int
    person: str
    deal_id: int | None
    deal_number: int | None
    deal_title: str
    amount_kopecks: int | None
    stage: str
    client_id: int | None
    client: str


COLUMNS = (
    "pk", "kind", "title", "due_at", "moved_count", "person_id", "person__name", "deal_id",
    "deal__number", "deal__title", "deal__amount_kopecks", "deal__stage__name", "client_id",
    "client__name",
)  # fmt: skip


def open_steps(
    *,
    viewer: Viewer,
    person_id: int | None = None,
    until: datetime | None = None,
    overdue_at: datetime | None = None,
    limit: int = 50,
) -> list[StepRow]:
    """List open steps by deadline, one query."""
    rows = Step.objects.visible_to(viewer).open()
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if until is not None:
        rows = rows.filter(due_at__lt=until)
    if overdue_at is not None:
        rows = rows.filter(due_at__lt=overdue_at)
    return [
        StepRow(*_clean(row))
        for row in rows.order_by("due_at", "pk").values_list(*COLUMNS)[:limit]
    ]


def next_steps(deal_ids: Iterable[int]) -> dict[int, tuple[str, str, datetime]]:
    """Give the earliest open step (kind, title, deadline) of each deal that has one."""
    rows = Step.objects.filter(deal_id__in=list(deal_ids), removed_at=None).open()
    found = rows.order_by("-due_at", "-pk").values_list("deal_id", "kind", "title", "due_at")
    return {deal_id: (kind, title, due_at) for deal_id, kind, title, due_at in found if deal_id}


def steps_of_deal(*, deal_id: int) -> list[StepRow]:
    """List the open steps of a deal that the viewer was allowed to open, by deadline."""
    rows = Step.objects.filter(deal_id=deal_id, removed_at=None).open()
    return [
        StepRow(*_clean(row)) for row in rows.order_by("due_at", "pk").values_list(*COLUMNS)
    ]


def done_count(*, viewer: Viewer, person_id: int, since: datetime) -> int:
    """Count what a person has done since a moment."""
    return (
        Step.objects.visible_to(viewer).filter(person_id=person_id, done_at__gte=since).count()
    )


def _clean(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        "" if value is None and n in (9, 11, 13) else value for n, value in enumerate(row)
    )
