"""The figure of a stage on pages: set in the regulation, recorded on the card, told by K29."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.stage_moves import move_deal
from voronka.journal.models import Fact
from voronka.web.shell import now

pytestmark = pytest.mark.django_db
FORM = {"name": "Ответ на КП", "value_kind": "choice", "choices": "Согласны, Хотят дешевле"}


def put(browser: Client, stage: Stage, form: dict[str, str]) -> int:
    """Say what is recorded on a stage, and publish it."""
    funnel = {"funnel": stage.funnel_id}
    whole = form | funnel | {"act": "indicator", "stage": stage.pk}
    answer = browser.post("/regulation/put/", whole)
    browser.post("/regulation/publish/", funnel)
    return answer.status_code


def text_of(browser: Client, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_regulation_to_the_card_and_to_the_figure(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    enter: Callable[..., Client],
) -> None:
    first, second = Stage.objects.filter(funnel=funnel).order_by("place")[:2]
    assert put(enter("olga"), first, FORM) == 404
    assert put(enter("vera"), first, FORM) == 303
    assert "Согласны / Хотят дешевле" in text_of(enter("olga"), "/regulation/")
    deal, olga = make_deal(), enter("olga")
    assert "Ответ на КП" in text_of(olga, f"/deals/{deal.pk}/")
    where, form = f"/deals/{deal.pk}/indicator/", {"stage": first.pk, "value": "Согласны"}
    saved = olga.post(where, form, headers={"HX-Request": "true"})
    assert saved.headers["HX-Trigger"] == "indicator-recorded"
    assert "<option selected>Согласны</option>" in saved.content.decode()
    wrong = olga.post(where, form | {"value": "Как-то"}, headers={"HX-Request": "true"})
    assert "«Как-то» не подходит" in wrong.content.decode()
    assert Fact.objects.filter(kind="deal.indicator_recorded").count() == 1
    move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=cast.see("olga"), at=now())
    page = text_of(olga, f"/regulation/{first.pk}/indicator/")
    assert "1 из 1" in page
    assert "записано вовремя" in page
    put(enter("vera"), first, FORM | {"without": "1"})
    assert Stage.objects.get(pk=first.pk).indicator_kind == ""


def test_a_stage_without_a_figure_cannot_demand_one(
    cast: SimpleNamespace, funnel: Funnel, enter: Callable[..., Client]
) -> None:
    stage = Stage.objects.get(place=1)
    form = {
        "act": "demand", "funnel": funnel.pk, "stage": stage.pk, "kind": "indicator:",
        "level": "require", "since": "2026-01-01",
    }  # fmt: skip
    vera = enter("vera")
    assert vera.post("/regulation/put/", form).status_code == 303
    assert "На этапе «Новая» показателя нет." in text_of(vera, "/regulation/")
    put(vera, stage, {"name": "Установок", "value_kind": "number"})
    vera.post("/regulation/put/", form)
    assert "Записан показатель «Установок»" in text_of(vera, "/regulation/")
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    assert "Записан показатель «Установок»" in text_of(enter("olga"), "/regulation/")
    put(vera, stage, {"name": "Площадь", "value_kind": "number"})
    assert "Записан показатель «Площадь»" in text_of(enter("olga"), "/regulation/")


def test_late_is_marked_and_a_manager_without_rights_sees_no_field(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    enter: Callable[..., Client],
) -> None:
    first, second = Stage.objects.filter(funnel=funnel).order_by("place")[:2]
    form = {"name": "Установок", "value_kind": "number", "unit": "шт"}
    put(enter("vera"), first, form)
    deal = make_deal()
    move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=cast.see("olga"), at=now())
    card = f"/deals/{deal.pk}/"
    assert "не записано" in text_of(enter("olga"), card)
    record = {"stage": first.pk, "value": "12,5"}
    assert enter("olga").post(f"{card}indicator/", record).status_code == 303
    page = text_of(enter("audit"), card)
    assert "12,5\u00a0шт" in page
    assert "задним числом" in page
    assert f"{card}indicator/" not in page
    assert enter("oleg").post(f"{card}indicator/", record).status_code == 404
