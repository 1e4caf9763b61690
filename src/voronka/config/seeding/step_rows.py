"""A planned step turned into a row, facts, and the slip that it was while it was late."""

from dataclasses import dataclass
from typing import Any

from voronka.config.seeding.department import Seller
from voronka.config.seeding.ledger import Entry
from voronka.config.seeding.world import Card, DealPlan, Past, Visit, World
from voronka.journal.actions import About
from voronka.journal.kinds import StepCancelled, StepDone, StepMoved, StepSet

COLUMNS = (
    "id", "kind", "title", "deal_id", "client_id", "person_id", "due_at", "first_due_at",
    "moved_count", "created_at", "created_by_id", "done_at", "cancelled_at", "outcome",
    "batch_id",
)  # fmt: skip


@dataclass(slots=True)
class StepPlan:
    """A step in positions; 0 is never."""

    kind: str
    title: str
    made: int
    due: int
    first_due: int = 0
    moved: int = 0
    done: int = 0
    cancelled: int = 0
    outcome: str = ""


def facts_of(world: World, pk: int, step: StepPlan, about: About, by_id: int) -> list[Entry]:
    """Tell a step's facts; the first is its setting, the last how it ended."""
    axis, add, kind, title = world.axis, world.ledger.add, step.kind, step.title
    first = axis.moment(step.first_due or step.due)
    made = StepSet(step_id=pk, step_kind=kind, title=title, due_at=first.isoformat())
    entries = [add(axis.epoch(step.made), made, about, by_id)]
    if step.moved:
        moved = StepMoved(
            step_id=pk,
            step_kind=kind,
            title=title,
            due_at=axis.moment(step.due).isoformat(),
            moved_count=step.moved,
        )
        at = step.made + (min(step.first_due, step.done) - step.made) // 2
        entries.append(add(axis.epoch(at), moved, about, by_id))
    if step.done:
        at = axis.epoch(step.done)
        late = max(0, at - axis.epoch(step.first_due or step.due))
        done = StepDone(
            step_id=pk, step_kind=kind, title=title, outcome=step.outcome, late_seconds=late
        )
        entries.append(add(at, done, about, by_id))
    elif step.cancelled:
        dropped = StepCancelled(step_id=pk, step_kind=kind, title=title, reason=step.outcome)
        entries.append(add(axis.epoch(step.cancelled), dropped, about, by_id))
    return entries


def note_late(
    world: World, pk: int, step: StepPlan, deal: DealPlan, visit: Visit, closing: Entry
) -> None:
    """Remember the slip that a step was from its deadline until it was done."""
    if not world.is_recent(step.done):
        return
    world.past.append(
        Past(
            rule="overdue",
            subject=f"step:{pk}",
            seller_id=deal.seller.id,
            since=world.axis.epoch(step.due),
            closing=closing,
            amount=deal.amount,
            stage_id=deal.funnel.stages[visit.place].id,
            evidence={
                "kind": step.kind,
                "title": step.title,
                "moved": step.moved,
                "amount": deal.amount,
            },
            client_id=deal.card.id,
            deal_id=deal.id,
            step_id=pk,
        )
    )


def row_of(
    world: World, pk: int, step: StepPlan, deal: DealPlan | None, card: Card, seller: Seller
) -> tuple[Any, ...]:
    """Give the values of COLUMNS."""
    moment = world.axis.moment
    return (
        pk, step.kind, step.title, deal.id if deal else None, card.id, seller.id,
        moment(step.due), moment(step.first_due or step.due), step.moved, moment(step.made),
        seller.id, moment(step.done) if step.done else None,
        moment(step.cancelled) if step.cancelled else None, step.outcome, world.batch_id,
    )  # fmt: skip
