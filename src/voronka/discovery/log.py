"""An event log in a small room: cases as packed numbers, alike cases counted together.

A case is one sale. Events of a case that follow each other within a minute are one burst:
inside it the order of rows means nothing. Times are milliseconds since 1970.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from voronka.discovery.crew import Crew, CrewBuilder

BURST_MS = 60_000
HOUR_MS = 3_600_000
_BITS = 12
MOST_ACTIVITIES = (1 << _BITS) - 1
OTHER = "…"
Burst = tuple[int, ...]


@dataclass(slots=True)
class Trace:
    """Cases that went alike. `bursts`: activities in the order of rows; `tail`: the burst with
    which the last hour begins; `outcome`: "won", "lost", "open" or "" while unknown.
    """

    bursts: tuple[Burst, ...]
    tail: int
    outcome: str = ""
    n: int = 0
    starts: "array[int]" = field(default_factory=lambda: array("q"))

    there: frozenset[int] = frozenset()

    @property
    def activities(self) -> frozenset[int]:
        """What happened at all."""
        if not self.there:
            self.there = frozenset(code for burst in self.bursts for code in burst)
        return self.there

    def sequence(self) -> list[int]:
        """What happened, in the order of time and rows."""
        return [code for burst in self.bursts for code in burst]


@dataclass(slots=True)
class Log:
    """Traces by their course, activities by name, and who did what how often."""

    names: list[str] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    examples: dict[int, list[str]] = field(default_factory=dict)
    people: Counter[tuple[int, str]] = field(default_factory=Counter)
    long_acts: frozenset[int] = frozenset()
    events: int = 0
    crew: Crew = field(default_factory=Crew)

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(trace.n for trace in self.traces)


class LogBuilder:
    """Takes events in any order; `finish` gives the log."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._cases: dict[str, array[int]] = {}
        self._outcomes: dict[str, str] = {}
        self._people: dict[tuple[int, str], int] = {}
        self._crew = CrewBuilder()

    def add(self, case: str, activity: str, at_ms: int, person: str = "") -> None:
        """Take one event. Beyond 4,094 activities the rest is taken as one."""
        self.adder()(case, activity, at_ms, person)

    def adder(self) -> Callable[[str, str, int, str], None]:
        """Give `add` made for millions of calls."""
        codes, cases, people, named = self._codes, self._cases, self._people, self._named
        met = self._crew.adder()

        def add(case: str, activity: str, at_ms: int, person: str) -> None:
            code = codes.get(activity)
            if code is None:
                code = named(activity)
            there = cases.get(case)
            if there is None:
                there = cases[case] = array("q")
            there.append(at_ms << _BITS | code)
            if person:
                key = (code, person)
                people[key] = people.get(key, 0) + 1
                met(case, at_ms, person)

        return add

    def _named(self, activity: str) -> int:
        if len(self._codes) >= MOST_ACTIVITIES:
            activity = OTHER
        return self._codes.setdefault(activity, len(self._codes))

    def end(self, case: str, outcome: str) -> None:
        """Note how a case ended: "won" or "lost"."""
        self._outcomes[case] = outcome

    def finish(self, long_acts: Iterable[str] = ()) -> Log:
        """Give the log. `long_acts`: activities known to take time (they have a start too)."""
        log = Log(names=list(self._codes), people=Counter(self._people))
        log.events = sum(map(len, self._cases.values()))
        log.long_acts = frozenset(
            self._codes[name] for name in long_acts if name in self._codes
        )
        known: dict[tuple[object, ...], int] = {}
        order = array("l")
        for case, packed in self._cases.items():
            bursts, starts, tail = _split(packed)
            key = (bursts, tail, self._outcomes.get(case, ""))
            place = known.get(key)
            if place is None:
                place = known[key] = len(log.traces)
                log.traces.append(Trace(*key))
            order.append(place)
            trace = log.traces[place]
            trace.n += 1
            trace.starts.extend(starts)
            if trace.n <= 3:
                log.examples.setdefault(place, []).append(case)
        log.crew = self._crew.finish(zip(self._cases, order, strict=True))
        self._cases.clear()
        return log


def _split(packed: "array[int]") -> tuple[tuple[Burst, ...], list[int], int]:
    """Cut a case into bursts; give them, their starts, and where the last hour begins."""
    mask = (1 << _BITS) - 1
    events = sorted(packed, key=_time)
    bursts: list[Burst] = []
    starts: list[int] = []
    burst: list[int] = []
    last = events[0] >> _BITS
    first = last
    for event in events:
        at = event >> _BITS
        if at - last > BURST_MS:
            bursts.append(tuple(burst))
            starts.append(first)
            burst, first = [], at
        burst.append(event & mask)
        last = at
    bursts.append(tuple(burst))
    starts.append(first)
    tail = len(starts) - 1
    while tail and starts[tail - 1] > last - HOUR_MS:
        tail -= 1
    return tuple(bursts), starts, tail


def _time(event: int) -> int:
    return event >> _BITS
