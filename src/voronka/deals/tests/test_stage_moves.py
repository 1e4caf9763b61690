"""What moving, closing and reopening a deal does, and what it refuses."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.clients.cards import ChangedMeanwhileError
from voronka.deals import stage_moves
from voronka.deals.models import Deal, Funnel, Stage
from voronka.foundation.errors import RefusalError
from voronka.journal.models import Fact

LATER = MONDAY + timedelta(hours=2)
MakeDeal = Callable[..., Deal]


def stages(funnel: Funnel) -> list[Stage]:
    return list(funnel.stages.order_by("place"))


def refusal(act: Callable[[], Any], deal: Deal) -> RefusalError:
    """Try the act; check that the refusal changed no row and wrote no fact."""
    before, facts = Deal.objects.values().get(pk=deal.pk), Fact.objects.count()
    with pytest.raises(RefusalError) as caught:
        act()
    assert Deal.objects.values().get(pk=deal.pk) == before
    assert Fact.objects.count() == facts
    return caught.value


def test_a_move_is_written_with_the_time_in_the_stage_left(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, second = make_deal(), stages(funnel)[1]
    by = cast.see("olga")
    moved = stage_moves.move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=by, at=LATER)
    assert (moved.stage_id, moved.stage_since, moved.version) == (second.pk, LATER, 2)
    fact = Fact.objects.filter(kind="deal.stage_entered").latest("pk")
    assert (fact.measure, fact.stage_id, fact.owner_id) == (7200, second.pk, cast.olga.pk)
    assert fact.team_id == cast.group.pk


def test_a_second_click_records_nothing(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, second, by = make_deal(), stages(funnel)[1], cast.see("olga")
    for _ in range(2):
        stage_moves.move_deal(
            deal_id=deal.pk, to_stage_id=second.pk, by=by, at=LATER, version=1
        )
    assert Fact.objects.filter(kind="deal.stage_entered").count() == 2


def test_two_people_dragging_one_card_overwrite_nothing(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, (_, second, third) = make_deal(), stages(funnel)
    stage_moves.move_deal(
        deal_id=deal.pk, to_stage_id=second.pk, by=cast.see("olga"), at=LATER, version=1
    )
    error = refusal(
        lambda: stage_moves.move_deal(
            deal_id=deal.pk, to_stage_id=third.pk, by=cast.see("vera"), at=LATER, version=1
        ),
        deal,
    )
    assert isinstance(error, ChangedMeanwhileError)
    assert error.details == {"version": 2, "stage": "Расчёт"}


def test_only_its_manager_or_those_above_move_it(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, second = make_deal(), stages(funnel)[1]
    for stranger in ("oleg", "audit"):
        with pytest.raises(Deal.DoesNotExist):
            stage_moves.move_deal(
                deal_id=deal.pk, to_stage_id=second.pk, by=cast.see(stranger), at=LATER
            )
    for name, stage in zip(("lev", "vera"), stages(funnel)[1:], strict=True):
        stage_moves.move_deal(
            deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see(name), at=LATER
        )


def test_a_foreign_stage_and_a_closed_deal_are_refused(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, by = make_deal(), cast.see("olga")
    other = Stage.objects.create(funnel=Funnel.objects.create(name="Сервис"), name="А", place=1)

    def move(stage: Stage) -> Deal:
        return stage_moves.move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=by, at=LATER)

    assert refusal(lambda: move(other), deal).code == "wrong_funnel"
    stage_moves.win_deal(deal_id=deal.pk, by=by, at=LATER)
    assert refusal(lambda: move(stages(funnel)[1]), deal).code == "deal_is_closed"


def test_no_deal_is_lost_without_a_reason_of_the_second_level(
    cast: SimpleNamespace, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    deal, by = make_deal(), cast.see("olga")

    def lose(reason_id: int | None) -> Deal:
        return stage_moves.lose_deal(deal_id=deal.pk, reason_id=reason_id, by=by, at=LATER)

    assert refusal(lambda: lose(None), deal).details == {}
    assert refusal(lambda: lose(reasons.group.pk), deal).details == {"group": "Цена"}
    lost = lose(reasons.dear.pk)
    assert (lost.outcome, lost.closed_at, lost.refusal_reason_id) == (
        "lost",
        LATER,
        reasons.dear.pk,
    )
    fact = Fact.objects.get(kind="deal.lost")
    assert (fact.body["reason"], fact.body["reason_group"]) == ("Дорого", "Цена")


def test_a_win_needs_a_sum_and_carries_both_clocks(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    by = cast.see("olga")
    bare = make_deal(amount=None)
    error = refusal(lambda: stage_moves.win_deal(deal_id=bare.pk, by=by, at=LATER), bare)
    assert error.code == "amount_missing"
    deal, week = make_deal(), MONDAY + timedelta(days=7)
    stage_moves.win_deal(deal_id=deal.pk, by=by, at=week)
    fact = Fact.objects.get(kind="deal.won")
    # 2-6 March 2026 at 9-18 Moscow time; Monday the 9th is a day off after 8 March.
    assert (fact.measure, fact.body["seconds_open"]) == (100_000_00, 7 * 86400)
    assert fact.body["working_seconds_open"] == (6 + 4 * 9) * 3600


def test_reopening_starts_a_new_attempt_and_takes_the_money_back(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    deal, by = make_deal(), cast.see("olga")
    stage_moves.win_deal(deal_id=deal.pk, by=by, at=LATER)
    again = LATER + timedelta(days=1)
    opened = stage_moves.reopen_deal(deal_id=deal.pk, by=by, at=again)
    assert (opened.attempt, opened.outcome, opened.attempt_since) == (2, "", again)
    stage_moves.win_deal(deal_id=deal.pk, by=by, at=again + timedelta(hours=1))
    money = Fact.objects.filter(kind__in=["deal.won", "deal.reopened"]).order_by("pk")
    assert [fact.measure for fact in money] == [100_000_00, -100_000_00, 100_000_00]
