"""K29: who left a stage with its figure recorded. Unit: share per stage.

Source: deal.indicator_recorded, deal.stage_entered, deal.won, deal.lost. Cohort: attempts that
went on from the stage in the period, forward or by a win; each counts once, by the last time.
Recorded later than that is late and stands apart: it enters neither the share nor the spread.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from voronka.deals.models import Stage
from voronka.deals.queries import StageRow, live_stage
from voronka.journal.models import Fact, FactQuerySet
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import Figure, Period, Row, median, percentile, share_parts

Attempt = tuple[int, int]
Value = float | int | str | bool
RECORDED = "deal.indicator_recorded"
MEASURED = ("number", "money", "date")


@dataclass(frozen=True, slots=True)
class _Of:
    funnel_id: int
    row: StageRow


@dataclass(frozen=True, slots=True)
class Left:
    """An attempt that went on. `value` is None without a record; `outcome` "" while open."""

    row: Row
    value: Value | None
    is_late: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Group:
    """Attempts with a like value: all of them, and of those that ended how many were won.

    `what`: "low" (up to the median), "high" (above it), or "same" as `value`.
    """

    what: str
    value: Value
    n: int
    won: int
    ended: int
    low: float
    high: float
    is_few: bool


@dataclass(frozen=True, slots=True)
class StageIndicator:
    """K29 of a stage. `middle` and `p80` are None for kinds that are only counted."""

    figure: Figure
    late: int
    missing: int
    middle: Value | None
    p80: Value | None
    groups: tuple[Group, ...]
    left: tuple[Left, ...]


def stage_indicator(*, viewer: Viewer, period: Period, stage_id: int) -> StageIndicator:
    """Give K29 of a stage with its spread, its link with wins and the list; three queries.

    Raises: Stage.DoesNotExist.
    """
    stage = _Of(*live_stage(stage_id))
    gone = _gone(viewer, period, stage)
    values = _values(viewer, stage, gone)
    outcomes = _outcomes(viewer, period, stage)
    left = tuple(
        _left(row, *values.get(attempt, (None, False)), outcomes.get(attempt, ""))
        for attempt, row in sorted(gone.items(), key=lambda one: one[1].at, reverse=True)
    )
    on_time = [one for one in left if one.value is not None and not one.is_late]
    late = sum(one.is_late for one in left)
    part, n = len(on_time), len(left)
    parts = share_parts(part, n)
    rows = tuple(one.row for one in left)
    figure = Figure("K29", 1, "share", part / n if n else None, n, rows, parts)
    kind = stage.row.indicator_kind
    middle, p80 = _spread(kind, on_time)
    groups = _groups(kind, on_time, middle)
    return StageIndicator(figure, late, n - part - late, middle, p80, groups, left)


def _left(row: Row, value: Value | None, is_late: bool, outcome: str) -> Left:
    counts = value is not None and not is_late
    label = "recorded" if counts else "late" if is_late else "missing"
    return Left(replace(row, value=int(counts), label=label), value, is_late, outcome)


def _facts(viewer: Viewer, stage: _Of) -> FactQuerySet:
    return Fact.objects.visible_to(viewer).counted().filter(funnel_id=stage.funnel_id)


def _gone(viewer: Viewer, period: Period, stage: _Of) -> dict[Attempt, Row]:
    ahead = Stage.objects.filter(funnel_id=stage.funnel_id, place__gt=stage.row.place)
    moved = Q(kind="deal.stage_entered", body__from_stage_id=stage.row.id)
    moved &= Q(stage_id__in=ahead.values("pk"))
    won = Q(kind="deal.won", stage_id=stage.row.id)
    facts = _facts(viewer, stage).filter(moved | won, at__gte=period.start, at__lt=period.end)
    columns = ("deal_id", "body__attempt", "at", "owner_id", "client_id")
    return {
        (deal_id or 0, attempt): Row(f"deal:{deal_id}", at, owner, client, deal_id, 0)
        for deal_id, attempt, at, owner, client in facts.order_by("at").values_list(*columns)
    }


def _values(
    viewer: Viewer, stage: _Of, gone: dict[Attempt, Row]
) -> dict[Attempt, tuple[Value | None, bool]]:
    """The value each attempt left with, or else the first that came late."""
    facts = _facts(viewer, stage).filter(kind=RECORDED, body__stage_id=stage.row.id)
    found: dict[Attempt, tuple[Value | None, bool]] = {}
    for deal_id, at, body in facts.order_by("at", "pk").values_list("deal_id", "at", "body"):
        attempt = (deal_id or 0, body["attempt"])
        row, value = gone.get(attempt), body["value"]
        if row is None or body["value_kind"] != stage.row.indicator_kind:
            continue
        is_late = body["is_late"] or at > row.at
        known, was_late = found.get(attempt, (None, False))
        if not is_late:
            found[attempt] = (value, False)
        elif known is None or was_late:
            found[attempt] = (value, value is not None)
    return found


def _outcomes(viewer: Viewer, period: Period, stage: _Of) -> dict[Attempt, str]:
    kinds = ("deal.won", "deal.lost")
    facts = _facts(viewer, stage).filter(kind__in=kinds, at__gte=period.start)
    rows = facts.order_by("at").values_list("deal_id", "body__attempt", "kind")
    return {(deal_id or 0, attempt): kind[5:] for deal_id, attempt, kind in rows}


def _spread(kind: str, left: Sequence[Left]) -> tuple[Value | None, Value | None]:
    if kind not in MEASURED or not left:
        return None, None
    sizes = [_size(one) for one in left]
    middle, p80 = median(sizes), percentile(sizes, 0.8)
    if middle is None or p80 is None:
        return None, None
    return _of_size(kind, middle), _of_size(kind, p80)


def _groups(kind: str, left: Sequence[Left], middle: Value | None) -> tuple[Group, ...]:
    if kind in MEASURED:
        if middle is None:
            return ()
        edge = date.fromisoformat(str(middle)).toordinal() if kind == "date" else float(middle)
        low = [one for one in left if _size(one) <= edge]
        high = [one for one in left if _size(one) > edge]
        return tuple(
            _group(what, middle, members)
            for what, members in (("low", low), ("high", high))
            if members
        )
    counts = Counter(one.value for one in left if one.value is not None)
    return tuple(
        _group("same", value, [one for one in left if one.value == value])
        for value, _n in counts.most_common()
    )


def _group(what: str, value: Value, members: Sequence[Left]) -> Group:
    won = sum(one.outcome == "won" for one in members)
    ended = sum(bool(one.outcome) for one in members)
    parts = share_parts(won, ended)
    low, high, is_few = parts["low"], parts["high"], parts["is_few"]
    return Group(what, value, len(members), won, ended, low, high, is_few)


def _size(one: Left) -> float:
    if isinstance(one.value, str):
        return date.fromisoformat(one.value).toordinal()
    return float(one.value or 0)


def _of_size(kind: str, size: float) -> Value:
    return date.fromordinal(int(size)).isoformat() if kind == "date" else size
