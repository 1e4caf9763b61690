"""Where money waits: stages ranked by the sums that stand longer than is usual there."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voronka.deals.models import Deal
from voronka.discovery.attempts import Attempt, StageOf
from voronka.discovery.bottlenecks import quantile
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.viewer import Viewer

HOUR, TOP_REASONS, TOP_DEALS = 3600, 3, 10


@dataclass(slots=True)
class _Place:
    passed: "array[int]" = field(default_factory=lambda: array("q"))
    standing: list[tuple[int, int, int]] = field(default_factory=list)
    lost: int = 0
    lost_kopecks: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)


def money_waiting(
    attempts: Sequence[Attempt],
    stages: Sequence[StageOf],
    *,
    calendar: WorkCalendar,
    viewer: Viewer,
    at: datetime,
) -> list[dict[str, Any]]:
    """Rank stages by money x working hours beyond the norm (without one: beyond the p80).

    As `bottlenecks_of`, with `norm_hours`, the sums that stand there and the sums lost, all in
    kopecks; `over_kopecks`: of the deals beyond; `deals`: ids of those, the dearest first;
    `reasons`: the first refusals there, (group, reason, n). Times in working hours. One query.
    """
    known = {stage.id: _Place() for stage in stages}
    places = {stage.id: stage.place for stage in stages}
    for attempt in attempts:
        _pass(attempt, known, places, calendar)
    rows = Deal.objects.visible_to(viewer).filter(outcome="", stage_id__in=known)
    for pk, stage_id, since, amount in rows.values_list(
        "pk", "stage_id", "stage_since", "amount_kopecks"
    ):
        age = int(calendar.between(since, at).total_seconds())
        known[stage_id].standing.append((amount or 0, age, pk))
    lines = [_line(stage, known[stage.id]) for stage in stages]
    return sorted(lines, key=lambda one: (-one["kopeck_hours"], -one["over_hours"]))


def _pass(
    attempt: Attempt,
    known: Mapping[int, _Place],
    places: Mapping[int, int],
    calendar: WorkCalendar,
) -> None:
    """Add up how long an attempt waited in each stage it went on from, and where it ended."""
    steps = [(pk, at) for pk, at in attempt.entries if pk in known]
    for (stage, since), (other, until) in zip(steps, steps[1:], strict=False):
        if places[other] > places[stage]:
            known[stage].passed.append(int(calendar.between(since, until).total_seconds()))
    if not steps or attempt.ended_at is None:
        return
    stage, since = steps[-1]
    place = known[stage]
    if attempt.outcome == "won":
        place.passed.append(int(calendar.between(since, attempt.ended_at).total_seconds()))
    elif attempt.outcome == "lost":
        place.lost += 1
        place.lost_kopecks += attempt.amount_kopecks
        place.reasons[attempt.reason] += 1


def _line(stage: StageOf, place: _Place) -> dict[str, Any]:
    median, p80 = quantile(place.passed, 0.5), quantile(place.passed, 0.8)
    usual = stage.norm_seconds or p80
    over = [
        (amount, age - usual, pk)
        for amount, age, pk in place.standing
        if usual is not None and age > usual
    ]
    money = sum(amount for amount, _, _ in place.standing)
    return {
        "stage_id": stage.id,
        "stage": [stage.name],
        "n": len(place.passed),
        "median_hours": _hours(median),
        "p80_hours": _hours(p80),
        "norm_hours": _hours(stage.norm_seconds),
        "waited_hours": round(sum(place.passed) / HOUR),
        "standing": len(place.standing),
        "money_kopecks": money,
        "weighted_kopecks": money * stage.win_permille // 1000,
        "over": len(over),
        "over_hours": round(sum(beyond for _, beyond, _ in over) / HOUR),
        "over_kopecks": sum(amount for amount, _, _ in over),
        "kopeck_hours": round(sum(amount * beyond for amount, beyond, _ in over) / HOUR),
        "lost": place.lost,
        "lost_kopecks": place.lost_kopecks,
        "reasons": [
            {"group": group, "reason": reason, "n": n}
            for (group, reason), n in place.reasons.most_common(TOP_REASONS)
        ],
        "deals": [pk for _, _, pk in sorted(over, reverse=True)[:TOP_DEALS]],
    }


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 2)
