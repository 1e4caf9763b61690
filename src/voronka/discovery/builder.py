"""A log made in one pass, by whole columns: memory stays flat while events come."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import repeat

import numpy as np

from voronka.discovery.bundles import Bundle
from voronka.discovery.deeds import BITS, LATEST, Deeds
from voronka.discovery.gathering import Gathered
from voronka.discovery.laying import Starts
from voronka.discovery.log import Courses, Log, Team
from voronka.discovery.numbering import Names, Values
from voronka.discovery.robots import automation_of
from voronka.discovery.texts import Ints, Texts, joined, spread
from voronka.foundation.spare_memory import give_back

SOME, MANY = 4096, 1_000_000


class LogBuilder:
    """Takes events in any order; `finish` gives the log. To be closed where none is wanted."""

    def __init__(self) -> None:
        self._deeds = Deeds()
        self._cases, self._known = Names(), Values()
        self._times = np.zeros(0, np.int64)
        self._events = Gathered()
        self._outcomes: dict[str, str] = {}
        self._waiting: list[tuple[str, int, int, str]] = []

    def add(self, case: str, activity: str, at_ms: int, person: str = "") -> None:
        """Take one event. Beyond 4,094 activities the rest is taken as one."""
        self._waiting.append((case, self.code(activity), at_ms, person))
        if len(self._waiting) >= SOME:
            self._flush()

    def code(self, activity: str) -> int:
        """Give an activity its number."""
        return self._deeds.code(activity)

    def take(
        self,
        cases: Sequence[str],
        codes: Sequence[int] | Ints,
        moments: Sequence[int] | Ints,
        people: Sequence[str] = (),
    ) -> None:
        """Take many events, a column each; `codes` as `code` gave them."""
        if not len(cases):
            return
        deeds = self._deeds_of(np.asarray(codes, np.int64), people)
        times = np.bincount(deeds, minlength=len(self._times))
        times[: len(self._times)] += self._times
        self._times = times
        at_ms = np.clip(np.asarray(moments, np.int64), -LATEST, LATEST)
        self._events.take(self._cases.of(Texts.of(cases)), at_ms << BITS | deeds)

    def end(self, case: str, outcome: str) -> None:
        """Note how a case ended: "won" or "lost"."""
        self._outcomes[case] = outcome

    def finish(self, long_acts: Iterable[str] = ()) -> Log:
        """Give the log, once. `long_acts`: activities known to take time (they have a start).

        A case is let go of as soon as it is counted, so that nothing stands in memory twice.
        """
        self._flush()
        self._cases.close()
        deeds, times = self._deeds, dict(enumerate(self._times.tolist()))
        codes_of, people = np.array(deeds.codes, np.int64), np.array(deeds.people, np.int64)
        courses = Courses(deeds)
        with closing(self._events) as gathered, closing(Starts()) as starts:
            team = Team(deeds, automation_of(gathered, len(self._cases), people, times))
            for first, owners, events in gathered:
                bundle = Bundle(owners, events)
                names = self._cases.some(first, first + len(bundle.ends))
                written = bundle.written(names, codes_of)
                traces = courses.put(written, self._ends_of(names))
                starts.put(traces, written.starts)
                leaders, turns = bundle.hands(people, team.quiet)
                team.put(traces, leaders.tolist(), turns.tolist())
            codes = deeds.activities
            long_codes = [codes[name] for name in long_acts if name in codes]
            log = courses.log(times, long_codes)
            log.crew = team.crew()
            # Nothing is put to the traces any more: let go before their columns are laid out.
            del team, courses
            self._cases = Names()
            for trace in log.traces:
                trace.text = ""
            starts.lay(log.traces)
        if log.events >= MANY:
            give_back()
        return log

    def close(self) -> None:
        """Let go of what waits in a file."""
        self._events.close()

    def _flush(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            cases, codes, moments, people = zip(*waiting, strict=True)
            at_ms = [max(-LATEST, min(LATEST, at)) for at in moments]
            self.take(cases, codes, at_ms, people)

    def _ends_of(self, names: Sequence[str]) -> Iterable[str]:
        if not self._outcomes:
            return repeat("", len(names))
        return [self._outcomes.get(name, "") for name in names]

    def _deeds_of(self, codes: Ints, people: Sequence[str]) -> Ints:
        deeds, keys = self._deeds, codes.astype(np.uint64)
        if not len(people):
            return self._known.of(spread(keys), lambda n: deeds.deed(int(codes[n])))
        who = Texts.of(people)
        return self._known.of(
            joined(keys, who.keys()), lambda n: deeds.deed(int(codes[n]), who[n])
        )
