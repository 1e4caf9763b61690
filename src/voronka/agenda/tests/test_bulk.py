"""Editing many deals: the preview is what happens, and it can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda import bulk, bulk_undo
from voronka.agenda.models import BulkEdit, Step
from voronka.agenda.steps import StepInPastError, finish_step, set_step
from voronka.deals.models import Deal, Stage
from voronka.deals.stage_moves import move_deal
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
MakeDeal = Callable[..., Deal]
HOUR = timedelta(hours=1)
CALL = bulk.Wanted(act="step", kind="call_back", title="КП", due_at=MONDAY + 24 * HOUR)


@pytest.fixture
def three(cast: SimpleNamespace, make_deal: MakeDeal) -> list[Deal]:
    """Two deals of Olga, one of Oleg."""
    return [make_deal("olga"), make_deal("olga"), make_deal("oleg")]


def edit(deals: list[Deal], wanted: bulk.Wanted, cast: SimpleNamespace) -> BulkEdit:
    ids = [deal.pk for deal in deals]
    return bulk.carry_out(deal_ids=ids, wanted=wanted, by=cast.see("vera"), at=MONDAY)


def test_steps_stand_apart_for_one_person_and_spare_who_has_one(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    set_step(
        kind="task", title="есть", due_at=MONDAY + HOUR, deal_id=three[0].pk,
        by=cast.see("olga"), at=MONDAY,
    )  # fmt: skip
    planned = bulk.plan(
        deal_ids=[deal.pk for deal in three], wanted=CALL, by=cast.see("vera"), at=MONDAY
    )
    assert [one.why_not for one in planned] == ["has_step", "", ""]
    assert [one.becomes for one in planned[1:]] == [CALL.due_at, CALL.due_at]
    assert Step.objects.count() == 1
    edit(three, CALL, cast)
    assert Step.objects.filter(kind="call_back").count() == 2


def test_two_calls_of_one_person_are_twenty_minutes_apart(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    made = edit(three[:2], CALL, cast)
    dues = list(Step.objects.order_by("due_at").values_list("due_at", flat=True))
    assert dues == [CALL.due_at, MONDAY + 24 * HOUR + timedelta(minutes=20)]
    assert bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR) == (2, [])
    assert not Step.objects.open().exists()
    assert Deal.objects.get(pk=three[0].pk).next_step_at is None


def test_an_overdue_step_moves_and_goes_back_to_its_deadline(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    by, was = cast.see("olga"), MONDAY - 48 * HOUR
    step = set_step(
        kind="call_back", title="было", due_at=was, deal_id=three[0].pk, by=by, at=was
    )
    made = edit(three[:1], CALL, cast)
    step.refresh_from_db()
    assert (step.due_at, step.moved_count) == (CALL.due_at, 1)
    bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    step.refresh_from_db()
    assert (step.due_at, step.moved_count) == (was, 0)


def test_handing_over_spares_whose_they_are_and_writes_a_fact_each(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    wanted = bulk.Wanted(act="handover", to_id=cast.oleg.pk)
    made = edit(three, wanted, cast)
    assert [one["deal"] for one in made.done] == [three[0].pk, three[1].pk]
    assert set(Deal.objects.values_list("manager_id", flat=True)) == {cast.oleg.pk}
    assert Fact.objects.filter(kind="deal.handed_over").count() == 2
    bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    assert Deal.objects.get(pk=three[0].pk).manager_id == cast.olga.pk


def test_what_somebody_moved_since_stays_and_is_named(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    second, third = Stage.objects.order_by("place")[1:3]
    made = edit(three, bulk.Wanted(act="stage", stage_id=second.pk), cast)
    move_deal(deal_id=three[0].pk, to_stage_id=third.pk, by=cast.see("olga"), at=MONDAY)
    back = bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    assert back == (2, [three[0].number])
    assert Deal.objects.get(pk=three[0].pk).stage_id == third.pk
    assert bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR) == (0, [])


def test_where_the_old_stage_is_no_more_one_stays_and_the_rest_goes_back(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    first, second, third = Stage.objects.order_by("place")
    move_deal(deal_id=three[0].pk, to_stage_id=second.pk, by=cast.see("vera"), at=MONDAY)
    made = edit(three, bulk.Wanted(act="stage", stage_id=third.pk), cast)
    Stage.objects.filter(pk=second.pk).update(retired_at=MONDAY)
    back = bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    assert back == (2, [three[0].number])
    assert Deal.objects.filter(stage=first).count() == 2


def test_a_done_step_is_not_taken_back(cast: SimpleNamespace, three: list[Deal]) -> None:
    made = edit(three[:1], CALL, cast)
    step = Step.objects.get()
    finish_step(step_id=step.pk, outcome="дозвонился", by=cast.see("olga"), at=MONDAY)
    back = bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + HOUR)
    assert back == (0, [three[0].number])


def test_a_manager_changes_only_own_deals(cast: SimpleNamespace, three: list[Deal]) -> None:
    ids = [deal.pk for deal in three]
    planned = bulk.plan(deal_ids=ids, wanted=CALL, by=cast.see("oleg"), at=MONDAY)
    assert [one.deal_id for one in planned] == [three[2].pk]


def test_nothing_chosen_too_many_or_a_past_deadline_are_refused(cast: SimpleNamespace) -> None:
    by = cast.see("vera")
    for n in (0, bulk.MOST + 1):
        with pytest.raises(bulk.BadBulkEditError):
            bulk.plan(deal_ids=range(1, n + 1), wanted=CALL, by=by, at=MONDAY)
    past = bulk.Wanted(act="step", kind="task", due_at=MONDAY - HOUR)
    with pytest.raises(StepInPastError):
        bulk.plan(deal_ids=[1], wanted=past, by=by, at=MONDAY)


def test_after_thirty_days_and_by_others_it_cannot_be_undone(
    cast: SimpleNamespace, three: list[Deal]
) -> None:
    made = edit(three, CALL, cast)
    with pytest.raises(bulk_undo.TooLateToUndoError):
        bulk_undo.undo(edit_id=made.pk, by=cast.see("vera"), at=MONDAY + timedelta(days=31))
    with pytest.raises(BulkEdit.DoesNotExist):
        bulk_undo.undo(edit_id=made.pk, by=cast.see("olga"), at=MONDAY)
