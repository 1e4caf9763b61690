"""Routing on pages: switched on in the settings, told on the inquiry."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from conftest import MONDAY
from voronka.inquiries.models import Inquiry, Routing
from voronka.people.settings import all_settings

pytestmark = pytest.mark.django_db


def test_an_inquiry_says_why_it_came_to_whom(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    plan = {"month_plan": "0", "routing_on": "1", "routing_cap": "1"}
    vera.post("/settings/", plan)
    assert (all_settings()["routing_on"], all_settings()["routing_cap"]) == (True, 1)
    assert "по распределению" in vera.get("/inquiries/new/").content.decode()
    form = {"channel": "call", "name": "Пётр", "text": "Цена?"}
    form |= {"manager": "route"}
    for _ in range(3):
        vera.post("/inquiries/new/", form)
    first, second, third = Inquiry.objects.order_by("number")
    assert {first.manager_id, second.manager_id} == {cast.olga.pk, cast.oleg.pk}
    page = vera.get(f"/inquiries/{second.pk}/").content.decode()
    assert "Почему Ole" in page or "Почему Olg" in page
    assert "Предел на сегодня: " in page
    assert third.manager_id is None
    assert "Почему никому" in vera.get(f"/inquiries/{third.pk}/").content.decode()
    vera.post("/settings/", {"month_plan": "0"})
    assert not all_settings()["routing_on"]


def test_by_money_the_page_tells_expected_rubles_or_that_no_sum_was_named(
    cast: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    form = {"channel": "call", "name": "Пётр", "text": "Цена?", "manager": str(cast.olga.pk)}
    vera.post("/inquiries/new/", form)
    one = Inquiry.objects.get()
    scored = [
        {
            "person": person.pk, "score": 60_000.0 + check, "chance": 0.3, "low": 0.2,
            "high": 0.4, "n": 40, "taken": 1, "open": 0, "cap": None, "weight": 1.0,
            "terms": {"common": 60_000.0, "check": check, "trial": 0.0, "price": 0.0},
            "unit": "rubles",
        }
        for person, check in ((cast.olga, 12_000.0), (cast.oleg, -3_000.0))
    ]  # fmt: skip
    made = Routing.objects.create(
        inquiry=one, at=MONDAY, how="competence", person=cast.olga, scored=scored, way="money"
    )
    page = vera.get(f"/inquiries/{one.pk}/").content.decode()
    assert "Ожидаемая сумма больше, чем у других." in page
    assert "суммы выигранных сделок" in page
    text = "".join(page.split()).replace("\u2009", "").replace("\u202f", "")
    assert "15000" in text
    assert "72000" in text
    assert "57000" in text
    for row in scored:
        row["unit"] = "logits"
    Routing.objects.filter(pk=made.pk).update(scored=scored)
    page = vera.get(f"/inquiries/{one.pk}/").content.decode()
    assert "Сумма не названа, поэтому по шансу." in page
    assert "Ожидаемая сумма" not in page
