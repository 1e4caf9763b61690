"""Facts gathered in any order and written in the order of their moments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from voronka.config.seeding.axis import moment_of
from voronka.foundation.bulk_rows import Ids
from voronka.journal.actions import About, fact_of, record_many
from voronka.journal.kinds import FactBody
from voronka.journal.models import Fact

CHUNK = 5000


@dataclass(slots=True)
class Entry:
    """A fact to be written; `at` in seconds since 1970, `id` is known once written."""

    at: int
    body: FactBody
    about: About
    by_id: int | None
    id: int = 0


@dataclass(slots=True)
class Ledger:
    """Entries of one batch; of the same second the one added first stands first."""

    ids: Ids
    batch_id: int
    entries: list[Entry] = field(default_factory=list)

    def add(self, at: int, body: FactBody, about: About, by_id: int | None) -> Entry:
        """Put an entry down."""
        entry = Entry(at, body, about, by_id)
        self.entries.append(entry)
        return entry

    def write(self) -> int:
        """Write all entries through the journal and forget them; give how many there were."""
        self.entries.sort(key=attrgetter("at"))
        entries, self.entries = self.entries, []
        source = iter(entries)
        while chunk := list(islice(source, CHUNK)):
            record_many(self._facts(chunk))
        return len(entries)

    def _facts(self, entries: Iterable[Entry]) -> Iterator[Fact]:
        for entry in entries:
            fact = fact_of(
                entry.body,
                about=entry.about,
                by_id=entry.by_id,
                at=moment_of(entry.at),
                batch_id=self.batch_id,
            )
            fact.pk = entry.id = self.ids.next(Fact)
            yield fact
