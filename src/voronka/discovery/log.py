"""An event log in a small room: cases as packed numbers, alike cases counted together.

A case is one sale. Events of a case that follow each other within a minute are one burst:
inside it the order of rows means nothing. Times are milliseconds since 1970.

A log does not tell in which order its cases came: traces stand by their smallest case, and
activities are numbered as the traces bring them. So a log kept up to date equals a new one.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import sub

from voronka.discovery.cases import FIRST, Written
from voronka.discovery.crew import Crew
from voronka.discovery.deeds import Deeds

EXAMPLES = 3
BURST = re.compile(f"[{chr(FIRST)}-{chr(2 * FIRST - 1)}][^{chr(FIRST)}-{chr(2 * FIRST - 1)}]*")
Burst = tuple[int, ...]
Clock = Callable[[int, int], int]


@dataclass(slots=True, eq=False)
class Trace:
    """Cases that went alike. `text`: their course as written, while more may come; `bursts`:
    activities in the order of rows; `tail`: the burst with which the last hour begins;
    `outcome`: "won", "lost", "open" or "" while unknown, `held` what the log itself says of it;
    `column`: from `begin` on, when the bursts began, case after case, in any order of cases;
    `again`: what was done more than once; `examples`: the three smallest cases; `place`: its
    own among the traces of a log.
    """

    text: str
    tail: int
    held: str = ""
    outcome: str = ""
    n: int = 0
    bursts: tuple[Burst, ...] = ()
    column: "array[int]" = field(default_factory=lambda: array("q"))
    begin: int = 0
    activities: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()
    examples: tuple[str, ...] = ()
    place: int = 0

    def waits(self, one: int, two: int, clock: Clock | None = None) -> Iterable[int]:
        """Give the milliseconds between the beginnings of two bursts, in each case; -1 is the
        last. `clock`: which of them count, by default all.
        """
        column, size = self.column, len(self.bursts)
        one, two = self.begin + one, self.begin + two % size
        if self.n == 1 and clock is None:  # The most common trace: no columns to be cut out.
            return (column[two] - column[one],)
        end = self.begin + self.n * size
        begins, ends = column[one:end:size], column[two:end:size]
        return map(clock, begins, ends) if clock else map(sub, ends, begins)

    def starts(self, place: int = 0) -> "array[int]":
        """Give when a burst began, in each case; -1 is the last."""
        size = len(self.bursts)
        begin, end = self.begin + place % size, self.begin + self.n * size
        return self.column[begin:end:size]

    def sequence(self) -> list[int]:
        """What happened, in the order of time and rows."""
        return [code for burst in self.bursts for code in burst]


@dataclass(slots=True)
class Log:
    """Traces by their course, activities by name, and who did what how often.

    `sets`: cases by what happened in them at all; `bursts`: every burst there is, perhaps more.
    """

    names: list[str] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    sets: dict[frozenset[int], int] = field(default_factory=dict)
    bursts: Collection[Burst] = ()
    people: Counter[tuple[int, str]] = field(default_factory=Counter)
    long_acts: frozenset[int] = frozenset()
    events: int = 0
    cases: int = 0
    crew: Crew = field(default_factory=Crew)


class Team:
    """Gathers the cases in which people acted. `automation`: numbers of who is no person;
    `quiet`: those and nobody.
    """

    def __init__(self, deeds: Deeds, automation: frozenset[int]) -> None:
        self._deeds = deeds
        self.automation = automation
        self.quiet = automation | {0}
        self._traces: list[Trace] = []
        self._leaders, self._turns = array("I"), array("i")

    def put(
        self, traces: Sequence[Trace], leaders: Sequence[int], turns: Sequence[int]
    ) -> None:
        """Note cases and who leads them."""
        self._traces.extend(compress(traces, leaders))
        self._leaders.extend(filter(None, leaders))
        self._turns.extend(compress(turns, leaders))

    def crew(self) -> Crew:
        """Give the crew, once the traces know their places."""
        names = list(self._deeds.names)
        places = array("I", [trace.place for trace in self._traces])
        robots = frozenset(names[number] for number in self.automation)
        return Crew(names, robots, places, self._leaders, self._turns)


class Courses:
    """Puts cases to those that went alike. A course is a text, a sign for each event, so that
    going alike is told by comparing texts; what a log tells of it is worked out once.
    """

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds
        self._known: dict[tuple[str, int, str], Trace] = {}
        self._fresh: list[Trace] = []
        self._order: dict[int, int] = {}
        self._bursts = _Bursts(self._order)
        self._sets: dict[frozenset[int], frozenset[int]] = {}

    def put(self, cases: Written, outcomes: Iterable[str]) -> list[Trace]:
        """Count cases; give the trace of each, to which the beginnings of its bursts go."""
        known, found = self._known, []
        keys = zip(cases.texts, cases.tails, outcomes, strict=False)
        for key, name in zip(keys, cases.names, strict=True):
            trace = known.get(key) or self._new(*key)
            trace.n += 1
            if len(trace.examples) < EXAMPLES or name < trace.examples[-1]:
                trace.examples = tuple(sorted((*trace.examples, name))[:EXAMPLES])
            found.append(trace)
        return found

    def _new(self, text: str, tail: int, outcome: str) -> Trace:
        trace = self._known[text, tail, outcome] = Trace(text, tail, outcome, outcome)
        self._fresh.append(trace)
        return trace

    def forget(self, trace: Trace) -> None:
        """Leave out a trace that no case has any more."""
        del self._known[trace.text, trace.tail, trace.held]

    def log(self, times: Mapping[int, int], long_codes: Iterable[int] = ()) -> Log:
        """Give the log of all that was put. `times`: how often each deed was done."""
        traces = sorted(self._known.values(), key=_smallest)
        for place, trace in enumerate(traces):
            trace.place = place
        deeds = self._deeds
        done = [deed for deed, n in times.items() if n]
        self._work_out(traces, {deeds.codes[deed] for deed in done})
        order, names, activities = self._order, list(deeds.names), list(deeds.activities)
        did: Counter[tuple[int, str]] = Counter()
        for deed in done:
            if deeds.people[deed]:
                did[order[deeds.codes[deed]], names[deeds.people[deed]]] += times[deed]
        sets: dict[frozenset[int], int] = {}
        for trace in traces:
            sets[trace.activities] = sets.get(trace.activities, 0) + trace.n
        return Log(
            names=[activities[code] for code in order],
            traces=traces,
            sets=sets,
            bursts=self._bursts.values(),
            people=Counter(dict(sorted(did.items()))),
            long_acts=frozenset(order[code] for code in long_codes if code in order),
            events=sum(times.values()),
            cases=sum(trace.n for trace in traces),
        )

    def _work_out(self, traces: Sequence[Trace], there: Collection[int]) -> None:
        """Number the activities as the traces bring them; tell what new traces consist of."""
        order: dict[int, int] = {}
        for trace in traces:
            if len(order) == len(there):
                break
            for sign in trace.text:
                order.setdefault(ord(sign) & ~FIRST, len(order))
        if order != self._order:
            self._order, self._bursts, self._sets = order, _Bursts(order), {}
            self._fresh = list(traces)
        # The same bursts and the same sets of activities come again and again: kept once.
        one = self._sets.setdefault
        for trace in self._fresh:
            trace.bursts = tuple([self._bursts[part] for part in BURST.findall(trace.text)])
            codes = trace.sequence()
            there_ = frozenset(codes)
            twice = len(codes) > len(there_)
            again = frozenset([c for c in there_ if codes.count(c) > 1] if twice else ())
            trace.activities, trace.again = one(there_, there_), one(again, again)
        self._fresh = []


class _Bursts(dict[str, Burst]):
    """Bursts by how they are written, in the numbers of `order`."""

    def __init__(self, order: Mapping[int, int]) -> None:
        super().__init__()
        self._order = order

    def __missing__(self, text: str) -> Burst:
        burst = self[text] = tuple([self._order[ord(sign) & ~FIRST] for sign in text])
        return burst


def _smallest(trace: Trace) -> str:
    return trace.examples[0]
