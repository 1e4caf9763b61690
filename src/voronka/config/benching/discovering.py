"""What the funnel found in a large log costs: time and memory, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from voronka.config.benching.event_log import write_events
from voronka.config.benching.measuring import BadAnswerError
from voronka.config.benching.results import Result

BARS = {10**6: (3, 80), 10**7: (30, 256)}
"""CPU seconds and megabytes for so many events."""


def cost_results(home: Path, sizes: Sequence[int]) -> Iterator[Result]:
    """Write a log of each size and let a fresh process read it and make the whole report.

    Raises: BadAnswerError when it did not find as many cases as were written.
    """
    home.mkdir(parents=True, exist_ok=True)
    file = home / "events.csv"
    try:
        for events in sizes:
            cases = write_events(file, events=events)
            yield from _costs(events, cases, _told_of(file))
    finally:
        file.unlink(missing_ok=True)


def _told_of(file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "voronka.config.benching.log_process", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BadAnswerError(f"discovery failed: {done.stderr[-300:]}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _costs(events: int, cases: int, told: dict[str, float]) -> Iterator[Result]:
    if (told["events"], told["cases"], told["bad_rows"]) != (events, cases, 0):
        raise BadAnswerError(f"{events} events of {cases} cases were written, not {told}")
    seconds, megabytes = BARS.get(events, (None, None))
    both = told["reading"] + told["report"]
    how = f"{cases:,} cases that went {told['traces']:,.0f} ways; reading {told['reading']:.2f}"
    how += f" + report {told['report']:.2f}; the start of a command {told['start']:.2f}"
    yield Result(f"discovery in {events:,} events", both, "CPU s", seconds, how)
    how = "peak less what the process had before reading"
    yield Result(f"{events:,} events: memory", told["memory"], "MB", megabytes, how)
