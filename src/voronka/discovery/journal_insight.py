"""What the journal tells better than a log of it: with deals, money and fields."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from voronka.discovery.attempts import Attempt, StageOf, attempts_of, stages_of
from voronka.discovery.detours import Passage, detours_of
from voronka.discovery.field_past import FieldPast
from voronka.discovery.habits import Course, habits_of
from voronka.discovery.money_waiting import money_waiting
from voronka.discovery.wants import wants_of
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.viewer import Viewer


def told_by_journal(
    *, viewer: Viewer, funnel_id: int | None, calendar: WorkCalendar, at: datetime
) -> dict[str, Any]:
    """Give habits, bottlenecks and wanted demands as plain values, over those of the log."""
    stages = stages_of(funnel_id)
    attempts = attempts_of(viewer=viewer, funnel_id=funnel_id)
    past = FieldPast(viewer=viewer, funnel_id=funnel_id)
    return {
        "habits": habits_of(_courses(attempts, stages)),
        "detours": detours_of(_passages(attempts, stages), [[one.name] for one in stages]),
        "bottlenecks": money_waiting(attempts, stages, calendar=calendar, viewer=viewer, at=at),
        "wants": wants_of(attempts, stages, past),
    }


def _courses(attempts: Sequence[Attempt], stages: Sequence[StageOf]) -> Iterator[Course]:
    """Give each attempt as a course of whoever owned the deal; a stage entered again loops."""
    places = {stage.id: stage.place for stage in stages}
    for one in attempts:
        steps = [places[pk] for pk, _ in one.entries if pk in places]
        steps = steps[:1] + [two for before, two in pairwise(steps) if two != before]
        if steps and one.leader:
            again = len(set(steps)) < len(steps)
            # A reopened deal, or one from a file, begins where it stands: it skipped nothing.
            yield Course(
                str(one.leader), tuple(steps), again, deal_id=one.deal_id, is_whole=False
            )


def _passages(attempts: Sequence[Attempt], stages: Sequence[StageOf]) -> Iterator[Passage]:
    """Give each first attempt as a passage: a later one begins in the middle of the way."""
    places = {stage.id: n for n, stage in enumerate(stages, start=1)}
    for one in attempts:
        steps = [places[pk] for pk, _ in one.entries if pk in places]
        if steps and one.number == 1 and steps[0] == 1:
            again = frozenset(step for step, times in Counter(steps).items() if times > 1)
            end = one.ended_at or one.entries[-1][1]
            span = int((end - one.entries[0][1]).total_seconds() * 1000)
            yield Passage(frozenset(steps), again, one.outcome, (span,))
