"""A demand replayed: as things stood when a deal left, not as they are now."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda.steps import finish_step, set_step
from voronka.clients.cards import change_client
from voronka.deals.dealing import change_deal
from voronka.deals.demands import DemandRow
from voronka.deals.models import Deal, Stage
from voronka.deals.replay import WhatIf, what_if
from voronka.deals.stage_moves import move_deal, win_deal

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def go(cast: SimpleNamespace) -> Callable[..., None]:
    """Move a deal to a place, two hours after MONDAY unless said."""

    def moved(deal: Deal, place: int = 2, hours: int = 2) -> None:
        stage = Stage.objects.get(place=place)
        at = MONDAY + hours * HOUR
        move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see("olga"), at=at)

    return moved


def replay(kind: str, what: str = "", place: int = 1) -> WhatIf:
    row = DemandRow(
        0, Stage.objects.get(place=place).pk, kind, what, 0, "off", date(2026, 1, 1)
    )
    return what_if(row, at=MONDAY + timedelta(days=2))


@pytest.mark.parametrize("what", ["note", "city"])
def test_a_field_filled_after_the_deal_left_was_not_there(
    what: str, cast: SimpleNamespace, make_deal: Callable[..., Deal], go: Callable[..., None]
) -> None:
    by = cast.see("olga")
    before, after, never = make_deal(), make_deal(), make_deal()

    def fill(deal: Deal, hours: int) -> None:
        at = MONDAY + hours * HOUR
        if what == "note":
            change_deal(deal_id=deal.pk, fields={"note": "Ждут смету"}, by=by, at=at)
        else:
            change_client(client_id=deal.client_id, fields={"city": "Тверь"}, by=by, at=at)

    fill(before, 1)
    for deal in (before, after, never):
        go(deal)
    fill(after, 3)
    found = replay("field", what)
    assert (found.passed, found.flagged) == (3, 2)
    assert set(found.deals) == {after.pk, never.pk}


def test_a_step_counts_if_it_was_set_and_open_at_that_moment(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], go: Callable[..., None]
) -> None:
    by = cast.see("olga")
    due = MONDAY + timedelta(days=1)
    with_step, done_before, set_after, in_the_same_sitting = (make_deal() for _ in range(4))
    for deal in (with_step, done_before):
        step = set_step(kind="task", title="", due_at=due, deal_id=deal.pk, by=by, at=MONDAY)
        if deal is done_before:
            finish_step(step_id=step.pk, outcome="", by=by, at=MONDAY + HOUR)
    for deal in (with_step, done_before, set_after, in_the_same_sitting):
        go(deal)
    for deal, minutes in ((set_after, 61), (in_the_same_sitting, 40)):
        at = MONDAY + 2 * HOUR + timedelta(minutes=minutes)
        set_step(kind="task", title="", due_at=due, deal_id=deal.pk, by=by, at=at)
    found = replay("next_step")
    assert set(found.deals) == {done_before.pk, set_after.pk}


def test_a_win_leaves_the_stage_and_a_move_back_does_not(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], go: Callable[..., None]
) -> None:
    won, back = make_deal(), make_deal()
    for deal in (won, back):
        go(deal, 2)
    win_deal(deal_id=won.pk, by=cast.see("olga"), at=MONDAY + 3 * HOUR)
    go(back, 1, hours=3)
    found = replay("field", "note", place=2)
    assert (found.passed, found.won, found.deals) == (1, 1, (won.pk,))
