"""An event log in a small room: cases as packed numbers, alike cases counted together.

A case is one sale. Events of a case that follow each other within a minute are one burst:
inside it the order of rows means nothing. Times are milliseconds since 1970.

A log does not tell in which order its cases came: traces stand by their smallest case, and
activities are numbered as the traces bring them. So a log kept up to date equals a new one.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import sub

from voronka.discovery.crew import Crew, automation_of, hands_of
from voronka.discovery.deeds import BITS, BURST_MS, HOUR_MS, MASK, Deeds, in_order, packed
from voronka.discovery.spool import let_go

EXAMPLES = 3
LONG_BYTES = 4096
"""So long a case is kept as a bytearray; a short one as bytes, which take 80 bytes less."""
Burst = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Trace:
    """Cases that went alike. `bursts`: activities in the order of rows; `tail`: the burst with
    which the last hour begins; `outcome`: "won", "lost", "open" or "" while unknown, `held`
    what the log itself says of it; `starts`: those of the bursts, case after case, in any
    order of cases; `again`: what was done more than once; `examples`: the three smallest cases;
    `place`: its own among the traces of a log.
    """

    bursts: tuple[Burst, ...]
    tail: int
    held: str = ""
    outcome: str = ""
    n: int = 0
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    activities: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()
    examples: tuple[str, ...] = ()
    place: int = 0

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


class LogBuilder:
    """Takes events in any order; `finish` gives the log."""

    def __init__(self) -> None:
        self._deeds = Deeds()
        self._times: Counter[int] = Counter()
        self._cases: dict[str, bytes | bytearray] = {}
        self._outcomes: dict[str, str] = {}

    def add(self, case: str, activity: str, at_ms: int, person: str = "") -> None:
        """Take one event. Beyond 4,094 activities the rest is taken as one."""
        self.take((case,), (self.code(activity),), (at_ms,), (person,))

    def code(self, activity: str) -> int:
        """Give an activity its number."""
        return self._deeds.code(activity)

    def take(
        self,
        cases: Sequence[str],
        codes: Sequence[int],
        moments: Sequence[int],
        people: Sequence[str] = (),
    ) -> None:
        """Take many events, a column each; `codes` as `code` gave them."""
        known = self._cases
        deeds = self._deeds.of(codes, people)
        self._times.update(deeds)
        events = packed(moments, deeds).tobytes()
        for case, n in zip(cases, range(0, len(events), 8), strict=True):
            there = known.get(case, b"")
            if len(there) == LONG_BYTES:
                there = bytearray(there)
            there += events[n : n + 8]
            known[case] = there

    def end(self, case: str, outcome: str) -> None:
        """Note how a case ended: "won" or "lost"."""
        self._outcomes[case] = outcome

    def finish(self, long_acts: Iterable[str] = ()) -> Log:
        """Give the log, once. `long_acts`: activities known to take time (they have a start).

        A case is let go of as soon as it is counted, so that little stands in memory twice.
        """
        deeds, outcomes = self._deeds, self._outcomes
        courses = Courses(deeds)
        team = Team(deeds, automation_of(self._cases.values(), deeds.people))
        for some in let_go(self._cases):
            for case, events in some:
                ordered = in_order(memoryview(events).cast("q"))
                trace = courses.put(case, ordered, outcomes.get(case, ""))
                team.put(trace, *team.hands(ordered))
        codes = deeds.activities
        long_codes = [codes[name] for name in long_acts if name in codes]
        log = courses.log(self._times, long_codes)
        log.crew = team.crew()
        return log


class Team:
    """Gathers the cases in which people acted. `automation`: numbers of who is no person."""

    def __init__(self, deeds: Deeds, automation: frozenset[int]) -> None:
        self._deeds = deeds
        self.automation = automation
        self._quiet = automation | {0}
        self._traces: list[Trace] = []
        self._leaders, self._turns = array("I"), array("i")

    def hands(self, events: Sequence[int]) -> tuple[int, int]:
        """Tell who leads a case and how often it changed hands; 0 leads where nobody acted."""
        return hands_of(events, self._deeds.people, self._quiet)

    def put(self, trace: Trace, leader: int, turns: int) -> None:
        """Note a case and who leads it."""
        if leader:
            self._traces.append(trace)
            self._leaders.append(leader)
            self._turns.append(turns)

    def crew(self) -> Crew:
        """Give the crew, once the traces know their places."""
        names = list(self._deeds.names)
        places = array("I", [trace.place for trace in self._traces])
        robots = frozenset(names[number] for number in self.automation)
        return Crew(names, robots, places, self._leaders, self._turns)


class Courses:
    """Puts cases to those that went alike. Codes come in any order; the log has its own."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds
        self._known: dict[tuple[tuple[Burst, ...], int, str], Trace] = {}
        self._bursts: dict[Burst, Burst] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}
        self._ranks: dict[int, int] = {}
        self._own: list[int] = []

    def put(self, case: str, events: Sequence[int], outcome: str) -> Trace:
        """Count a case, its events in order; give its trace, to whose `starts` it went."""
        if len(self._own) < len(self._deeds.codes):
            self._own = [self._ranks.setdefault(c, len(self._ranks)) for c in self._deeds.codes]
        bursts, starts, tail = _split(events, self._own)
        trace = self._known.get((bursts, tail, outcome)) or self._new(bursts, tail, outcome)
        trace.n += 1
        trace.starts.fromlist(starts)
        if len(trace.examples) < EXAMPLES or case < trace.examples[-1]:
            trace.examples = tuple(sorted((*trace.examples, case))[:EXAMPLES])
        return trace

    def _new(self, bursts: tuple[Burst, ...], tail: int, outcome: str) -> Trace:
        # The same bursts and the same sets of activities come again and again: kept once.
        same = self._bursts.setdefault
        bursts = tuple([same(burst, burst) for burst in bursts])
        codes = [code for burst in bursts for code in burst]
        there = frozenset(codes)
        twice = len(codes) > len(there)
        again = frozenset([c for c in there if codes.count(c) > 1] if twice else ())
        one = self._sets.setdefault
        trace = Trace(bursts, tail, outcome, outcome)
        trace.activities, trace.again = one(there, there), one(again, again)
        self._known[bursts, tail, outcome] = trace
        return trace

    def forget(self, trace: Trace) -> None:
        """Leave out a trace that no case has any more."""
        del self._known[trace.bursts, trace.tail, trace.held]

    def log(self, times: Mapping[int, int], long_codes: Iterable[int] = ()) -> Log:
        """Give the log of all that was put. `times`: how often each deed was done."""
        traces = sorted(self._known.values(), key=_smallest)
        for place, trace in enumerate(traces):
            trace.place = place
        there = self._renumber(traces)
        ranks, deeds = self._ranks, self._deeds
        names, activities = list(deeds.names), list(deeds.activities)
        did: Counter[tuple[int, str]] = Counter()
        for deed, n in times.items():
            if n and deeds.people[deed]:
                did[ranks[deeds.codes[deed]], names[deeds.people[deed]]] += n
        by_rank = {rank: activities[code] for code, rank in ranks.items()}
        sets: dict[frozenset[int], int] = {}
        for trace in traces:
            sets[trace.activities] = sets.get(trace.activities, 0) + trace.n
        long_ranks = [ranks.get(code, there) for code in long_codes]
        return Log(
            names=[by_rank[rank] for rank in range(there)],
            traces=traces,
            sets=sets,
            bursts=self._bursts.keys(),
            people=Counter(dict(sorted(did.items()))),
            long_acts=frozenset(rank for rank in long_ranks if rank < there),
            events=sum(times.values()),
            cases=sum(trace.n for trace in traces),
        )

    def _renumber(self, traces: Sequence[Trace]) -> int:
        """Number activities as the traces bring them; give how many there are."""
        order: dict[int, int] = {}
        for trace in traces:
            if not trace.activities <= order.keys():
                for code in trace.sequence():
                    order.setdefault(code, len(order))
        there = len(order)
        if all(code == rank for code, rank in order.items()):
            return there
        for rank in self._ranks.values():
            order.setdefault(rank, len(order))
        self._ranks = {code: order[rank] for code, rank in self._ranks.items()}
        self._own = [order[rank] for rank in self._own]
        bursts = {one: tuple([order[code] for code in one]) for one in self._bursts}
        sets = {one: frozenset([order[code] for code in one]) for one in self._sets}
        for trace in traces:
            trace.bursts = tuple([bursts[burst] for burst in trace.bursts])
            trace.activities, trace.again = sets[trace.activities], sets[trace.again]
        self._bursts = {one: one for one in bursts.values()}
        self._sets = {one: one for one in sets.values()}
        self._known = {(one.bursts, one.tail, one.held): one for one in traces}
        return there


def _smallest(trace: Trace) -> str:
    return trace.examples[0]


def _split(
    events: Sequence[int], own: Sequence[int]
) -> tuple[tuple[Burst, ...], list[int], int]:
    """Cut a case into bursts; give them, their starts, and where the last hour begins."""
    moments = [event >> BITS for event in events]
    codes = tuple([own[event & MASK] for event in events])
    gaps = map(sub, moments[1:], moments)
    cuts = [n for n, gap in enumerate(gaps, start=1) if gap > BURST_MS]
    bursts = tuple([codes[one:two] for one, two in pairwise([0, *cuts, len(codes)])])
    starts = [moments[0], *[moments[n] for n in cuts]]
    tail = len(starts) - 1
    last_hour = moments[-1] - HOUR_MS
    while tail and starts[tail - 1] > last_hour:
        tail -= 1
    return bursts, starts, tail
