"""Funnels, stages, reasons and products: edits, what is in use, and who may."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.deals import funnels, queries
from voronka.deals.funnels import BadSetupError, StageInUseError, put_stage, retire_stage
from voronka.deals.models import Deal, Funnel, RefusalReason, Stage
from voronka.deals.stage_moves import lose_deal, move_deal
from voronka.journal.models import Fact

MakeDeal = Callable[..., Deal]


@pytest.fixture
def say(cast: SimpleNamespace) -> dict[str, Any]:
    """Who sets up, and when."""
    return {"by": cast.see("vera"), "at": MONDAY}


def changes() -> list[tuple[str, str, str]]:
    facts = Fact.objects.filter(kind="setting.changed").order_by("pk")
    return [(f.body["name"], f.body["before"], f.body["after"]) for f in facts]


def names(funnel: Funnel) -> list[str]:
    rows = funnel.stages.filter(retired_at=None).order_by("place")
    return list(rows.values_list("name", flat=True))


def test_a_funnel_grows_by_stages_at_its_end(say: dict[str, Any]) -> None:
    funnel = funnels.put_funnel(funnel_id=None, name=" Сервис ", **say)
    for name in ("Заявка", "Выезд"):
        put_stage(funnel_id=funnel.pk, stage_id=None, name=name, norm_seconds=3600, **say)
    funnels.put_funnel(funnel_id=funnel.pk, name="Ремонт", **say)
    assert queries.funnels() == [(funnel.pk, "Ремонт")]
    assert names(funnel) == ["Заявка", "Выезд"]
    assert changes()[-1] == (f"funnel:{funnel.pk}", "Сервис", "Ремонт")


def test_a_stage_is_renamed_and_moved_and_its_deals_stay(
    say: dict[str, Any], funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal = make_deal()
    put_stage(
        funnel_id=funnel.pk, stage_id=deal.stage_id, name="Первая", norm_seconds=None,
        place=3, **say,
    )  # fmt: skip
    assert names(funnel) == ["Расчёт", "Договор", "Первая"]
    assert list(funnel.stages.order_by("place").values_list("place", flat=True)) == [1, 2, 3]
    deal.refresh_from_db()
    assert (deal.stage.name, deal.stage.norm_seconds) == ("Первая", None)
    # The journal keeps the name that the stage had then.
    entered = Fact.objects.get(kind="deal.stage_entered")
    assert entered.body["stage_name"] == "Новая"
    assert changes() == [(f"stage:{deal.stage_id}", "Новая, 32400", "Первая, None")]


@pytest.mark.parametrize("name", [" ", "Договор"])
def test_a_stage_needs_a_name_of_its_own(
    say: dict[str, Any], funnel: Funnel, name: str
) -> None:
    first = funnel.stages.order_by("place")[0]
    for stage_id in (None, first.pk):
        with pytest.raises(BadSetupError):
            put_stage(funnel_id=funnel.pk, stage_id=stage_id, name=name, norm_seconds=1, **say)
    assert names(funnel) == ["Новая", "Расчёт", "Договор"]
    assert changes() == []


def test_a_stage_in_use_and_the_last_one_stay(
    say: dict[str, Any], funnel: Funnel, make_deal: MakeDeal
) -> None:
    deal, (first, second, third) = make_deal(), list(funnel.stages.order_by("place"))
    with pytest.raises(StageInUseError) as caught:
        retire_stage(stage_id=first.pk, **say)
    assert caught.value.details == {"n": 1, "name": "Новая"}
    move_deal(deal_id=deal.pk, to_stage_id=second.pk, **say)
    for _ in range(2):
        retire_stage(stage_id=first.pk, **say)
    retire_stage(stage_id=third.pk, **say)
    with pytest.raises(StageInUseError):
        retire_stage(stage_id=second.pk, **say)
    assert names(funnel) == ["Расчёт"]
    assert Fact.objects.filter(stage_id=first.pk).exists()
    assert Stage.objects.filter(pk=first.pk).exists()
    assert len(changes()) == 2


def test_a_retired_reason_is_no_more_given_and_comes_back(
    say: dict[str, Any], make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    lost = make_deal()
    lose_deal(deal_id=lost.pk, reason_id=reasons.dear.pk, **say)
    funnels.retire_reason(reason_id=reasons.dear.pk, **say)
    offered = [name for _, rows in queries.refusal_reasons() for _, name in rows]
    assert offered == ["Другое"]
    lost.refresh_from_db()
    assert lost.refusal_reason_id == reasons.dear.pk
    back = funnels.put_reason(name="Дорого", group="Цена", is_other=False, **say)
    assert back.pk == reasons.dear.pk
    assert RefusalReason.objects.get(pk=back.pk).retired_at is None


def test_a_product_changes_its_price_and_leaves_the_list(say: dict[str, Any]) -> None:
    for price in (100, 100, 200):
        made = funnels.put_product(name="Кресло", price_kopecks=price, **say)
    assert queries.products() == [(made.pk, "Кресло", 200)]
    for _ in range(2):
        funnels.retire_product(product_id=made.pk, **say)
    assert queries.products() == []
    case = f"product:{made.pk}"
    assert changes() == [(case, "", "100"), (case, "100", "200"), (case, "active", "")]


@pytest.mark.parametrize("who", ["lev", "olga", "audit"])
def test_only_head_and_administrator_set_up(
    cast: SimpleNamespace, funnel: Funnel, reasons: SimpleNamespace, who: str
) -> None:
    say: dict[str, Any] = {"by": cast.see(who), "at": MONDAY}
    stage = funnel.stages.order_by("place")[0]
    acts: list[Callable[[], Any]] = [
        lambda: funnels.put_funnel(funnel_id=None, name="А", **say),
        lambda: put_stage(funnel_id=funnel.pk, stage_id=None, name="А", norm_seconds=1, **say),
        lambda: retire_stage(stage_id=stage.pk, **say),
        lambda: funnels.put_reason(name="А", group="Б", is_other=False, **say),
        lambda: funnels.retire_reason(reason_id=reasons.dear.pk, **say),
        lambda: funnels.put_product(name="А", price_kopecks=1, **say),
        lambda: funnels.retire_product(product_id=1, **say),
    ]
    for act in acts:
        with pytest.raises(PermissionError):
            act()
    assert changes() == []
