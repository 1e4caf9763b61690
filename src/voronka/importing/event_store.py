"""Events of a log, gathered by case in a temporary file: flat memory at any size."""

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log. `amount_kopecks` and `outcome` are what the line says, if anything."""

    row: int
    at: datetime
    activity: str
    lifecycle: str
    person: str
    amount_kopecks: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class ActivityUse:
    """How an activity appears: in how many cases, and at which share of the way, on average."""

    name: str
    cases: int
    place: float


class EventStore:
    """Takes events in any order and gives them case by case, in the order of their moments."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(dir=folder, suffix=".events")  # noqa: SIM115
        self._base = sqlite3.connect(self._file.name, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._base.execute(
            "CREATE TABLE event (kase TEXT, row INT, at REAL, activity TEXT, lifecycle TEXT, "
            "person TEXT, amount INT, outcome TEXT)"
        )
        self._waiting: list[tuple[object, ...]] = []

    def __enter__(self) -> "EventStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()
        self._file.close()

    def add(self, case: str, event: Event) -> None:
        """Put an event down."""
        self._waiting.append((
            case, event.row, event.at.timestamp(), event.activity, event.lifecycle,
            event.person, event.amount_kopecks, event.outcome,
        ))  # fmt: skip
        if len(self._waiting) >= 5000:
            self._flush()

    def finish(self) -> int:
        """Close the gathering; give how many cases there are."""
        self._flush()
        self._base.execute("CREATE INDEX by_case ON event (kase, at, row)")
        self._base.execute(
            "CREATE TABLE kase AS SELECT kase AS name, MIN(row) AS first "
            "FROM event GROUP BY kase"
        )
        self._base.execute("CREATE INDEX by_first ON kase (first)")
        count: int = self._base.execute("SELECT COUNT(*) FROM kase").fetchone()[0]
        return count

    def cases(self, skip: int = 0) -> Iterator[tuple[str, int, list[Event]]]:
        """Give (name, first row, events) of each case, in the order of the file."""
        found = self._base.execute(
            "SELECT kase.first, event.kase, event.row, event.at, event.activity, "
            "event.lifecycle, event.person, event.amount, event.outcome FROM "
            "(SELECT name, first FROM kase ORDER BY first LIMIT -1 OFFSET ?) AS kase "
            "JOIN event ON event.kase = kase.name ORDER BY kase.first, event.at, event.row",
            [skip],
        )
        for (first, case), rows in groupby(found, key=itemgetter(0, 1)):
            yield (
                case,
                first,
                [Event(row[2], datetime.fromtimestamp(row[3], UTC), *row[4:]) for row in rows],
            )

    def uses(self) -> list[ActivityUse]:
        """List the activities by where they first stand in a case, on average."""
        rows = self._base.execute(
            "SELECT activity, COUNT(*), AVG(place) FROM (SELECT activity, kase, MIN(place) AS "
            "place FROM (SELECT activity, kase, PERCENT_RANK() OVER "
            "(PARTITION BY kase ORDER BY at, row) AS place FROM event "
            "WHERE lower(lifecycle) IN ('', 'complete')) "
            "GROUP BY activity, kase) GROUP BY activity ORDER BY AVG(place), activity"
        )
        return [ActivityUse(*row) for row in rows]

    def _flush(self) -> None:
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO event VALUES (?,?,?,?,?,?,?,?)", self._waiting)
        self._base.execute("COMMIT")
        self._waiting.clear()
