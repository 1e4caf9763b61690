"""A slip passed up stands on the desk of who it went to, and says so on its line and page."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.world import World
from voronka.control.escalating import escalate
from voronka.control.models import Slip
from voronka.control.watch import look_at_all
from voronka.people.settings import all_settings
from voronka.web.shell import now

pytestmark = pytest.mark.django_db


def page(browser: Client, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_lead_sees_what_was_passed_up_and_the_head_sees_whose_it_is(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    assert "Вам передан" not in page(enter("lev"), "/")
    later = now() + timedelta(days=9)
    look_at_all(now=later)
    n = escalate(now=later + timedelta(days=9))
    assert n
    assert Slip.objects.filter(escalated_to=cast.lev).count() == n
    desk = page(enter("lev"), "/?kind=escalated")
    assert "Вам передан" in desk
    assert desk.count("передан: Lev") == n
    assert "Вам передан" not in page(enter("vera"), "/")
    assert "передан: Lev" in page(enter("vera"), "/slips/")
    slip = Slip.objects.filter(escalated_to=cast.lev).first()
    assert slip is not None
    told = page(enter("olga"), f"/slips/{slip.pk}/")
    assert "Передан выше" in told
    assert "Огрех передан выше" in told
    if slip.deal_id:
        assert "Передан: Lev" in page(enter("olga"), f"/deals/{slip.deal_id}/")


def test_the_page_of_slips_shows_those_passed_up_alone(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    later = now() + timedelta(days=9)
    look_at_all(now=later)
    assert "kind=escalated" not in page(enter("vera"), "/slips/")
    n = escalate(now=later + timedelta(days=9))
    shown = '<article class="slip"'
    assert page(enter("vera"), "/slips/").count(shown) > n
    passed_up = page(enter("vera"), "/slips/?kind=escalated")
    assert passed_up.count(shown) == n
    assert f'Переданы выше <span class="chip-count">{n}</span>' in passed_up
    nobodys = page(enter("vera"), f"/slips/?kind=escalated&manager={cast.oleg.pk}")
    assert nobodys.count(shown) == Slip.objects.filter(
        manager=cast.oleg, escalated_to__isnull=False
    ).count()  # fmt: skip


def test_the_hours_are_set_on_the_page_of_settings(
    enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    assert 'name="escalation_hours"' in page(enter("vera"), "/settings/")
    enter("vera").post("/settings/", {"escalation_hours": "18"})
    assert all_settings()["escalation_hours"] == 18
