"""The figures of calls by day: read from what is laid down, counted where nothing is.

A day that is over is laid down once, per person and for all; the database takes its rows away
as soon as a call of it changes (`migrations/0062`), so adding days up always gives what
counting the calls would.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from voronka.calls.day_models import CallDay
from voronka.calls.models import Call
from voronka.calls.sums import Norms, Sums, Told, from_text, hours_from_text, mark_of
from voronka.foundation.bulk_rows import insert
from voronka.foundation.turns import take_turn
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.viewer import Viewer

EVERYBODY, NOBODY = 0, -1
MOST_ADDED = 12
_added: dict[bytes, Sums] = {}
ROW_COLUMNS = ("starts_at", "ends_at", "person_id", "rules", "sums")
_READ = (
    "started_at", "direction", "manager_id", "is_answered", "outcome", "wait_seconds",
    "talk_seconds", "stage_id", "source_id", "line", "phone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """By what calls are counted: the working calendar and the norms."""

    calendar: WorkCalendar
    norms: Norms
    key: str


def rules_of(settings: dict[str, Any], calendar: WorkCalendar) -> Rules:
    """Give the rules that the settings make."""
    norms = norms_of(settings)
    hours = f"{settings['zone']} {settings['opens']}-{settings['closes']}"
    # Numbers are marked by the installation's key: after another one came, days count anew.
    counted = f"{norms.short} {norms.talk} {norms.quick} {mark_of('') % 9973}"
    return Rules(calendar, norms, f"3 {hours} {counted}"[:120])


def norms_of(settings: dict[str, Any]) -> Norms:
    """Give the norms that the settings make."""
    return Norms(
        settings["short_call_seconds"],
        settings["talk_seconds"],
        settings["quick_call_seconds"],
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A day's figures: as laid down, per person where several are asked for, and as counted
    now where they are not.
    """

    texts: list[str] = field(default_factory=list)
    counted: list[Sums] = field(default_factory=list)

    def hours(self) -> Sums:
        """Give the counts by hour alone: a tenth of the work."""
        parts = [*map(hours_from_text, self.texts), *self.counted]
        if len(parts) == 1:
            return parts[0]
        found = Sums()
        for one in parts:
            found.merge(one)
        return found


def sums_by_day(
    *,
    viewer: Viewer,
    first: date,
    last: date,
    rules: Rules,
    manager_id: int | None = None,
) -> dict[date, Day]:
    """Give the figures of each day from `first` to `last` that has calls; at most two queries.

    Of calls within the viewer's reach; `manager_id`: of this person's alone, -1: of nobody's.
    """
    calendar = rules.calendar
    start, end = calendar.midnight(first), calendar.midnight(last + timedelta(days=1))
    wanted = _wanted(viewer, manager_id)
    found: dict[date, Day] = {}
    laid: set[date] = set()
    for starts_at, person_id, text in _laid_rows(start, end, rules, wanted):
        day = calendar.day_of(starts_at)
        laid.add(day)
        if person_id in wanted:
            found.setdefault(day, Day()).texts.append(text)
    if spans := _gaps(first, last, laid, calendar):
        rows = Call.objects.visible_to(viewer).filter(_within(spans))
        if manager_id is not None:
            rows = rows.filter(of_manager(manager_id))
        for day, call in told(rows, rules):
            of_day = found.setdefault(day, Day()).counted
            if not of_day:
                of_day.append(Sums())
            of_day[0].add(call, rules.norms)
    return found


def of_manager(manager_id: int) -> Q:
    """Keep a person's calls; -1: those of nobody."""
    return Q(manager_id=None if manager_id == NOBODY else manager_id)


def together(days: Iterable[Day]) -> Sums:
    """Add days up. What is laid down is added up once and kept: a month's page is asked again
    and again, and of its days only today's changes.
    """
    there = list(days)
    found = Sums()
    if texts := [text for day in there for text in day.texts]:
        found.merge(_added_up(texts))
    for day in there:
        for one in day.counted:
            found.merge(one)
    return found


def _added_up(texts: list[str]) -> Sums:
    """Add up what is laid down; not to be changed by whoever gets it."""
    # By what stands there, not by whose and when: another text is another sum.
    key = blake2b("\n".join(texts).encode(), digest_size=16).digest()
    known = _added.get(key)
    if known is None:
        known = Sums()
        for text in texts:
            known.merge(from_text(text))
        while len(_added) >= MOST_ADDED:
            _added.pop(next(iter(_added)), None)
        _added[key] = known
    return known


