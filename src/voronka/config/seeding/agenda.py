"""Next steps of every deal: done in time, done late, dropped, and those that lie ahead."""

from typing import Any

from voronka.agenda.models import Step
from voronka.config.seeding import texts
from voronka.config.seeding.axis import DAY, HOUR
from voronka.config.seeding.deals import about_visit
from voronka.config.seeding.department import Seller
from voronka.config.seeding.ledger import Entry
from voronka.config.seeding.step_rows import COLUMNS, StepPlan, facts_of, note_late, row_of
from voronka.config.seeding.world import Card, DealPlan, Past, Visit, World
from voronka.foundation.bulk_rows import insert
from voronka.journal.actions import About

SERVICE_PLACES = (0, 1, 3, 5)
STEP_SHARE = 0.62
"""Of the stays on a stage that had a planned step."""


class Diary:
    """Plans and tells the steps; `write` inserts them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows: list[tuple[Any, ...]] = []

    def fill(self) -> None:
        """Plan the steps of all deals, and some with clients that have no deal now."""
        for deal in self._world.deals:
            free_since = 0
            for visit in deal.visits:
                is_standing = deal.is_open and visit is deal.visits[-1]
                if is_standing:
                    self._stand(deal, visit)
                elif self._world.rng.random() < STEP_SHARE and visit.end - visit.start > 1800:
                    free_since = self._pass(deal, visit, free_since)
        self._call_again()

    def write(self) -> int:
        """Insert the steps; give how many there are."""
        insert(Step, COLUMNS, self._rows)
        return len(self._rows)

    def _pass(self, deal: DealPlan, visit: Visit, free_since: int) -> int:
        """Plan and do a step during a stay; give when it was done."""
        world, rng, length = self._world, self._world.rng, visit.end - visit.start
        kind, title = self._what(deal, visit)
        made = visit.start + int(rng.uniform(30, min(1200, length / 3)))
        due = world.axis.ahead(visit.start + int(length * rng.uniform(0.15, 0.7)))
        step = StepPlan(kind, title, made, due)
        is_dropped = visit is deal.visits[-1] and not deal.is_open and rng.random() < 0.15
        if is_dropped:
            step.cancelled, step.outcome = visit.end, "сделка закрыта"
        else:
            self._do(step, visit, deal.seller)
        entries = self._tell(deal.card, deal.seller, step, deal, visit)
        self._note_gap(deal, visit, free_since, made, entries[0])
        return step.done or visit.end

    def _do(self, step: StepPlan, visit: Visit, seller: Seller) -> None:
        rng = self._world.rng
        if rng.random() < 0.1 and step.due + DAY < visit.end:
            step.first_due, step.moved = step.due, 1
            step.due += DAY
        if rng.random() < seller.ways.late:
            done = step.due + int(3 * HOUR * rng.lognormvariate(0, 0.8))
        else:
            done = step.due - int((step.due - step.made) * rng.uniform(0.02, 0.5))
        step.done = max(step.made + 20, min(done, visit.end - 1))
        step.outcome = rng.choice(texts.OUTCOMES)

    def _stand(self, deal: DealPlan, visit: Visit) -> None:
        """Plan what comes next with an open deal, as its flaw will have it."""
        world, rng = self._world, self._world.rng
        now, stay = world.axis.now, visit.end - visit.start
        kind, title = self._what(deal, visit)
        if deal.flaw == "no_step":
            done = now - int(min(stay * 0.8, rng.uniform(0.3, 3) * DAY))
            step = StepPlan(kind, title, visit.start + 5, done, done=done)
            step.outcome = rng.choice(texts.OUTCOMES)
        elif deal.flaw == "overdue":
            due = now - int(min(stay * 0.8, rng.uniform(0.2, 3) * DAY))
            step = StepPlan(kind, title, visit.start + 5, due)
        else:
            made = now - int(min(stay, 3 * DAY) * rng.uniform(0.05, 0.95)) - 1
            step = StepPlan(kind, title, max(made, visit.start), self._ahead())
        if not step.done:
            deal.next_step = step.due
        self._tell(deal.card, deal.seller, step, deal, visit)

    def _ahead(self) -> int:
        rng, axis = self._world.rng, self._world.axis
        roll = rng.random()
        if roll < 0.24:
            return axis.ahead(axis.now + int(rng.uniform(0, 3 * HOUR)))
        if roll < 0.45:
            return axis.ahead(axis.now + int(rng.uniform(0.4, 1.3) * DAY))
        return axis.ahead(axis.now + int(rng.uniform(1.3, 9) * DAY))

    def _what(self, deal: DealPlan, visit: Visit) -> tuple[str, str]:
        place = visit.place
        if len(deal.funnel.stages) == len(SERVICE_PLACES):
            place = SERVICE_PLACES[place]
        return self._world.rng.choice(texts.STEPS[place])

    def _call_again(self) -> None:
        """Plan calls to clients of old without an open deal."""
        world = self._world
        quiet = [card for card in world.cards if card.deals and not card.is_open]
        for card in quiet[:: max(1, len(quiet) // max(1, len(quiet) // 60))]:
            if card.seller is None:
                continue
            made = max(card.created, world.axis.now - world.rng.randrange(1, 12 * DAY))
            step = StepPlan("call_back", "Предложить повторный заказ", made, self._ahead())
            self._tell(card, card.seller, step, None, None)

    def _note_gap(
        self, deal: DealPlan, visit: Visit, free_since: int, made: int, closing: Entry
    ) -> None:
        if not free_since or made - free_since < HOUR or not self._world.is_recent(made):
            return
        stage = deal.funnel.stages[visit.place]
        since = self._world.axis.epoch(free_since)
        evidence = {"stage": stage.name, "last_done": None, "amount": deal.amount}
        self._world.past.append(
            Past(
                rule="no_step",
                subject=f"deal:{deal.id}",
                seller_id=deal.seller.id,
                since=since,
                closing=closing,
                amount=deal.amount,
                stage_id=stage.id,
                evidence=evidence,
                client_id=deal.card.id,
                deal_id=deal.id,
            )
        )

    def _tell(
        self,
        card: Card,
        seller: Seller,
        step: StepPlan,
        deal: DealPlan | None,
        visit: Visit | None,
    ) -> list[Entry]:
        pk = self._world.ids.next(Step)
        if deal is not None and visit is not None:
            about = about_visit(deal, visit.place)
        else:
            about = About(case=f"client:{card.id}", client_id=card.id, owner_id=seller.id)
        entries = facts_of(self._world, pk, step, about, seller.id)
        if deal is not None and visit is not None and step.done > step.due:
            note_late(self._world, pk, step, deal, visit, entries[-1])
        self._rows.append(row_of(self._world, pk, step, deal, card, seller))
        return entries
