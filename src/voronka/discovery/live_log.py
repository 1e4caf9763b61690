"""An event log kept up to date: a new event costs its own case, not a pass over all."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from heapq import nsmallest

from voronka.discovery.cases import Cases
from voronka.discovery.crew import automation_in, hands_of
from voronka.discovery.deeds import BITS, HOUR_MS, MASK, Deeds, packed
from voronka.discovery.log import BURST, EXAMPLES, Courses, Log, Team, Trace

SOME = 4096


@dataclass(slots=True, eq=False)
class _Case:
    """A case's packed events, and where it is counted: the place in its trace, -1 while in
    none; who leads it and how often it changed hands.
    """

    name: str
    packed: "array[int]" = field(default_factory=lambda: array("q"))
    outcome: str = ""
    trace: Trace | None = None
    place: int = -1
    leader: int = 0
    turns: int = 0


class LiveLog:
    """Takes events in any order, late ones too; `log` gives the same as a `LogBuilder` would.

    About 700 bytes a case and 8 an event.
    """

    def __init__(self) -> None:
        self._deeds = Deeds()
        self._times: Counter[int] = Counter()
        self._cases: dict[str, _Case] = {}
        self._courses = Courses(self._deeds)
        self._members: dict[Trace, list[_Case]] = {}
        self._touched: dict[str, _Case] = {}
        self._robots: frozenset[int] = frozenset()
        self._cases_of: Counter[int] = Counter()
        self._hours: Counter[tuple[int, int]] = Counter()
        self._with_people = 0
        self.events = 0

    def add(self, case: str, activity: str, at_ms: int, person: str = "") -> None:
        """Take one event. Of events at the same moment the later taken stands later."""
        deed = self._deeds.deed(self._deeds.code(activity), person)
        self._case(case).packed.append(packed(at_ms, deed))
        self.events += 1

    def end(self, case: str, outcome: str) -> None:
        """Note how a case ended: "won" or "lost"."""
        self._case(case).outcome = outcome

    def forget(self, case: str) -> bool:
        """Leave a case out as if it had never been; False when it is not there."""
        if case not in self._cases:
            return False
        one = self._case(case)
        del self._cases[case]
        self.events -= len(one.packed)
        del one.packed[:]
        self._settle()
        return True

    def log(self) -> Log:
        """Give the log as it stands; its traces change with the next event taken."""
        self._settle()
        log = self._courses.log(self._times)
        robots = automation_in(self._cases_of, self._with_people, self._hours_of)
        team = Team(self._deeds, robots)
        if robots != self._robots:
            self._robots = robots
            everybody = list(self._cases.values())
            for n in range(0, len(everybody), SOME):
                self._lead(everybody[n : n + SOME], _laid_out(everybody[n : n + SOME]), team)
        led = [one for one in self._cases.values() if one.leader and one.trace]
        team.put(
            [one.trace for one in led if one.trace],
            [one.leader for one in led],
            [one.turns for one in led],
        )
        log.crew = team.crew()
        return log

    def _hours_of(self, who: int) -> list[int]:
        return [self._hours[who, hour] for hour in range(24)]

    def _case(self, name: str) -> _Case:
        """Give a case to be changed: until the log is settled it counts no more."""
        one = self._cases.get(name)
        if one is None:
            one = self._cases[name] = _Case(name)
        if name not in self._touched:
            self._touched[name] = one
            self._count(one, -1)
        return one

    def _count(self, one: _Case, sign: int) -> None:
        """Count what was done in a case, by whom and at which hour, or take it back."""
        people, few = self._deeds.people, set()
        for event in one.packed:
            who = people[event & MASK]
            self._times[event & MASK] += sign
            self._hours[who, (event >> BITS) // HOUR_MS % 24] += sign
            few.add(who)
        few.discard(0)
        for who in few:
            self._cases_of[who] += sign
        self._with_people += sign * bool(few)

    def _settle(self) -> None:
        """Count the cases anew that something happened to."""
        poorer: set[Trace] = set()
        team = Team(self._deeds, self._robots)
        for one in self._touched.values():
            if one.trace is not None:
                poorer.add(one.trace)
                self._take_out(one, one.trace)
        there = [one for one in self._touched.values() if one.packed]
        for n in range(0, len(there), SOME):
            self._put_in(there[n : n + SOME], team)
        self._touched.clear()
        for trace in poorer:
            if trace.n:
                names = [one.name for one in self._members[trace]]
                trace.examples = tuple(nsmallest(EXAMPLES, names))

    def _put_in(self, some: list[_Case], team: Team) -> None:
        cases = _laid_out(some)
        written = cases.written(self._deeds.codes)
        traces = self._courses.put(written, [one.outcome for one in some])
        starts, low = array("q", written.starts), 0
        for one, trace, high in zip(some, traces, written.highs, strict=True):
            trace.column += starts[low:high]
            low = high
            self._count(one, 1)
            members = self._members.setdefault(trace, [])
            one.trace, one.place = trace, len(members)
            members.append(one)
        self._lead(some, cases, team)

    def _lead(self, some: list[_Case], cases: Cases, team: Team) -> None:
        """Note who leads the cases."""
        hands = hands_of(cases, self._deeds.people, team.quiet)
        for one, leader, turns in zip(some, *hands, strict=True):
            one.leader, one.turns = leader, turns

    def _take_out(self, one: _Case, trace: Trace) -> None:
        """Let the last case of the trace stand in the place that becomes free."""
        members, size = self._members[trace], len(BURST.findall(trace.text))
        last = members.pop()
        if last is not one:
            members[one.place] = last
            last.place = one.place
            begin = size * one.place
            trace.column[begin : begin + size] = trace.column[-size:]
        del trace.column[-size:]
        trace.n -= 1
        one.trace, one.place = None, -1
        if not trace.n:
            del self._members[trace]
            self._courses.forget(trace)


def _laid_out(some: list[_Case]) -> Cases:
    return Cases([one.name for one in some], [one.packed.tobytes() for one in some])
