"""The ways that sales take through the stages: how many, how often won, how long."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from voronka.discovery.deeds import HOUR_MS
from voronka.discovery.log import Log
from voronka.discovery.ranks import nth
from voronka.discovery.stages import Stage

TOP = 12


@dataclass(frozen=True, slots=True)
class Variant:
    """A way: numbers of the row's stages as entered, so that 1, 2, 4 skips and 2, 1 goes back.

    `share`: of all cases; `won`: of the closed ones, None where none is closed; `days`: median
    from the first event to the last, of closed cases.
    """

    steps: tuple[int, ...]
    n: int
    share: float
    closed: int
    won: float | None
    days: float | None
    skips: int
    returns: int


@dataclass(slots=True)
class _Way:
    n: int = 0
    won: int = 0
    spans: "array[int]" = field(default_factory=lambda: array("q"))


def variants_of(log: Log, row: Sequence[Stage]) -> list[Variant]:
    """List the most frequent ways, the first twelve."""
    where = {code: n for n, stage in enumerate(row, start=1) for code in stage.activities}
    # A row has some dozens of stages at most: a byte each takes the least room.
    steps_of = {burst: bytes([where[c] for c in burst if c in where]) for burst in log.bursts}
    ways: dict[tuple[int, ...], _Way] = {}
    known: dict[bytes, _Way] = {}
    for trace in log.traces:
        steps = b"".join([steps_of[burst] for burst in trace.bursts])
        way = known.get(steps)
        if way is None:
            way = known[steps] = ways.setdefault(_plainly(steps), _Way())
        way.n += trace.n
        if trace.outcome in ("won", "lost"):
            way.won += trace.n * (trace.outcome == "won")
            way.spans.extend(trace.waits(0, -1))
    ordered = sorted(ways.items(), key=lambda one: (-one[1].n, one[0]))
    return [_variant(steps, way, log.cases) for steps, way in ordered[:TOP] if steps]


def _plainly(steps: Sequence[int]) -> tuple[int, ...]:
    """Keep the first entries and the returns; going on after a return is told by the return."""
    kept: list[int] = []
    for step in steps:
        if not kept or step > max(kept) or step < kept[-1]:
            kept.append(step)
    return tuple(kept)


def _variant(steps: tuple[int, ...], way: _Way, cases: int) -> Variant:
    ups = [step for n, step in enumerate(steps) if not n or step > max(steps[:n])]
    spans = way.spans
    return Variant(
        steps=steps,
        n=way.n,
        share=way.n / cases,
        closed=len(spans),
        won=way.won / len(spans) if spans else None,
        days=round(nth(spans, len(spans) // 2) / HOUR_MS / 24, 1) if spans else None,
        skips=max(ups) - len(ups),
        returns=len(steps) - len(ups),
    )
