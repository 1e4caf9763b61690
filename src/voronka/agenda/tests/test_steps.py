"""Setting, doing, moving and cancelling of steps: the row, the fact, and who may."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import (
    BadStepError,
    StepInPastError,
    cancel_step,
    finish_step,
    move_step,
)
from voronka.agenda.tests.conftest import DUE, refused
from voronka.deals.models import Deal
from voronka.journal.models import Fact
from voronka.people.accounts import dismiss_person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def last_fact() -> tuple[str, dict[str, Any], int | None]:
    fact = Fact.objects.latest("pk")
    return fact.kind, fact.body, fact.measure


def mirror(deal: Deal) -> datetime | None:
    deal.refresh_from_db()
    return deal.next_step_at


def test_a_step_is_set_for_the_deals_manager_and_told(
    cast: SimpleNamespace, deal: Deal, planned: Callable[..., Step]
) -> None:
    step = planned("lev")
    assert (step.person_id, step.created_by_id) == (cast.olga.pk, cast.lev.pk)
    assert (step.title, step.first_due_at, step.client_id) == ("Показ", DUE, deal.client_id)
    said = {"step_id": step.pk, "step_kind": "meeting", "title": "Показ"}
    assert last_fact() == ("step.set", said | {"due_at": DUE.isoformat()}, None)
    fact = Fact.objects.latest("pk")
    assert (fact.case, fact.by_id, fact.owner_id) == (deal.case, cast.lev.pk, cast.olga.pk)


def test_a_second_press_sets_no_second_step(planned: Callable[..., Step]) -> None:
    assert planned().pk == planned().pk
    assert (Step.objects.count(), Fact.objects.filter(kind="step.set").count()) == (1, 1)


def test_a_step_needs_a_kind_something_it_is_about_and_a_time_to_come(
    cast: SimpleNamespace, planned: Callable[..., Step]
) -> None:
    refused(BadStepError, lambda: planned(kind="dance"))
    refused(BadStepError, lambda: planned(deal_id=None))
    refused(StepInPastError, lambda: planned(due_at=MONDAY - HOUR))
    dismiss_person(person_id=cast.oleg.pk, by=cast.see("anna"), at=MONDAY)
    for nobody in (cast.oleg.pk, 999_999):
        refused(BadStepError, lambda: planned(person_id=nobody))  # noqa: B023


def test_a_moved_step_keeps_its_first_deadline(
    cast: SimpleNamespace, planned: Callable[..., Step]
) -> None:
    step, by = planned(), cast.see("olga")
    for n in (1, 2):
        moved = move_step(step_id=step.pk, due_at=DUE + n * DAY, by=by, at=MONDAY)
    assert (moved.due_at, moved.first_due_at, moved.moved_count) == (DUE + 2 * DAY, DUE, 2)
    kind, body, _ = last_fact()
    assert (kind, body["moved_count"]) == ("step.moved", 2)
    assert body["due_at"] == (DUE + 2 * DAY).isoformat()
    again: dict[str, Any] = {
        "step_id": step.pk,
        "due_at": DUE + 2 * DAY,
        "by": by,
        "at": MONDAY,
    }
    assert move_step(**again).moved_count == 2
    refused(StepInPastError, lambda: move_step(**again | {"due_at": MONDAY - HOUR}))


def test_late_is_counted_from_the_first_deadline(
    cast: SimpleNamespace, planned: Callable[..., Step]
) -> None:
    step, by = planned(), cast.see("olga")
    move_step(step_id=step.pk, due_at=DUE + DAY, by=by, at=MONDAY)
    done = finish_step(step_id=step.pk, outcome=" Договорились ", by=by, at=DUE + HOUR)
    assert (done.done_at, done.outcome) == (DUE + HOUR, "Договорились")
    kind, body, late = last_fact()
    assert (kind, body["outcome"], late) == ("step.done", "Договорились", 3600)
    early = planned(title="Рано")
    finish_step(step_id=early.pk, outcome="", by=by, at=MONDAY + HOUR)
    assert last_fact()[2] == 0


def test_a_cancelled_step_says_why(cast: SimpleNamespace, planned: Callable[..., Step]) -> None:
    step, by = planned(), cast.see("olga")
    gone = cancel_step(step_id=step.pk, reason="Клиент уехал", by=by, at=MONDAY + HOUR)
    assert (gone.cancelled_at, gone.done_at) == (MONDAY + HOUR, None)
    kind, body, _ = last_fact()
    assert (kind, body["reason"]) == ("step.cancelled", "Клиент уехал")


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_what_ended_stays_as_it_is(
    cast: SimpleNamespace, planned: Callable[..., Step], end: str
) -> None:
    step, by = planned(), cast.see("olga")
    say: dict[str, Any] = {"step_id": step.pk, "by": by}
    acts: dict[str, Callable[[datetime], Any]] = {
        "done": lambda at: finish_step(outcome="да", at=at, **say),
        "cancelled": lambda at: cancel_step(reason="нет", at=at, **say),
    }
    acts[end](DUE)
    row, facts = Step.objects.values().get(pk=step.pk), Fact.objects.count()
    for act in acts.values():
        act(DUE + HOUR)
    assert Step.objects.values().get(pk=step.pk) == row
    assert Fact.objects.count() == facts
    refused(
        Step.DoesNotExist,
        lambda: move_step(step_id=step.pk, due_at=DUE + DAY, by=by, at=MONDAY),
    )


def test_the_deal_mirrors_its_earliest_open_step(
    cast: SimpleNamespace, deal: Deal, planned: Callable[..., Step]
) -> None:
    by = cast.see("olga")
    assert mirror(deal) is None
    late, soon = planned(due_at=DUE + DAY), planned()
    assert mirror(deal) == DUE
    move_step(step_id=soon.pk, due_at=DUE + 3 * DAY, by=by, at=MONDAY)
    assert mirror(deal) == DUE + DAY
    finish_step(step_id=late.pk, outcome="", by=by, at=DUE)
    assert mirror(deal) == DUE + 3 * DAY
    cancel_step(step_id=soon.pk, reason="", by=by, at=DUE)
    assert mirror(deal) is None
