"""What a log tells besides its stages: habits, waiting, what lost cases did, people."""

from collections.abc import Sequence
from typing import Any

from voronka.discovery.bottlenecks import bottlenecks_of
from voronka.discovery.crew import handovers, who_does_what
from voronka.discovery.detours import detours_of, passages_of
from voronka.discovery.habits import courses_of, habits_of
from voronka.discovery.log import Clock, Log
from voronka.discovery.outcomes import Ends
from voronka.discovery.risky_acts import risky_acts
from voronka.discovery.stages import Stage


def told_by_log(
    log: Log, row: Sequence[Stage], ends: Ends, clock: Clock | None
) -> dict[str, Any]:
    """Give, as plain values, what the log alone tells."""
    return {
        "habits": habits_of(courses_of(log, row)),
        "detours": detours_of(passages_of(log, row), [_names(log, stage) for stage in row]),
        "bottlenecks": bottlenecks_of(log, row, clock),
        "risky_acts": risky_acts(log, row, ends),
        "people": who_does_what(log.names, log.people, log.crew.automation),
        "handovers": handovers(log.crew, [trace.outcome for trace in log.traces]),
    }


def _names(log: Log, stage: Stage) -> list[str]:
    return [log.names[code] for code in stage.activities]