def told(rows: "QuerySet[Call]", rules: Rules) -> Iterator[tuple[date, Told]]:
    """Read calls as figures need them, each with its day; one query."""
    zone = ZoneInfo(rules.calendar.zone)
    is_working = rules.calendar.is_working
    sql, params = rows.order_by().values_list(*_READ).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for at, direction, manager, answered, outcome, wait, talk, *rest in cursor.fetchall():
            moment = at if at.tzinfo else at.replace(tzinfo=UTC)
            local = moment.astimezone(zone)
            # A call that was answered or made needs no opening hours, but one of them does.
            is_open = direction == "in" and is_working(moment)
            call = Told(
                local.hour, is_open, direction, manager, bool(answered), outcome, wait, talk,
                *rest,
            )  # fmt: skip
            yield local.date(), call


def lay_days(*, now: datetime, rules: Rules, most: int = 4000) -> int:
    """Lay down the days that are over, have calls and are not laid down; give how many.

    One transaction each, so that calls wait for none of it long.
    """
    calendar, made = rules.calendar, 0
    today = calendar.midnight(calendar.day_of(now))
    laid = set(
        CallDay.objects.filter(person_id=EVERYBODY, rules=rules.key).values_list(
            "starts_at", flat=True
        )
    )
    ended = Call.objects.filter(removed_at=None, state="ended", started_at__lt=today)
    moments = ended.order_by("started_at").values_list("started_at", flat=True)
    first = moments.first()
    while first is not None and made < most:
        day = calendar.day_of(first)
        start, end = calendar.midnight(day), calendar.midnight(day + timedelta(days=1))
        if start not in laid:
            lay_day(start, end, rules)
            made += 1
        first = moments.filter(started_at__gte=end).first()
    return made


@transaction.atomic
def lay_day(start: datetime, end: datetime, rules: Rules) -> None:
    """Count the calls of [start, end) and write their figures down, per person and for all."""
    # A writer that has not committed yet holds the other half of this lock.
    take_turn("call days")
    rows = Call.objects.filter(removed_at=None, state="ended")
    whole, people = Sums(), dict[int, Sums]()
    for _, call in told(rows.filter(started_at__gte=start, started_at__lt=end), rules):
        whole.add(call, rules.norms)
        people.setdefault(call.manager_id or NOBODY, Sums()).add(call, rules.norms)
    CallDay.objects.filter(starts_at__gte=start, starts_at__lt=end).delete()
    CallDay.objects.filter(ends_at__gt=start, ends_at__lte=end).delete()
    lines = [(EVERYBODY, whole), *people.items()]
    insert(
        CallDay,
        ROW_COLUMNS,
        ((start, end, person, rules.key, sums.to_text()) for person, sums in lines),
    )


def _wanted(viewer: Viewer, manager_id: int | None) -> frozenset[int]:
    """Name the people whose rows make up what the viewer asks for."""
    reach = viewer.reach("call", "read")
    within = None if reach is None else reach | {NOBODY}
    if manager_id is not None:
        is_seen = within is None or manager_id in within
        return frozenset({manager_id} if is_seen else ())
    return frozenset({EVERYBODY}) if within is None else frozenset(within)


def _laid_rows(
    start: datetime, end: datetime, rules: Rules, wanted: frozenset[int]
) -> Iterable[tuple[datetime, int, str]]:
    # Everybody's row says that the day is laid down; its figures are read only if asked for.
    text = Case(
        When(person_id__in=wanted, then=F("sums")), default=Value(""), output_field=TextField()
    )
    rows = CallDay.objects.filter(starts_at__gte=start, ends_at__lte=end, rules=rules.key)
    rows = rows.filter(person_id__in=wanted | {EVERYBODY})
    return list(rows.annotate(text=text).values_list("starts_at", "person_id", "text"))


def _gaps(
    first: date, last: date, laid: set[date], calendar: WorkCalendar
) -> list[tuple[datetime, datetime]]:
    """List the spans of days that are not laid down."""
    spans: list[tuple[datetime, datetime]] = []
    day = first
    while day <= last:
        if day not in laid:
            start, end = calendar.midnight(day), calendar.midnight(day + timedelta(days=1))
            is_next = bool(spans) and spans[-1][1] == start
            if is_next:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        day += timedelta(days=1)
    return spans


def _within(spans: list[tuple[datetime, datetime]]) -> Q:
    found = Q()
    for start, end in spans:
        found |= Q(started_at__gte=start, started_at__lt=end)
    return found
