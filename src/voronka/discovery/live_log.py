"""An event log kept up to date: a new event costs its own case, not a pass over all."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from heapq import nsmallest

from voronka.discovery.log import BITS, EXAMPLES, Courses, Log, Trace, numbered


@dataclass(slots=True, eq=False)
class _Case:
    """A case's events as packed numbers, who did each (0: nobody), and where it is counted:
    the place in its trace, -1 while in none.
    """

    name: str
    packed: "array[int]" = field(default_factory=lambda: array("q"))
    people: "array[int]" = field(default_factory=lambda: array("L"))
    outcome: str = ""
    trace: Trace | None = None
    place: int = -1


class LiveLog:
    """Takes events in any order, late ones too; `log` gives the same as a `LogBuilder` would.

    About 700 bytes a case and 16 an event.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._cases: dict[str, _Case] = {}
        self._numbers: dict[str, int] = {"": 0}
        self._people: Counter[tuple[int, int]] = Counter()
        self._courses = Courses()
        self._members: dict[Trace, list[_Case]] = {}
        self._touched: dict[str, _Case] = {}
        self.events = 0

    def add(self, case: str, activity: str, at_ms: int, person: str = "") -> None:
        """Take one event. Of events at the same moment the later taken stands later."""
        one = self._case(case)
        code = numbered(self._codes, activity)
        who = self._numbers.setdefault(person, len(self._numbers))
        one.packed.append(at_ms << BITS | code)
        one.people.append(who)
        self._people[code, who] += 1
        self.events += 1

    def end(self, case: str, outcome: str) -> None:
        """Note how a case ended: "won" or "lost"."""
        self._case(case).outcome = outcome

    def forget(self, case: str) -> bool:
        """Leave a case out as if it had never been; False when it is not there."""
        one = self._cases.pop(case, None)
        if one is None:
            return False
        mask = (1 << BITS) - 1
        for event, who in zip(one.packed, one.people, strict=True):
            self._people[event & mask, who] -= 1
        self.events -= len(one.packed)
        del one.packed[:]
        self._touched[case] = one
        self._settle()
        return True

    def log(self) -> Log:
        """Give the log as it stands; its traces change with the next event taken."""
        self._settle()
        names = list(self._numbers)
        people = {(code, names[who]): n for (code, who), n in self._people.items()}
        return self._courses.log(list(self._codes), people, self.events)

    def _case(self, name: str) -> _Case:
        one = self._cases.get(name)
        if one is None:
            one = self._cases[name] = _Case(name)
        self._touched[name] = one
        return one

    def _settle(self) -> None:
        """Count the cases anew that something happened to."""
        poorer: set[Trace] = set()
        for one in self._touched.values():
            if one.trace is not None:
                poorer.add(one.trace)
                self._take_out(one, one.trace)
            if one.packed:
                self._put_in(one)
        self._touched.clear()
        for trace in poorer:
            if trace.n:
                names = [one.name for one in self._members[trace]]
                trace.examples = tuple(nsmallest(EXAMPLES, names))

    def _put_in(self, one: _Case) -> None:
        one.trace = self._courses.put(one.name, one.packed, one.outcome)
        members = self._members.setdefault(one.trace, [])
        one.place = len(members)
        members.append(one)

    def _take_out(self, one: _Case, trace: Trace) -> None:
        """Let the last case of the trace stand in the place that becomes free."""
        members, size = self._members[trace], len(trace.bursts)
        last = members.pop()
        if last is not one:
            members[one.place] = last
            last.place = one.place
            begin = size * one.place
            trace.starts[begin : begin + size] = trace.starts[-size:]
        del trace.starts[-size:]
        trace.n -= 1
        one.trace, one.place = None, -1
        if not trace.n:
            del self._members[trace]
            self._courses.forget(trace)
