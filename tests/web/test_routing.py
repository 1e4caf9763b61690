"""Routing on pages: switched on in the settings, told on the inquiry."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from voronka.inquiries.models import Inquiry
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
