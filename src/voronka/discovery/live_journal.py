"""A funnel's past kept up to date: looking again costs what was written since, and no more."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from voronka.deals.models import Deal
from voronka.discovery.journal_log import events_of, telling
from voronka.discovery.live_log import LiveLog
from voronka.discovery.log import Log
from voronka.journal.models import Batch, Fact

SERVER_EVENTS, WORKER_EVENTS, MOST_FUNNELS = 100_000, 3_000_000, 2
CHUNK = 500
OVERLAP = 5_000
"""On PostgreSQL a fact may be seen after facts with higher numbers: so many are seen again."""
_kept: "OrderedDict[int, LiveJournal]" = OrderedDict()
_room = {"events": SERVER_EVENTS}
_one_at_a_time = Lock()


def funnel_log(funnel_id: int) -> Log:
    """Give a funnel's log from facts seen before and those since; of one funnel at a time.

    The two latest funnels stay in this process, as long as they are small enough for it.
    """
    with _one_at_a_time:
        live = _kept.pop(funnel_id, None) or LiveJournal(funnel_id)
        log = live.catch_up()
        if live.events <= _room["events"]:
            _kept[funnel_id] = live
            while len(_kept) > MOST_FUNNELS:
                _kept.popitem(last=False)
        return log


def have_room() -> None:
    """Keep large funnels too: this process is a worker and serves no pages."""
    _room["events"] = WORKER_EVENTS


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far the journal was read: the last fact, and the batches there were."""

    fact_id: int
    recorded_at: datetime | None
    batch_id: int
    batches: int
    undone: int
    undone_at: datetime | None

    @classmethod
    def now(cls) -> "_Mark":
        """Two queries."""
        top = Fact.objects.order_by("-pk").values_list("pk", "recorded_at").first()
        undone = Count("pk", filter=Q(undone_at__isnull=False))
        there = Batch.objects.aggregate(
            top=Max("pk"), n=Count("pk"), undone=undone, undone_at=Max("undone_at")
        )
        fact_id, recorded_at = top or (0, None)
        return cls(
            fact_id, recorded_at, there["top"] or 0, there["n"], there["undone"],
            there["undone_at"],
        )  # fmt: skip

    def is_before(self, now: "_Mark") -> bool:
        """Say whether facts were only added since; two queries."""
        if (self.undone, self.undone_at) != (now.undone, now.undone_at):
            return False
        if Batch.objects.filter(pk__lte=self.batch_id).count() != self.batches:
            return False
        if self.recorded_at is None:
            return True
        return Fact.objects.filter(pk=self.fact_id, recorded_at=self.recorded_at).exists()


class LiveJournal:
    """The log of one funnel. `passes`: how often all its facts were read."""

    def __init__(self, funnel_id: int) -> None:
        self.passes = 0
        self._funnel_id = funnel_id
        self._log = LiveLog()
        self._mark: _Mark | None = None
        self._attempts: dict[int, set[str]] = {}

    @property
    def events(self) -> int:
        """How many events it holds."""
        return self._log.events

    def catch_up(self) -> Log:
        """Read anew the deals that new facts speak of, and no other.

        When facts were taken back or deleted, or others stand in their place (a base brought
        back from a backup), all facts are read. Five queries, and two more for each 500 deals.
        """
        before, now = self._mark, _Mark.now()
        self._mark = None
        if before is None or not before.is_before(now):
            self._log, self._attempts = LiveLog(), {}
            self.passes += 1
            self._take(Q(deal_id__in=self._deals().values("pk")))
        else:
            self._take_again(before.fact_id)
        self._mark = now
        return self._log.log()

    def _take_again(self, since: int) -> None:
        overlap = 0 if connection.vendor == "sqlite" else OVERLAP
        fresh = Fact.objects.filter(telling(), pk__gt=since - overlap)
        spoken_of = {pk for pk in fresh.values_list("deal_id", flat=True) if pk}
        for some in _chunks(sorted(spoken_of)):
            own = list(self._deals().filter(pk__in=some).values_list("pk", flat=True))
            for deal_id in own:
                for case in (str(deal_id), *self._attempts.pop(deal_id, ())):
                    self._log.forget(case)
            self._take(Q(deal_id__in=own))

    def _take(self, which: Q) -> None:
        for event in events_of(Fact.objects.filter(telling() & which)):
            self._log.add(event.case, event.activity, event.at_ms, event.person)
            if event.outcome:
                self._log.end(event.case, event.outcome)
            if "/" in event.case:
                self._attempts.setdefault(event.deal_id, set()).add(event.case)

    def _deals(self) -> QuerySet[Deal]:
        return Deal.objects.filter(funnel_id=self._funnel_id)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for n in range(0, len(ids), CHUNK):
        yield ids[n : n + CHUNK]
