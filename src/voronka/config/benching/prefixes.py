"""A log kept up to date against full passes, on random prefixes of the events in time."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from statistics import mean
from zoneinfo import ZoneInfo

from voronka.config.benching.event_log import event_lines
from voronka.config.benching.results import Result
from voronka.discovery.builder import LogBuilder
from voronka.discovery.live_log import LiveLog
from voronka.discovery.log import Log
from voronka.discovery.report import report_on
from voronka.discovery.texts import Ints
from voronka.importing.event_files import read_events

Event = tuple[str, str, int, str]
MADE_UP = 20_000


class _Recorder(LogBuilder):
    """Writes events down as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []

    def take(
        self,
        cases: Sequence[str],
        codes: Sequence[int] | Ints,
        moments: Sequence[int] | Ints,
        people: Sequence[str] = (),
    ) -> None:
        """Write down a column each."""
        names = list(self._deeds.activities)
        who = list(people) or [""] * len(cases)
        done, at_ms = [names[code] for code in codes], [int(one) for one in moments]
        self.events += zip(cases, done, at_ms, who, strict=True)


def prefix_results(log: Path | None, *, prefixes: int, seed: int = 7) -> Iterator[Result]:
    """Compare the reports as JSON on so many random prefixes; of a made-up log without one."""
    events = _events_of(log) if log else _made_up()
    name = log.name.partition(".")[0] if log else "made-up"
    live, spent, differing, taken = LiveLog(), _Spent(), 0, 0
    for prefix in sorted(Random(seed).sample(range(1, len(events) + 1), prefixes)):
        for event in islice(events, taken, prefix):
            live.add(*event)
        taken = prefix
        kept = spent.told(live.log, spent.live)
        anew = spent.told(partial(_whole, events[:prefix]), spent.whole)
        differing += kept != anew
    how = f"{prefixes:,} random prefixes of {len(events):,} events in the order of time"
    yield Result(f"{name}: reports that differ", differing, "reports", 0, how)
    yield Result(f"{name}: log caught up", 1000 * mean(spent.live), "CPU ms")
    yield Result(f"{name}: log by a full pass", 1000 * mean(spent.whole), "CPU ms")
    yield Result(f"{name}: report on a log", 1000 * mean(spent.reports), "CPU ms")
    yield Result(f"{name}: one more event", _one_more(live, events), "CPU ms")


class _Spent:
    """CPU seconds of logs kept, logs made anew, and reports on either."""

    def __init__(self) -> None:
        self.live: list[float] = []
        self.whole: list[float] = []
        self.reports: list[float] = []

    def told(self, make: Callable[[], Log], spent: list[float]) -> str:
        """Make a log and its report, noting what both took."""
        began = time.process_time()
        log = make()
        spent.append(time.process_time() - began)
        began = time.process_time()
        told = report_on(log).to_json()
        self.reports.append(time.process_time() - began)
        return json.dumps(told)


def _events_of(log: Path) -> list[Event]:
    recorder = _Recorder()
    read_events(log, zone=ZoneInfo("Europe/Moscow"), now=datetime.now(UTC), builder=recorder)
    return sorted(recorder.events, key=_at)


def _made_up() -> list[Event]:
    lines = islice(event_lines(), MADE_UP)
    return [(str(case), activity, 1000 * at, person) for at, case, activity, person in lines]


def _whole(events: Sequence[Event]) -> Log:
    builder = LogBuilder()
    cases, activities, moments, people = zip(*events, strict=True)
    builder.take(cases, [builder.code(one) for one in activities], moments, people)
    return builder.finish()


def _one_more(live: LiveLog, events: Sequence[Event], times: int = 50) -> float:
    """Give the CPU milliseconds until the log stands again after one more event."""
    began = time.process_time()
    for case, activity, at_ms, person in events[:times]:
        live.add(case, activity, at_ms + 1, person)
        live.log()
    return 1000 * (time.process_time() - began) / times


def _at(event: Event) -> int:
    return event[2]
