"""An event log from a file, straight into discovery: nothing is written to the base."""

import csv
import gzip
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from voronka.discovery.log import Log, LogBuilder
from voronka.foundation.errors import RefusalError
from voronka.importing.files import open_table
from voronka.importing.guessing import guess_mapping
from voronka.importing.guessing_events import guess_by_values
from voronka.importing.mapping import BadMappingError
from voronka.importing.moments import parse_moment
from voronka.importing.tables import Table, normal_header

FIELDS = ("case", "activity", "at", "person", "outcome", "lifecycle")
NEEDED = ("case", "activity", "at")
SAMPLE, TOP_PROBLEMS = 5000, 100
NONE = "\x00"
WORDS_OF_WORK = frozenset(
    "schedule start assign reassign suspend resume withdraw autoskip manualskip abort".split()  # noqa: SIM905
)
WON = frozenset({"won", "win", "yes", "1", "true", "выиграна", "выигран", "успех", "да"})
LOST = frozenset({"lost", "lose", "no", "0", "false", "проиграна", "отказ", "нет"})


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
) -> EventFile:
    """Read a log; columns that are not named are guessed. `only`: patterns of activities.

    A row without a case, an activity or a readable time, or more than a day ahead of `now`,
    is left out and told of. Of a lifecycle only "complete" counts where there is such a word;
    words that are no lifecycle ("In Progress") make activities of their own.

    Raises: BadFileError and its kind, BadMappingError (columns, required).
    """
    with open_table(path) as table:
        sample = [row.cells for row in islice(table.rows(), SAMPLE)]
        chosen = _columns(table, sample, columns or {}, zone)
        places = {name: table.headers.index(header) for name, header in chosen.items()}
        reader = _Reader(places, _lifecycle(sample, places), only, zone, now)
        found = EventFile(Log(), chosen)
        with _cells(path, table) as (cells, number):
            reader.take_all(cells, number, found)
        found.log = reader.finish()
        return found


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


class _Reader:
    """Takes rows into a log, one call a row."""

    def __init__(
        self,
        places: Mapping[str, int],
        lifecycle: str,
        only: Sequence[str],
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._builder = LogBuilder()
        self._places = places
        self._lifecycle = lifecycle
        self._only = only
        self._zone = zone
        self._latest = (now + timedelta(days=1)).timestamp()
        self._long: set[str] = set()

    def finish(self) -> Log:
        """Give the log."""
        return self._builder.finish(self._long)

    # One loop on purpose: a call for each row would cost a second a million.
    def take_all(  # noqa: C901, PLR0915
        self, rows: Iterable[list[str]], number: Callable[[], int], found: EventFile
    ) -> None:
        """Take the rows; `number` tells the number of the row just given."""
        places, add, latest, zone = (
            self._places,
            self._builder.adder(),
            self._latest,
            self._zone,
        )
        case_at, activity_at, time_at = places["case"], places["activity"], places["at"]
        person_at, outcome_at = places.get("person", -1), places.get("outcome", -1)
        life_at = places.get("lifecycle", -1) if self._lifecycle else -1
        width = max(places.values()) + 1
        read = datetime.fromisoformat
        named: dict[tuple[str, str], str] = {}
        for cells in rows:
            if len(cells) < width:
                if not any(cells):
                    continue
                cells = [*cells, *[""] * width]
            found.rows += 1
            word = (cells[activity_at], cells[life_at] if life_at >= 0 else "")
            activity = named.get(word)
            if activity is None:
                activity = named[word] = self._name(*word)
            case = cells[case_at]
            if activity == "":
                continue
            try:
                at = read(cells[time_at])
                moment = (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
            except ValueError:
                moment = self._moment(cells[time_at])
            if not case or activity == NONE or not moment < latest:
                found.wrong(number(), _why(case, activity, moment))
                continue
            add(case, activity, int(moment * 1000), cells[person_at] if person_at >= 0 else "")
            if outcome_at >= 0:
                self._end(case, cells[outcome_at])

    def _moment(self, text: str) -> float:
        try:
            return parse_moment(text, self._zone).timestamp()
        except RefusalError:
            return math.nan

    def _end(self, case: str, word: str) -> None:
        word = word.strip().casefold()
        if word in WON or word in LOST:
            self._builder.end(case, "won" if word in WON else "lost")

    def _name(self, activity: str, life: str) -> str:
        """Give the activity as it counts; "" when the row does not, NONE when it has none."""
        activity = activity.strip()
        if not activity:
            return NONE
        if self._only and not any(fnmatchcase(activity, one) for one in self._only):
            return ""
        if self._lifecycle == "complete":
            if life.strip().casefold() not in ("complete", ""):
                self._long.add(activity)
                return ""
        elif self._lifecycle == "states" and life.strip():
            return f"{activity}: {life.strip()}"
        return activity


def _why(case: str, activity: str, moment: float) -> str:
    if not case:
        return "no_case"
    if activity == NONE:
        return "no_activity"
    return "bad_date" if math.isnan(moment) else "in_future"


@contextmanager
def _cells(path: Path, table: Table) -> Iterator[tuple[Iterable[list[str]], Callable[[], int]]]:
    """Give the cells of each row, and what tells a row's number; plain UTF-8 goes quicker."""
    is_plain = table.format == "csv" and table.encoding in ("utf-8", "utf-8-sig")
    if is_plain and table.header_row == 1:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if is_packed else path.open("rb") as raw:
            text = TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            reader = csv.reader(text, delimiter=table.delimiter or ",")
            next(reader, None)
            yield reader, lambda: reader.line_num
            text.detach()
        return
    last = [1]

    def slow() -> Iterator[list[str]]:
        for row in table.rows():
            last[0] = row.number
            yield row.cells

    yield slow(), lambda: last[0]
