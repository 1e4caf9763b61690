"""Calls: those that inquiries came with, those about deals, and all the others."""

from datetime import timedelta
from typing import Any

from voronka.calls.models import Call
from voronka.config.seeding.arrivals import InquiryPlan
from voronka.config.seeding.axis import MINUTE
from voronka.config.seeding.deals import about_visit
from voronka.config.seeding.department import Seller
from voronka.config.seeding.firms import stranger
from voronka.config.seeding.strangers import set_supplier_aside, unwritten
from voronka.config.seeding.world import Card, DealPlan, Visit, World
from voronka.foundation.bulk_rows import insert
from voronka.journal.actions import About
from voronka.journal.kinds import CallEnded

COLUMNS = (
    "id", "started_at", "direction", "phone", "client_id", "deal_id", "manager_id",
    "is_answered", "wait_seconds", "talk_seconds", "outcome", "line", "stage_id", "source_id",
    "answered_at", "ended_at", "batch_id",
)  # fmt: skip
PER_VISIT = 2.1
"""How many calls a seller makes or takes during a usual stay on a stage."""
WRONG_NUMBER_SECONDS = 50
"""Who never asked for anything soon hangs up."""
LINES = ("+74950000001", "+74950000002", "+78120000003")
"""Our numbers: the site's, the adverts', the one on the map."""
BUSY_OF_TEN = 3
OUT_SHARE, ANSWERED_OUT, ANSWERED_IN, CALLED_BACK = 0.64, 0.7, 0.9, 0.9

_Line = tuple[int, int, str, str, Card | None, DealPlan | None, Visit | None, Seller, int, int]


