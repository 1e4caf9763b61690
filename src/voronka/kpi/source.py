"""Reading the journal once for all figures of a page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from voronka.foundation.worktime import WorkCalendar
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import Period

KINDS = (
    "inquiry.registered", "inquiry.answered", "inquiry.classified", "inquiry.assigned",
    "deal.won", "deal.lost", "deal.reopened", "deal.refusal_clarified",
)  # fmt: skip


class Event(NamedTuple):
    """A fact as figures read it."""

    at: datetime
    kind: str
    case: str
    owner_id: int | None
    client_id: int | None
    deal_id: int | None
    stage_id: int | None
    source_id: int | None
    measure: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """What a page's figures are made from: the facts since the period began, by kind."""

    period: Period
    now: datetime
    calendar: WorkCalendar
    settings: dict[str, Any]
    events: dict[str, list[Event]]

    def of(self, kind: str) -> list[Event]:
        """List the facts of a kind that fell into the period, oldest first."""
        return [event for event in self.events.get(kind, []) if event.at < self.period.end]

    def later(self, kind: str) -> list[Event]:
        """List the facts of a kind from the period's start up to now."""
        return self.events.get(kind, [])


COLUMNS = (
    "at", "kind", "case", "owner_id", "client_id", "deal_id", "stage_id", "source_id",
    "measure", "body",
)  # fmt: skip


def read(
    *,
    viewer: Viewer,
    period: Period,
    now: datetime,
    calendar: WorkCalendar,
    settings: dict[str, Any],
    owner_ids: Iterable[int] | None = None,
) -> Material:
    """Read the facts of [period.start, now] that the viewer may see, in one query.

    Facts after `now` are left out, so a past report comes out the same when drawn again.
    Of calls only those without a talk are read: they are what the figures list.
    """
    facts = Fact.objects.visible_to(viewer).counted()
    wanted = Q(kind__in=KINDS) | Q(kind="call.ended", measure=0)
    facts = facts.filter(wanted, at__gte=period.start, at__lte=now)
    if owner_ids is not None:
        facts = facts.filter(owner_id__in=list(owner_ids))
    sql, params = facts.order_by("at", "pk").values_list(*COLUMNS).query.sql_with_params()
    events: dict[str, list[Event]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    bodies = [row[-1] for row in rows]
    if bodies and isinstance(bodies[0], str):
        bodies = json.loads(f"[{','.join(bodies)}]")
    for row, body in zip(rows, bodies, strict=True):
        at, kind, case, owner, client, deal, stage, source, measure, _ = row
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        event = Event(at, kind, case, owner, client, deal, stage, source, measure or 0, body)
        events.setdefault(kind, []).append(event)
    return Material(period, now, calendar, settings, events)
