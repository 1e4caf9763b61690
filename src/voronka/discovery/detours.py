"""Stages passed by and stages entered again: how often, and whether such sales win and last."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voronka.discovery.deeds import HOUR_MS
from voronka.discovery.log import Log
from voronka.discovery.marks import places_of
from voronka.discovery.ranks import nth_of_all
from voronka.discovery.stages import Stage
from voronka.foundation.shares import surely_more, z_among

FEW = 10


@dataclass(frozen=True, slots=True)
class Passage:
    """Alike sales: places of the stages entered, of those entered again, and how they ended.

    `spans`: milliseconds from the first event to the last, of each sale, in order.
    """

    stages: frozenset[int]
    again: frozenset[int]
    outcome: str
    spans: Sequence[int]


def passages_of(log: Log, row: Sequence[Stage]) -> Iterator[Passage]:
    """Give the passages of a log's cases; inside a burst nothing is entered again."""
    where = places_of(row, first=1)
    bits = {code: 1 << n for n, code in enumerate(where)}
    here = {burst: sum({bits.get(code, 0) for code in burst}) for burst in log.bursts}
    alike: dict[tuple[int, int, str], array[int]] = {}
    for trace in log.traces:
        seen = again = 0
        for burst in trace.bursts:
            mine = here[burst]
            again |= seen & mine
            seen |= mine
        if seen:
            spans = alike.setdefault((seen, again, trace.outcome), array("q"))
            spans.extend(trace.waits(0, -1))
    for (stages, twice, outcome), spans in _by_stages(alike, where).items():
        yield Passage(stages, twice, outcome, array("q", sorted(spans)))


def _by_stages(
    alike: Mapping[tuple[int, int, str], "array[int]"], where: Mapping[int, int]
) -> dict[tuple[frozenset[int], frozenset[int], str], "array[int]"]:
    """Put together what differs by the activities of a stage alone; bits are activities."""
    places = list(where.values())
    found: dict[tuple[frozenset[int], frozenset[int], str], array[int]] = {}
    for (seen, again, outcome), spans in alike.items():
        stages, twice = (
            frozenset([place for n, place in enumerate(places) if mask >> n & 1])
            for mask in (seen, again)
        )
        found.setdefault((stages, twice, outcome), array("q")).extend(spans)
    return found


def detours_of(
    passages: Iterable[Passage], titles: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """List skips and repeats of each stage, the most frequent first.

    A skip is compared with the sales that came beyond the stage by way of it, a repeat with
    those that came to it once. `share`: of both together; `won` of `closed`; `days`: median
    of the closed. `is_sure`: the shares won differ beyond chance among all listed. Only where
    both sides have ten closed sales. `titles`: activities of each stage, in order.
    """
    known = list(passages)
    found = []
    for place, title in enumerate(titles, start=1):
        beyond = [one for one in known if max(one.stages) > place]
        there = [one for one in known if place in one.stages]
        sides = {
            "skip": ([one for one in beyond if place not in one.stages],
                     [one for one in beyond if place in one.stages]),
            "again": ([one for one in there if place in one.again],
                      [one for one in there if place not in one.again]),
        }  # fmt: skip
        for kind, (mine, others) in sides.items():
            one, other = _told(mine), _told(others)
            if min(one["closed"], other["closed"]) >= FEW:
                share = round(one["n"] / (one["n"] + other["n"]), 4)
                line = {"kind": kind, "stage": list(title), "share": share, **one}
                found.append(line | {f"others_{name}": value for name, value in other.items()})
    z = z_among(len(found))
    for line in found:
        pairs = (line["won"], line["closed"]), (line["others_won"], line["others_closed"])
        line["is_sure"] = surely_more(*pairs, z) or surely_more(*pairs[::-1], z)
    return sorted(found, key=lambda line: -line["n"])


def _told(passages: Sequence[Passage]) -> dict[str, Any]:
    closed = [one for one in passages if one.outcome in ("won", "lost")]
    n = sum(len(one.spans) for one in closed)
    span = nth_of_all([one.spans for one in closed], n // 2) if n else 0
    return {
        "n": sum(len(one.spans) for one in passages),
        "closed": n,
        "won": sum(len(one.spans) for one in closed if one.outcome == "won"),
        "days": round(span / HOUR_MS / 24, 1) if n else None,
    }
