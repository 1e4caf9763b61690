"""The page of the funnel found: looked for, looked at, accepted in part, made a funnel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from conftest import MONDAY
from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.stage_moves import move_deal, win_deal
from voronka.discovery.finding import ask, find
from voronka.foundation.models import Job
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def past(cast: SimpleNamespace, funnel: Funnel, make_deal: Callable[..., Deal]) -> Funnel:
    """Forty deals won by way of all three stages."""
    stages = list(Stage.objects.filter(funnel=funnel).order_by("place"))
    by = cast.see("olga")
    for n in range(40):
        deal, at = make_deal(), MONDAY + n * HOUR
        for stage in stages[1:]:
            at += 5 * HOUR
            move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=by, at=at)
        win_deal(deal_id=deal.pk, by=by, at=at + 5 * HOUR)
    return funnel


def test_a_funnel_is_found_and_made_of_what_was_accepted(
    past: Funnel, enter: Callable[..., Client]
) -> None:
    browser = enter("vera")
    assert "Найти этапы" in browser.get("/found/").content.decode()
    answer = browser.post("/found/look/", {"funnel": past.pk})
    assert answer.status_code == 303
    assert Job.objects.filter(task__contains="find_in_background").count() == 1
    assert "Страница обновится сама" in browser.get("/found/").content.decode()
    find(funnel_id=past.pk, at=datetime.now(UTC) + HOUR)
    page = browser.get("/found/").content.decode()
    assert all(f'value="{name}"' in page for name in ("Новая", "Расчёт", "Договор"))
    assert "Совпадает" in page
    form = {
        "name": "По факту", "t1": "1", "n1": "Заявка", "d1": "0,5", "n2": "Расчёт",
        "t3": "1", "n3": "Договор", "d3": "",
    }  # fmt: skip
    ids = dict(Stage.objects.values_list("name", "pk"))
    origins = {"o1": ids["Новая"], "o2": ids["Расчёт"], "o3": ids["Договор"]}
    answer = browser.post("/found/publish/", form | origins | {"funnel": past.pk, "draft": "1"})
    assert answer.headers["Location"] == f"/regulation/?funnel={past.pk}#publish"
    drafted = Stage.objects.filter(funnel__draft_of=past, retired_at=None).order_by("place")
    assert list(drafted.values_list("name", "origin_id", "norm_seconds")) == [
        ("Заявка", ids["Новая"], 16_200), ("Договор", ids["Договор"], None),
    ]  # fmt: skip
    answer = browser.post("/found/publish/", form)
    made = Funnel.objects.get(name="По факту")
    assert answer.headers["Location"] == f"/board/?funnel={made.pk}"
    stages = Stage.objects.filter(funnel=made).order_by("place")
    assert list(stages.values_list("name", "norm_seconds")) == [
        ("Заявка", 16_200), ("Договор", None),
    ]  # fmt: skip


def test_too_little_is_said_and_nothing_accepted_makes_no_funnel(
    funnel: Funnel, make_deal: Callable[..., Deal], enter: Callable[..., Client]
) -> None:
    make_deal()
    browser, before = enter("anna"), Funnel.objects.count()
    ask(funnel_id=funnel.pk, by=SYSTEM, at=MONDAY)
    find(funnel_id=funnel.pk, at=MONDAY + HOUR)
    assert "Данных мало" in browser.get("/found/").content.decode()
    browser.post("/found/publish/", {"name": "Пустая"})
    browser.post("/found/publish/", {"name": "Не число", "t1": "1", "n1": "А", "d1": "два"})
    assert Funnel.objects.count() == before


def test_a_report_that_died_may_be_asked_for_again(
    funnel: Funnel, enter: Callable[..., Client]
) -> None:
    ask(funnel_id=funnel.pk, by=SYSTEM, at=datetime.now(UTC) - HOUR)
    assert "Найти этапы" in enter("vera").get("/found/").content.decode()
