"""Past inquiries given out anew by a list of rules, one after another, as the router would.

At each moment only those outcomes are known that were known then. What an inquiry became is
taken as it was: its deal is open as long as it really was, now with whom it is given to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voronka.inquiries.rehearsal.crowd import Crowd
from voronka.inquiries.rehearsal.loads import Loads
from voronka.inquiries.rehearsal.past import Ended, Past, PastInquiry
from voronka.inquiries.rule_list import RuleRow, rule_of
from voronka.inquiries.sellers import Moment, counts_work, own_people
from voronka.people.queries import directory
from voronka.routing.barring import Candidate
from voronka.routing.choosing import Decision, choose
from voronka.routing.competence import Competence
from voronka.routing.rules import Rule


@dataclass(frozen=True, slots=True)
class Given:
    """What a list of rules decided about a past inquiry, and with whom to choose from."""

    made: Decision
    people: list[Candidate]

    @property
    def person_id(self) -> int:
        """Who would have it, 0 for nobody."""
        return self.made.person_id or 0

    @property
    def is_own(self) -> bool:
        """Say whether it would go to its client's manager."""
        return self.made.how == "owner"


def replay(past: Past, lists: Mapping[str, Sequence[RuleRow]]) -> dict[str, list[Given]]:
    """Give the past inquiries out by each list of rules, in their order; no query."""
    router = _Router(Competence(past.factors), Crowd(past), past.ended)
    sides = {name: _Side(_rules(rows), Loads(past)) for name, rows in lists.items()}
    given: dict[str, list[Given]] = {name: [] for name in lists}
    for one in past.inquiries:
        router.learn_until(one)
        moment = router.crowd.moment(one.at)
        for name, side in sides.items():
            given[name].append(_give(one, side, router, moment))
    return given


class _Router:
    """What all lists of rules share: what is known so far, and the people."""

    def __init__(self, known: Competence, crowd: Crowd, ended: Sequence[Ended]) -> None:
        self.known, self.crowd = known, crowd
        self._ended, self._learned = ended, 0

    def learn_until(self, one: PastInquiry) -> None:
        """Learn what ended before an inquiry came."""
        while self._learned < len(self._ended) and self._ended[self._learned].at < one.at:
            how = self._ended[self._learned].outcome
            self.known.learn(how.case, how.person_id, is_won=how.is_won)
            self._learned += 1


@dataclass(slots=True)
class _Side:
    """A list of rules on its way through the past, with the loads and prices it makes."""

    rules: list[Rule]
    loads: Loads
    prices: dict[int, float] | None = None


def _rules(rows: Sequence[RuleRow]) -> list[Rule]:
    people = directory()
    return [rule_of(one, people) for one in rows if one.is_on]


def _give(one: PastInquiry, side: _Side, router: _Router, moment: Moment) -> Given:
    loads, known = side.loads, router.known
    owner_id = loads.owner_of(one)
    taking = [rule for rule in side.rules if rule.takes(one.asked)]
    own = own_people(owner_id, moment.today)
    wanted = frozenset().union(own, *(rule.person_ids for rule in taking))
    loads.go_to(moment, counts_work=counts_work(taking, set(wanted)))
    people = router.crowd.seen(wanted, moment, loads.taken, loads.work)
    known.prices = side.prices if side.prices is not None else {}
    made = choose(
        one.asked.case,
        people,
        known,
        owner_id=owner_id,
        rules=taking,
        asked=one.asked,
        given=loads.by_rules,
        last_id=loads.last_in_turn,
    )
    side.prices = known.prices
    loads.put(one, made)
    return Given(made, people)
