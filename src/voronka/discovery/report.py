"""The whole report on a log: stages with their figures and how sure they are."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from voronka.discovery.deeds import HOUR_MS
from voronka.discovery.insight import told_by_log
from voronka.discovery.log import Clock, Log
from voronka.discovery.model import NOTHING, Block, find_model
from voronka.discovery.outcomes import Ends, find_ends
from voronka.discovery.ranks import nth
from voronka.discovery.stages import (
    Found,
    Profile,
    Stage,
    find_stages,
    profiles_of,
    sure_work,
    without,
)
from voronka.discovery.variants import Variant, variants_of

DRAWS, WEAK = 20, 0.8
FEW_FOR_NORM = 30
SEED = 20_12


@dataclass(frozen=True, slots=True)
class StageFigures:
    """A stage with what closed cases show. Hours: to the next stage of the row, won cases;
    None where there are fewer than thirty, or at the end of the row.

    `reached`: closed cases that came so far; `lost_here`: of those, lost before the next one.
    """

    name: str
    activities: tuple[str, ...]
    kind: str
    reached: int
    conversion: float
    lost_here: int
    p50_hours: float | None
    p80_hours: float | None
    support: float
    stability: float
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a log tells. `problem`: "" or "too_little_data"; then there are no stages."""

    cases: int
    events: int
    won: int
    lost: int
    open: int
    won_by: tuple[str, ...]
    lost_by: tuple[str, ...]
    stages: tuple[StageFigures, ...]
    work: tuple[dict[str, Any], ...]
    model: Block
    names: tuple[str, ...]
    problem: str = ""
    variants: tuple[Variant, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def weak(self) -> list[str]:
        """Names of the stages seen in less than four of five half samples."""
        return [stage.name for stage in self.stages if stage.stability < WEAK]

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain values."""
        return {
            "cases": self.cases,
            "events": self.events,
            "won": self.won,
            "lost": self.lost,
            "open": self.open,
            "won_by": list(self.won_by),
            "lost_by": list(self.lost_by),
            "stages": [
                {name: _plain(getattr(one, name)) for name in StageFigures.__slots__}
                for one in self.stages
            ],
            "work": list(self.work),
            "variants": [
                {name: _plain(getattr(one, name)) for name in Variant.__slots__}
                for one in self.variants
            ],
            "model": None if self.model is NOTHING else self.model.to_json(self.names),
            "weak": self.weak,
            "problem": self.problem,
        } | self.more


def report_on(log: Log, *, clock: Clock | None = None) -> Report:
    """Work out the report. Nothing is proposed where fewer than ten cases were won.

    `clock` gives the milliseconds that count between two moments (working time); without one
    all of them do.
    """
    ends = find_ends(log)
    profiles = profiles_of(log)
    found = find_stages(profiles, ends, long_acts=log.long_acts, names=log.names)
    ended = Counter[str]()
    for trace in log.traces:
        ended[trace.outcome] += trace.n
    report = Report(
        cases=log.cases,
        events=log.events,
        won=ended["won"],
        lost=ended["lost"],
        open=ended["open"],
        won_by=_named(log, ends.won),
        lost_by=_named(log, ends.lost),
        stages=(),
        work=(),
        model=NOTHING,
        names=tuple(log.names),
        problem="" if found.row else "too_little_data",
    )
    if not found.row:
        return report
    return replace(
        report,
        stages=tuple(_figures(log, found, _stability(profiles, ends, log, found), clock)),
        variants=tuple(variants_of(log, found.row)),
        work=tuple(_work(log, found)),
        model=find_model(log, work=found.work),
        more=told_by_log(log, found.row, ends, clock),
    )


def _figures(
    log: Log, found: Found, stability: dict[Stage, float], clock: Clock | None
) -> Iterator[StageFigures]:
    row, closed = found.row, _closed(log)
    reached, lost = _passage(closed, row)
    whole = sum(closed.values())
    waits = _waits(log, row, clock)
    at = {stage: n for n, stage in enumerate(row)}
    for stage in found.stages:
        place = at.get(stage)
        n = reached[place] if place is not None else _with(closed, stage)
        wait = waits.get(place, ()) if place is not None else ()
        there, others = _examples(log, stage)
        yield StageFigures(
            name=_title(log, stage),
            activities=tuple(log.names[code] for code in stage.activities),
            kind=stage.kind,
            reached=n,
            conversion=n / whole if whole else 0.0,
            lost_here=lost[place] if place is not None else 0,
            p50_hours=_hours(wait, 0.5),
            p80_hours=_hours(wait, 0.8),
            support=stage.support,
            stability=stability[stage],
            examples=there,
            counter_examples=others,
        )


Closed = Counter[tuple[frozenset[int], str]]


def _passage(closed: Closed, row: Sequence[Stage]) -> tuple[list[int], list[int]]:
    """Count the closed cases that came to each stage of the row, and were lost there."""
    furthest: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    sets = [frozenset(stage.activities) for stage in row]
    for (there, outcome), n in closed.items():
        last = max((k for k, codes in enumerate(sets) if codes & there), default=-1)
        furthest[last] += n
        if outcome == "lost":
            lost[last] += n
    reached = [sum(furthest[k] for k in range(n, len(row))) for n in range(len(row))]
    return reached, [lost[n] for n in range(len(row))]


def _waits(log: Log, row: Sequence[Stage], clock: Clock | None) -> dict[int, "array[int]"]:
    """Gather, for each stage of the row, the time to the next one in won cases."""
    where = {code: n for n, stage in enumerate(row) for code in stage.activities}
    entered = {burst: [where[code] for code in burst if code in where] for burst in log.bursts}
    found = {n: array("q") for n in range(len(row) - 1)}
    has_won = any(trace.outcome == "won" for trace in log.traces)
    for trace in log.traces:
        if trace.outcome != ("won" if has_won else "open"):
            continue
        first = _first_places([entered[burst] for burst in trace.bursts])
        for n in range(len(row) - 1):
            if n in first and first[n] <= first.get(n + 1, -1):
                found[n].extend(trace.waits(first[n], first[n + 1], clock))
    return found


def _first_places(entered: Sequence[Sequence[int]]) -> dict[int, int]:
    """Tell in which burst each stage was entered first."""
    first: dict[int, int] = {}
    for place, stages in enumerate(entered):
        if stages:
            for n in stages:
                if n not in first:
                    first[n] = place
    return first


def _hours(waits: Sequence[int], share: float) -> float | None:
    if len(waits) < FEW_FOR_NORM:
        return None
    return round(nth(waits, min(len(waits) - 1, int(share * len(waits)))) / HOUR_MS, 3)


def _with(closed: Closed, stage: Stage) -> int:
    codes = frozenset(stage.activities)
    return sum(n for (there, _), n in closed.items() if codes & there)


def _closed(log: Log) -> Closed:
    """The cases that ended, by what happened and how; where no end is known, all of them."""
    kinds: Closed = Counter()
    for trace in log.traces:
        kinds[trace.activities, trace.outcome] += trace.n
    closed = Counter({kind: n for kind, n in kinds.items() if kind[1] != "open"})
    return closed or kinds


def _examples(log: Log, stage: Stage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give three won cases that have the stage, and up to three that do not."""
    codes = frozenset(stage.activities)
    has = {there: bool(codes & there) for there in log.sets}
    there: list[str] = []
    others: list[str] = []
    for trace in log.traces:
        if trace.outcome in ("won", "open"):
            target = there if has[trace.activities] else others
            if trace.outcome == "won" or target is there:
                target += trace.examples[: 3 - len(target)]
        if len(there) >= 3 and len(others) >= 3:
            break
    return tuple(there), tuple(others)


def _stability(
    profiles: Sequence[Profile], ends: Ends, log: Log, found: Found
) -> dict[Stage, float]:
    """Find the stages anew in twenty random halves of the cases; the share that has each."""
    rng = Random(SEED)
    seen: Counter[frozenset[int]] = Counter()
    fewer = without(profiles, sure_work(profiles, log.long_acts))
    for _ in range(DRAWS):
        halves = [profile.some(n) for profile in fewer if (n := _half(profile.n, rng))]
        again = find_stages(halves, ends, long_acts=log.long_acts, names=log.names)
        seen.update(frozenset(stage.activities) for stage in again.stages)
    return {stage: seen[frozenset(stage.activities)] / DRAWS for stage in found.stages}


def _half(n: int, rng: Random) -> int:
    """Toss a coin for each of `n` cases."""
    return rng.getrandbits(n).bit_count()


def _work(log: Log, found: Found) -> Iterator[dict[str, Any]]:
    """Tell of work: how many cases have it, how often, and inside which stage it is done."""
    where = {code: n for n, stage in enumerate(found.row) for code in stage.activities}
    reach = {burst: max([where.get(code, 0) for code in burst]) for burst in log.bursts}
    done = {burst: [code for code in burst if code in found.work] for burst in log.bursts}
    inside: dict[int, Counter[int]] = {code: Counter() for code in found.work}
    for trace in log.traces:
        now = 0
        for burst in trace.bursts:
            if reach[burst] > now:
                now = reach[burst]
            for code in done[burst]:
                inside[code][now] += trace.n
    cases = {code: sum(n for s, n in log.sets.items() if code in s) for code in found.work}
    times = {code: inside[code].total() for code in found.work}
    for code in sorted(found.work, key=lambda code: -cases[code]):
        place = inside[code].most_common(1)
        yield {
            "activity": log.names[code],
            "cases": cases[code],
            "times_a_case": round(times[code] / cases[code], 2) if cases[code] else 0.0,
            "stage": _title(log, found.row[place[0][0]]) if place else "",
            "takes_time": code in log.long_acts,
        }


def _title(log: Log, stage: Stage) -> str:
    return " + ".join(log.names[code] for code in stage.activities)


def _named(log: Log, codes: frozenset[int]) -> tuple[str, ...]:
    return tuple(sorted(log.names[code] for code in codes))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return round(value, 4) if isinstance(value, float) else value
