"""The timer on pages: the row says how long is left and who is next; a press accepts."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry, LetPass
from voronka.inquiries.passing_on import pass_on_late
from voronka.journal.models import Fact
from voronka.people.settings import all_settings
from voronka.people.viewers import SYSTEM
from voronka.web.shell import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def came(cast: SimpleNamespace, enter: Callable[..., Client]) -> Inquiry:
    """An inquiry with olga or oleg; the other one is the only one left."""
    enter("vera").post(
        "/settings/",
        {"month_plan": "0", "routing_on": "1", "accept_minutes": "5", "accept_hops": "2"},
    )
    assert (all_settings()["accept_minutes"], all_settings()["accept_hops"]) == (5, 2)
    made = register_inquiry(
        NewInquiry(channel="form", name="Пётр", text="Цена?"), by=SYSTEM, at=now()
    )
    assert made.manager_id in (cast.olga.pk, cast.oleg.pk)
    return made


def page(browser: Client, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_row_tells_the_time_left_and_who_is_next_and_a_press_accepts(
    came: Inquiry, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    mine, other = ("olga", "Oleg") if came.manager_id == cast.olga.pk else ("oleg", "Olga")
    head = page(enter("vera"), "/inquiries/")
    assert "принять: ещё" in head
    assert f"уйдёт следующему: {other}." in head
    assert 'value="accept"' not in head
    own = page(enter(mine), "/inquiries/")
    assert "Не примете до" in own
    assert 'value="accept"' in own
    one = f"/inquiries/{came.pk}/"
    assert "Принять: ещё" in page(enter(mine), one)
    page(enter(mine), one)
    assert Fact.objects.filter(kind="inquiry.seen").count() == 1
    enter(mine).post(f"{one}act/", {"what": "accept"})
    came.refresh_from_db()
    assert came.accepted_at is not None
    assert came.accept_until is None
    told = page(enter("vera"), one)
    assert "Принято" in told
    assert "Часы менеджера" in told
    assert "принято:" in page(enter("vera"), "/inquiries/")


def test_too_late_is_told_and_the_head_sees_who_let_it_pass(
    came: Inquiry, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    mine, other = ("olga", "oleg") if came.manager_id == cast.olga.pk else ("oleg", "olga")
    past = now() - timedelta(minutes=10)
    Inquiry.objects.update(assigned_at=past, accept_until=past + timedelta(minutes=5))
    assert pass_on_late(now=now()) == 1
    answer = enter(mine).post(f"/inquiries/{came.pk}/act/", {"what": "accept"}, follow=True)
    assert "Не успели" in answer.content.decode()
    came.refresh_from_db()
    assert came.manager_id == getattr(cast, other).pk
    slips = page(enter("vera"), "/slips/")
    assert "Не приняли вовремя" in slips
    assert f">{came.number}</a>" in slips
    assert "Не приняли вовремя" not in page(enter(other), "/slips/")
    told = page(enter("vera"), f"/inquiries/{came.pk}/")
    assert f"{mine.title()} → {other.title()}" in told
    assert LetPass.objects.get().person_id == getattr(cast, mine).pk
