"""Who gets an inquiry: the router, what others do, and one who knows the truth."""

from collections.abc import Sequence
from typing import Protocol

from voronka.config.benching.routing_world import Department, Kind
from voronka.routing.barring import Candidate
from voronka.routing.choosing import choose
from voronka.routing.competence import Competence


class Policy(Protocol):
    """Chooses among people; `loads`: what each got today, each below `cap` or left out.
    Learns how inquiries ended.
    """

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Give a person of those who are there and below the cap."""
        ...

    def learn(self, kind: Kind, person: int, is_won: bool) -> None:
        """Hear how an inquiry ended."""
        ...


class Knowing:
    """The oracle: the best true chance below the cap."""

    def __init__(self, of: Department) -> None:
        self._of = of

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Give the truly best one."""
        free = [one for one in there if loads[one] < cap]
        return max(free, key=lambda one: self._of.chance(one, kind))

    def learn(self, kind: Kind, person: int, is_won: bool) -> None:
        """Know already."""


class InTurn(Knowing):
    """Round robin."""

    _last = -1

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Give the next one."""
        free = [one for one in there if loads[one] < cap]
        later = [one for one in free if one > self._last]
        self._last = later[0] if later else free[0]
        return self._last


class LeastBusy(Knowing):
    """Who got the fewest today."""

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Give the least busy one."""
        return min(there, key=lambda one: (loads[one], one))


class BestAverage(Knowing):
    """The best share won so far, whatever the inquiry is."""

    def __init__(self, of: Department) -> None:
        super().__init__(of)
        self._won, self._n = [0] * of.people, [0] * of.people

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Give the best one on average; an untried one counts as one of two won."""
        free = [one for one in there if loads[one] < cap]
        return max(free, key=lambda one: (self._won[one] + 1) / (self._n[one] + 2))

    def learn(self, kind: Kind, person: int, is_won: bool) -> None:
        """Count."""
        self._n[person] += 1
        self._won[person] += is_won


class Routed:
    """The product's own decision, with its scores."""

    def __init__(self, of: Department) -> None:
        self._of = of
        self.known = Competence(tuple(name for name, _n, _sd in of.spreads.factors))
        self.worst_sum = 0.0

    def choose(self, kind: Kind, there: Sequence[int], loads: Sequence[int], cap: int) -> int:
        """Decide as for a real inquiry; note by how much terms miss their score."""
        candidates = [Candidate(one, taken=loads[one], cap=cap) for one in there]
        a_day = len(self._of.inquiries) / self._of.days
        decision = choose(self._of.case(kind), candidates, self.known, a_day=a_day)
        for one in decision.scored:
            self.worst_sum = max(self.worst_sum, abs(one.score - sum(one.terms.values())))
        return decision.person_id if decision.person_id is not None else there[0]

    def learn(self, kind: Kind, person: int, is_won: bool) -> None:
        """Learn."""
        self.known.learn(self._of.case(kind), person, is_won=is_won)
