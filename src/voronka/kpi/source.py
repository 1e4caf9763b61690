"""Reading the journal once for all figures of a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from voronka.foundation.worktime import WorkCalendar
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import Period
from voronka.kpi.kept_facts import Event, facts_since


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
    """
    reach = viewer.reach("fact", "read")
    owners = None if reach is None else frozenset(reach)
    if owner_ids is not None:
        wanted = frozenset(owner_ids)
        owners = wanted if owners is None else owners & wanted
    events = facts_since(period.start, now=now, owners=owners)
    return Material(period, now, calendar, settings, events)
