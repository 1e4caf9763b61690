"""What everybody has on in a rehearsal: given today, open work, turns, own clients."""

from collections import Counter
from datetime import date, datetime
from heapq import heappop, heappush

from voronka.inquiries.rehearsal.past import Past, PastInquiry
from voronka.inquiries.sellers import Moment
from voronka.routing.choosing import Decision

Event = tuple[float, int, int]
"""When, whose, and by how much their open work changes."""


class Loads:
    """Loads as one list of rules makes them, from the loads at the beginning on.

    The deals of inquiries that are given out anew go with them; all others stay with whom they
    were.
    """

    def __init__(self, past: Past) -> None:
        self.taken: Counter[int] = Counter()
        self.work: Counter[int] = Counter()
        self.by_rules: Counter[tuple[int, int]] = Counter()
        self.last_in_turn = 0
        self._day = date.min
        self._clients: dict[int, tuple[int | None, int]] = {}
        became = {one.deal_id for one in past.inquiries}
        spans = {one.deal_id: (one.since, one.until) for one in past.work}
        self._spans = {pk: spans[pk] for pk in became if pk is not None and pk in spans}
        self._events: list[Event] = []
        for one in past.work:
            if one.deal_id not in became:
                self._busy(one.person_id, one.since, one.until)

    def owner_of(self, one: PastInquiry) -> int | None:
        """Give whose client it is. Who first came within the rehearsal belongs to whom they
        were given to, unless their card was handed over since.
        """
        was, now = self._clients.get(one.client_id or 0, (None, 0))
        return now if now and one.owner_id == was else one.owner_id

    def go_to(self, moment: Moment, *, counts_work: bool) -> None:
        """Come to a moment: a new day begins with nothing given, what ended is open no more."""
        if moment.today != self._day:
            self._day = moment.today
            self.taken.clear()
            self.by_rules.clear()
        if not counts_work:
            return
        until = moment.at.timestamp()
        while self._events and self._events[0][0] <= until:
            _, person_id, by = heappop(self._events)
            self.work[person_id] += by

    def put(self, one: PastInquiry, made: Decision) -> None:
        """Note who was given an inquiry."""
        person_id = made.person_id
        if person_id is None:
            return
        self.taken[person_id] += 1
        if made.how in ("rule", "competence"):
            self.by_rules[made.rule_id, person_id] += 1
            if made.way in ("turn", "least_busy"):
                self.last_in_turn = person_id
        if one.is_new_client and one.client_id is not None:
            self._clients[one.client_id] = (one.person_id or None, person_id)
        self._open(one, person_id)

    def _open(self, one: PastInquiry, person_id: int) -> None:
        self._busy(person_id, one.at, one.waits_until)
        span = self._spans.pop(one.deal_id or 0, None)
        if span is not None:
            self._busy(person_id, max(span[0], one.at), span[1])

    def _busy(self, person_id: int, since: datetime, until: datetime | None) -> None:
        heappush(self._events, (since.timestamp(), person_id, 1))
        if until is not None:
            heappush(self._events, (max(since, until).timestamp(), person_id, -1))
