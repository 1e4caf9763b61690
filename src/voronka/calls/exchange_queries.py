"""What is joined, and how it fares."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q

from voronka.calls.adapters import DOORS
from voronka.calls.asterisk.checking import Checked, check
from voronka.calls.asterisk.shown_record import shown
from voronka.calls.exchange_models import CallEvent, Exchange, Reconciliation
from voronka.calls.providers import SEALED, can_be_asked
from voronka.calls.reconciling import HISTORIES, NOT_COMPARED
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One exchange as pages show it; never its password, nor the record's.

    `unread`: events for a person; `has_door`: it tells us by itself, at an address of its own;
    `has_history`: it can be asked what calls it had, for all that takes is filled in;
    `not_compared`: why that failed the last time by the clock, as in its `problem`.
    """

    id: int
    kind: str
    name: str
    is_on: bool
    zone: str
    options: dict[str, Any]
    path_key: str
    has_secret: bool
    heard_at: datetime | None
    problem: str
    problem_since: datetime | None
    unread: int
    has_door: bool
    has_history: bool
    refused: int
    callers_warned: bool = False
    not_compared: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """How one comparison with an exchange came out; see Reconciliation."""

    since: date
    until: date
    source: str
    theirs: int
    ours: int
    added: int
    missing: int
    extra: int
    internal: int
    gaps: list[tuple[datetime, datetime, int]]
    is_alarm: bool
    at: datetime


def exchanges() -> list[ExchangeRow]:
    """List what is joined, in the order of joining."""
    rows = Exchange.objects.filter(removed_at=None).order_by("pk")
    rows = rows.annotate(n=Count("events", filter=Q(events__state="unread")))
    return [_row(one) for one in rows]


def exchange(exchange_id: int) -> ExchangeRow:
    """Give one that is joined. Raises: Exchange.DoesNotExist."""
    rows = Exchange.objects.filter(removed_at=None)
    rows = rows.annotate(n=Count("events", filter=Q(events__state="unread")))
    return _row(rows.get(pk=exchange_id))


def checked(*, exchange_id: int, by: Viewer) -> Checked:
    """Look at an Asterisk itself. Raises: Exchange.DoesNotExist, PermissionError,
    DemoClosedError.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    return check(Exchange.objects.get(pk=exchange_id, kind="asterisk", removed_at=None))


def compared(*, exchange_id: int, most: int = 14) -> list[Compared]:
    """List the latest comparisons, the newest first."""
    rows = Reconciliation.objects.filter(exchange_id=exchange_id).order_by("-pk")
    return [_compared(one) for one in rows[:most]]


def last_compared() -> dict[int, Compared]:
    """Give the latest comparison of each exchange. One query."""
    newest = Reconciliation.objects.values("exchange").annotate(top=Max("pk")).values("top")
    rows = Reconciliation.objects.filter(pk__in=newest)
    return {one.exchange_id: _compared(one) for one in rows}


def unread_events(*, exchange_id: int, most: int = 50) -> list[tuple[int, datetime, str, str]]:
    """List what nobody could read, the newest first: id, when, why, what it said."""
    rows = CallEvent.objects.filter(exchange_id=exchange_id, state="unread").order_by("-pk")
    return list(rows.values_list("pk", "at", "problem", "body")[:most])


def _row(one: Any) -> ExchangeRow:
    return ExchangeRow(
        id=one.pk,
        kind=one.kind,
        name=one.name,
        is_on=one.is_on,
        zone=one.zone,
        options={name: value for name, value in one.options.items() if name not in SEALED}
        | {"record": shown(str(one.options.get("record", "")))},
        path_key=one.path_key,
        has_secret=bool(one.secret),
        heard_at=one.heard_at,
        problem=one.problem,
        problem_since=one.problem_since,
        unread=one.n,
        has_door=one.kind in DOORS,
        has_history=one.kind in HISTORIES
        and can_be_asked(one.kind, one.options, has_secret=bool(one.secret)),
        refused=one.refused,
        callers_warned=one.callers_warned,
        not_compared=str(one.cursor.get(NOT_COMPARED, "")),
    )


def _compared(one: Reconciliation) -> Compared:
    gaps = [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end), n)
        for begin, end, n in one.gaps
    ]
    return Compared(
        since=one.since,
        until=one.until,
        source=one.source,
        theirs=one.theirs,
        ours=one.ours,
        added=one.added,
        missing=one.missing,
        extra=one.extra,
        internal=one.internal,
        gaps=gaps,
        is_alarm=one.is_alarm,
        at=one.at,
    )
