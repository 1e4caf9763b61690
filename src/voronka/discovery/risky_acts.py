"""What is done more in lost cases: stages come from the won ones and do not show it."""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from voronka.discovery.log import Log, Trace
from voronka.discovery.marks import marks_in, places_of
from voronka.discovery.outcomes import Ends
from voronka.discovery.stages import Stage
from voronka.foundation.shares import surely_more, z_among

FEW, LEAST_LIFT, TOP = 30, 1.2, 8


def risky_acts(log: Log, row: Sequence[Stage], ends: Ends) -> list[dict[str, Any]]:
    """List activities whose cases are lost more often than others that came to that stage.

    `stage`: that in which the activity mostly begins; `lost`, `n`: of the closed cases with
    it; `others_lost`, `others`: of those without it that came there too; `lift`: how many
    times as often. Only what is beyond chance among all activities looked at; ends are left
    out, and so is what only ever stands beside them.
    """
    where = places_of(row)
    begun, came = _begun(log, where)
    skip = ends.won | ends.lost | frozenset(where)
    codes = [code for code in range(len(log.names)) if code not in skip and code in begun]
    z = z_among(len(codes))
    found: list[dict[str, Any]] = []
    for code in codes:
        place = begun[code].most_common(1)[0][0]
        mine, others = [0, 0], [0, 0]
        for trace, furthest in came:
            if furthest >= place:
                side = mine if code in trace.activities else others
                side[0] += trace.n * (trace.outcome == "lost")
                side[1] += trace.n
        if mine[1] < FEW or not others[0] or not surely_more(_pair(mine), _pair(others), z):
            continue
        lift = (mine[0] / mine[1]) / (others[0] / others[1])
        if lift >= LEAST_LIFT:
            found.append({
                "activity": log.names[code],
                "stage": [log.names[one] for one in row[max(0, place)].activities],
                "lost": mine[0], "n": mine[1],
                "others_lost": others[0], "others": others[1], "lift": round(lift, 2),
            })  # fmt: skip
    return sorted(found, key=itemgetter("lift"), reverse=True)[:TOP]


def _begun(
    log: Log, where: dict[int, int]
) -> tuple[dict[int, Counter[int]], list[tuple[Trace, int]]]:
    """Give at which stage each activity began in how many closed cases, not in the burst that
    ends a case; and the closed traces with the furthest stage of each.
    """
    marks = marks_in(log, where)
    tops = {burst: places[-1] if places else -1 for burst, (_, places) in marks.items()}
    sets = {burst: frozenset(burst) for burst in log.bursts}
    begun: dict[int, Counter[int]] = {code: Counter() for code in range(len(log.names))}
    came: list[tuple[Trace, int]] = []
    for trace in log.traces:
        if trace.outcome not in ("won", "lost"):
            continue
        now, seen, n = -1, set[int](), trace.n
        for burst in trace.bursts[:-1]:
            if tops[burst] > now:
                now = tops[burst]
            if new := sets[burst] - seen:
                seen |= new
                for code in new:
                    begun[code][now] += n
        came.append((trace, max(now, tops[trace.bursts[-1]])))
    return {code: there for code, there in begun.items() if there}, came


def _pair(counts: list[int]) -> tuple[int, int]:
    return counts[0], counts[1]
