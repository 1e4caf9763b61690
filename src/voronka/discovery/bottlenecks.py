"""Where sales wait: stages ranked by what stands in them, in money or in hours.

A log knows no money: its stages are ranked by the hours that all cases waited there.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from voronka.discovery.deeds import HOUR_MS
from voronka.discovery.log import Burst, Clock, Log, Trace
from voronka.discovery.marks import marks_in, places_of
from voronka.discovery.ranks import nth
from voronka.discovery.stages import Stage

FEW = 30


def quantile(waits: Sequence[int], share: float) -> int | None:
    """Give the wait that a share of the waits keeps within; None where they are too few."""
    if len(waits) < FEW:
        return None
    return nth(waits, min(len(waits) - 1, int(share * len(waits))))


def bottlenecks_of(
    log: Log, row: Sequence[Stage], clock: Clock | None = None
) -> list[dict[str, Any]]:
    """Rank the stages of a row by the hours that all cases waited there, whatever came of it.

    `n`: cases that went on, `median_hours`, `p80_hours` of those (None under thirty);
    `standing`: open cases whose furthest stage it is; `over`: those that stand longer than
    the p80, by the last event of the log; `lost`: cases that ended there.
    """
    marks = marks_in(log, places_of(row))
    tops = {burst: places[-1] if places else -1 for burst, (_, places) in marks.items()}
    passed = [array("q") for _ in row]
    stayed = [0] * len(row)
    standing = [array("q") for _ in row]
    lost = [0] * len(row)
    now = max([max(trace.starts(-1)) for trace in log.traces], default=0)
    for trace in log.traces:
        entries = _entries(trace, tops)
        for (stage, place), (_, after) in zip(entries, entries[1:], strict=False):
            passed[stage].extend(trace.waits(place, after, clock))
        if not entries or entries[-1][0] == len(row) - 1:
            continue
        stage, place = entries[-1]
        if trace.outcome == "open":
            begins = trace.starts(place)
            standing[stage].extend(clock(at, now) if clock else now - at for at in begins)
        else:
            stayed[stage] += sum(trace.waits(place, -1, clock))
            lost[stage] += trace.n * (trace.outcome == "lost")
    found = []
    for n, stage_found in enumerate(row[:-1]):
        usual, p80 = (quantile(passed[n], part) for part in (0.5, 0.8))
        over = [age - p80 for age in standing[n] if p80 is not None and age > p80]
        found.append({
            "stage": [log.names[code] for code in stage_found.activities],
            "n": len(passed[n]),
            "median_hours": _hours(usual),
            "p80_hours": _hours(p80),
            "waited_hours": round((sum(passed[n]) + stayed[n]) / HOUR_MS),
            "standing": len(standing[n]),
            "over": len(over),
            "over_hours": round(sum(over) / HOUR_MS),
            "lost": lost[n],
        })  # fmt: skip
    return sorted(found, key=lambda one: -one["waited_hours"])


def _entries(trace: Trace, tops: Mapping[Burst, int]) -> list[tuple[int, int]]:
    """Give the stages that a trace came to for the first time, going on, and at which burst."""
    found: list[tuple[int, int]] = []
    furthest = -1
    for place, burst in enumerate(trace.bursts):
        if tops[burst] > furthest:
            furthest = tops[burst]
            found.append((furthest, place))
    return found


def _hours(ms: int | None) -> float | None:
    return None if ms is None else round(ms / HOUR_MS, 2)
