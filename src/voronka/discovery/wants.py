"""What won sales had before they left a stage: proposed as demands of that stage."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from voronka.deals.demands import STEPS
from voronka.discovery.attempts import Attempt, StageOf
from voronka.discovery.field_past import EMPTY, SET, UNKNOWN, FieldPast
from voronka.foundation.shares import surely_more, wilson

ENOUGH, MOST_UNKNOWN = 0.9, 0.1
TALKS = (30, 60, 120, 180, 300)
Left = list[tuple[Attempt, datetime]]
Told = Callable[[Attempt, datetime], str]


def wants_of(
    attempts: Sequence[Attempt], stages: Sequence[StageOf], past: FieldPast
) -> list[dict[str, Any]]:
    """List what nine won sales of ten surely had when they left a stage (Wilson's lower end).

    Each is named at the first stage where it holds; of talks, the longest that does.
    `is_sure`: False where it is not known since when the field is filled (it came with a
    file). `won` of `won_n` that left the stage had it; of the lost ones, `lost` of `lost_n`
    by the moment when they left it or ended. `tells`: the won ones had it surely more often.
    """
    places = {stage.id: stage.place for stage in stages}
    told: set[tuple[str, str, int]] = set()
    found: list[dict[str, Any]] = []
    for stage in stages:
        if stage.place == 1:
            told.clear()
        won = _left(attempts, stage, places, "won")
        lost = _left(attempts, stage, places, "lost")
        for kind, what, least, tell in _candidates(past):
            if (kind, what, least) in told or not (want := _want(won, lost, tell)):
                continue
            told.add((kind, what, least))
            if kind == "talk":
                told.update((kind, what, shorter) for shorter in TALKS if shorter < least)
            found.append({
                "stage_id": stage.id, "stage": stage.name,
                "kind": kind, "what": what, "least": least, **want,
            })  # fmt: skip
    return found


def _left(
    attempts: Sequence[Attempt], stage: StageOf, places: dict[int, int], outcome: str
) -> Left:
    own = (one for one in attempts if one.outcome == outcome)
    return [(one, at) for one in own if (at := one.left(stage.id, places)) is not None]


def _candidates(past: FieldPast) -> Iterator[tuple[str, str, int, Told]]:
    for name in past.names:
        yield "field", name, 0, _field(past, name)
    # The longest first: where it holds, the shorter ones need no saying.
    for least in reversed(TALKS):
        yield "talk", "", least, _talk(least)
    for step in STEPS:
        yield "done", step, 0, _done(step)


def _field(past: FieldPast, name: str) -> Told:
    return lambda one, at: past.at(one.deal_id, name, at)


def _talk(least: int) -> Told:
    def tell(one: Attempt, at: datetime) -> str:
        return SET if any(when <= at and n >= least for when, n in one.talks) else EMPTY

    return tell


def _done(step: str) -> Told:
    def tell(one: Attempt, at: datetime) -> str:
        return SET if any(when <= at and kind == step for when, kind in one.done) else EMPTY

    return tell


def _want(won: Left, lost: Left, tell: Told) -> dict[str, Any] | None:
    counts = Counter(tell(one, at) for one, at in won)
    is_sure = counts[UNKNOWN] <= MOST_UNKNOWN * counts.total()
    mine = _pair(counts, is_sure)
    low = wilson(*mine)[0]
    if not mine[1] or low < ENOUGH:
        return None
    others = _pair(Counter(tell(one, at) for one, at in lost), is_sure)
    return {
        "won": mine[0], "won_n": mine[1], "low": round(low, 4), "is_sure": is_sure,
        "lost": others[0], "lost_n": others[1], "tells": surely_more(mine, others),
    }  # fmt: skip


def _pair(counts: Counter[str], is_sure: bool) -> tuple[int, int]:
    """Count those that had it, of how many: where times are unknown, any value counts."""
    if is_sure:
        return counts[SET], counts[SET] + counts[EMPTY]
    return counts[SET] + counts[UNKNOWN], counts.total()