class Switchboard:
    """Gathers calls and writes them in the order in which they rang."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = world.rng
        self._lines: list[_Line] = []
        self._asked: set[str] = set()

    def with_inquiry(self, plan: InquiryPlan) -> None:
        """Put down the call that an inquiry was, and the one that answered it."""
        self._asked.add(plan.phone)
        if plan.seller is None or plan.channel not in ("call", "form"):
            return
        card = plan.card if plan.is_known else None
        is_direct = plan.channel == "call" and plan.is_direct and plan.answered
        if is_direct:
            wait = plan.answered - plan.arrived
            self._put(plan.arrived, "in", plan.phone, card, None, None, plan.seller, wait, True)
            return
        if plan.channel == "call":
            wait = self._rng.randrange(8, 60)
            self._put(
                plan.arrived, "in", plan.phone, card, None, None, plan.seller, wait, False
            )
        if plan.answered and plan.phone:
            wait = self._rng.randrange(4, 25)
            self._put(
                plan.answered, "out", plan.phone, card, None, None, plan.seller, wait, True
            )

    def _about_deals(self) -> None:
        """Put down the talks of every deal, stage by stage."""
        rng = self._rng
        for deal in self._world.deals:
            mean = PER_VISIT * deal.seller.ways.calls
            for visit in deal.visits:
                for _ in range(int(rng.expovariate(1 / mean))):
                    at = visit.start + int((visit.end - visit.start) * rng.random())
                    self._ring(at, deal.card, deal, visit, deal.seller)

    def _others(self) -> None:
        """Fill up to the wanted number: clients without a deal, and strangers."""
        world, rng = self._world, self._rng
        cards = [card for card in world.cards if card.seller is not None]
        n = max(0, world.size.calls - len(self._lines))
        for at in world.axis.arrivals(rng, n, since=world.began):
            card = rng.choice(cards) if rng.random() < 0.8 else None
            if card is not None and card.seller is not None and card.created <= at:
                self._ring(at, card, None, None, card.seller)
            else:
                self._ring(at, None, None, None, rng.choice(world.department.sellers))

    def _unwritten(self) -> None:
        """Put down the talks that nobody made an inquiry of."""
        for at, direction, phone, talk, seller in unwritten(self._world):
            n = len(self._lines)
            self._lines.append((at, n, direction, phone, None, None, None, seller, 9, talk))
        set_supplier_aside(self._world)

    def write(self) -> int:
        """Add talks about deals and others, insert all, tell their facts; give how many."""
        self._about_deals()
        self._others()
        self._unwritten()
        self._lines.sort(key=lambda line: line[0])
        insert(Call, COLUMNS, [self._row(line) for line in self._lines])
        return len(self._lines)

    def _ring(
        self,
        at: int,
        card: Card | None,
        deal: DealPlan | None,
        visit: Visit | None,
        seller: Seller,
    ) -> None:
        rng = self._rng
        phone = rng.choice(card.phones) if card and card.phones else stranger(rng)
        if rng.random() < OUT_SHARE:
            is_answered, wait = rng.random() < ANSWERED_OUT, 4 + int(30 * rng.random())
            self._put(at, "out", phone, card, deal, visit, seller, wait, is_answered)
            return
        is_answered = rng.random() < ANSWERED_IN
        wait = 2 + int((22 if is_answered else 60) * rng.random())
        self._put(at, "in", phone, card, deal, visit, seller, wait, is_answered)
        back = at + wait + int(12 * MINUTE * rng.lognormvariate(0, 0.9))
        if not is_answered and back < self._world.axis.now and rng.random() < CALLED_BACK:
            # Called back after the stay on that stage, the deal may stand elsewhere: no deal.
            in_time = visit is not None and back < visit.end
            of, during = (deal, visit) if in_time else (None, None)
            self._put(back, "out", phone, card, of, during, seller, 9, True)

    def _put(
        self,
        at: int,
        direction: str,
        phone: str,
        card: Card | None,
        deal: DealPlan | None,
        visit: Visit | None,
        seller: Seller,
        wait: int,
        is_answered: bool,
    ) -> None:
        talk = 0
        if is_answered:
            talk = min(10 + int(self._rng.lognormvariate(4.6, 0.95)), 2400)
            # The talk is over by now, and the working day with it.
            talk = max(1, min(talk, self._world.axis.now - at - wait))
            if card is None and phone not in self._asked:
                talk = min(talk, WRONG_NUMBER_SECONDS)
        line = (at, len(self._lines), direction, phone, card, deal, visit, seller, wait, talk)
        self._lines.append(line)

    def _row(self, line: _Line) -> tuple[Any, ...]:
        at, _, direction, phone, card, deal, visit, seller, wait, talk = line
        world = self._world
        pk, started = world.ids.next(Call), world.axis.epoch(at)
        began, outcome = world.axis.moment(at), _outcome(direction, wait, talk)
        about = _about(pk, card, deal, visit, seller)
        body = CallEnded(
            call_id=pk,
            direction=direction,
            is_answered=talk > 0,
            wait_seconds=wait,
            talk_seconds=talk,
            phone=phone,
            in_hours=True,
            outcome=outcome,
        )
        world.ledger.add(started, body, about, None)
        source_id = deal.source_id if deal else card.source_id if card else None
        return (
            pk, began, direction, phone, card.id if card else None,
            deal.id if deal else None, seller.id, talk > 0, wait, talk, outcome,
            _line(card, phone), about.stage_id, source_id,
            began + timedelta(seconds=wait) if talk else None,
            began + timedelta(seconds=wait + talk), world.batch_id,
        )  # fmt: skip


def _outcome(direction: str, wait: int, talk: int) -> str:
    """Name how it ended; which unanswered ones were busy follows from the wait."""
    if talk:
        return "answered"
    if direction == "in":
        return "missed"
    return "busy" if wait % 10 < BUSY_OF_TEN else "no_answer"


def _line(card: Card | None, phone: str) -> str:
    """Give our number: a client keeps to the one that the source led to."""
    own = card.source_id if card and card.source_id else int(phone[-2:] or 0)
    return LINES[own % len(LINES)]


def _about(
    pk: int, card: Card | None, deal: DealPlan | None, visit: Visit | None, seller: Seller
) -> About:
    on = about_visit(deal, visit.place) if deal and visit else None
    return About(
        case=f"call:{pk}",
        client_id=card.id if card else None,
        deal_id=on.deal_id if on else None,
        funnel_id=on.funnel_id if on else None,
        stage_id=on.stage_id if on else None,
        owner_id=seller.id,
        team_id=seller.team_id,
    )
