"""An event log from a file, straight into discovery: nothing is written to the base."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from voronka.discovery.builder import LogBuilder
from voronka.discovery.log import Log
from voronka.importing.bad_files import FileEncodingMixedError
from voronka.importing.event_blocks import blocks_of, is_plain
from voronka.importing.event_taking import Taker
from voronka.importing.event_texts import refusing
from voronka.importing.files import open_table
from voronka.importing.guessing import guess_mapping
from voronka.importing.guessing_events import guess_by_values
from voronka.importing.mapping import BadMappingError
from voronka.importing.tables import Table, normal_header

FIELDS = ("case", "activity", "at", "person", "outcome", "lifecycle")
NEEDED = ("case", "activity", "at")
SAMPLE, TOP_PROBLEMS = 5000, 100
WORDS_OF_WORK = frozenset(
    "schedule start assign reassign suspend resume withdraw autoskip manualskip abort".split()  # noqa: SIM905
)


@dataclass(slots=True)
class EventFile:
    """A log read from a file. `problems`: (row, what is wrong) of rows left out, at most 100
    of `bad_rows`. `columns`: header by field, as named or guessed.
    """

    log: Log
    columns: Mapping[str, str]
    rows: int = 0
    bad_rows: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, row: int, what: str) -> None:
        """Note a row that is left out: no_case, no_activity, bad_date, in_future."""
        self.bad_rows += 1
        if len(self.problems) < TOP_PROBLEMS:
            self.problems.append((row, what))


def read_events(
    path: Path,
    *,
    zone: ZoneInfo,
    now: datetime,
    columns: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    builder: LogBuilder | None = None,
) -> EventFile:
    """Read a log; columns that are not named are guessed. `only`: patterns of activities.

    A row without a case, an activity or a readable time, or more than a day ahead of `now`,
    is left out and told of. Of a lifecycle only "complete" counts where there is such a word;
    words that are no lifecycle ("In Progress") make activities of their own. `builder` takes
    the events; by default a new one.

    Raises: BadFileError and its kind, BadMappingError (columns, required).
    """
    table, sample = _opened(path)
    with table:
        chosen = _columns(table, sample, columns or {}, zone)
        places = {name: table.headers.index(header) for name, header in chosen.items()}
        found = EventFile(Log(), chosen)
        lifecycle, builder = _lifecycle(sample, places), builder or LogBuilder()
        taker = Taker(places, lifecycle, only, zone, now, found.wrong, builder)
        is_all = len(places) == len(table.headers)
        del sample
        with closing(builder), refusing(path):
            for block in blocks_of(path, table):
                if not is_all:
                    block.check()
                found.rows += taker.take(block)
            found.log = taker.finish()
        return found


def _opened(path: Path) -> tuple[Table, list[list[str]]]:
    """Open a log and read its first rows; plain text is looked at while it is read."""
    try:
        table = open_table(path, is_hasty=True)
        if is_plain(table) or table.format != "csv":
            return table, _sample(table)
    except FileEncodingMixedError:
        # All bytes tell more than the first: what is wrong, or another encoding.
        pass
    table = open_table(path)
    return table, _sample(table)


def _sample(table: Table) -> list[list[str]]:
    return [row.cells for row in islice(table.rows(), SAMPLE)]


def _columns(
    table: Table, sample: Sequence[Sequence[str]], named: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    there = {normal_header(name): name for name in table.headers}
    if missing := [name for name in named.values() if normal_header(name) not in there]:
        raise BadMappingError(what="columns", names=missing)
    found = {name: there[normal_header(header)] for name, header in named.items()}
    guesses = guess_mapping(table.headers, sample[:200], "history")
    for place, guess in sorted(guesses.items()):
        header = table.headers[place]
        if guess and guess.field in FIELDS and header not in found.values():
            found.setdefault(guess.field, header)
    if any(name not in found for name in NEEDED):
        found = guess_by_values(table.headers, sample, found, zone)
    if missing := [name for name in NEEDED if name not in found]:
        raise BadMappingError(what="required", names=missing)
    return found


def _lifecycle(sample: Sequence[Sequence[str]], places: Mapping[str, int]) -> str:
    """Tell what the lifecycle column is: "complete" (keep those), "states", or ""."""
    if "lifecycle" not in places:
        return ""
    place, activity = places["lifecycle"], places["activity"]
    words = {cells[place].strip().casefold() for cells in sample}
    complete = {c[activity] for c in sample if c[place].strip().casefold() == "complete"}
    if len(complete) > 1:
        return "complete"
    return "" if words <= WORDS_OF_WORK | {"complete", ""} else "states"
