"""The page and the panel of numbers nobody wrote down, and what a click does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.world import STRANGER, World
from voronka.calls.recording import NewCall, record_call
from voronka.control.models import Slip
from voronka.inquiries.models import Inquiry, NotCustomer
from voronka.journal.models import Fact
from voronka.people.models import Setting

pytestmark = pytest.mark.django_db
PAGE = "/inquiries/unregistered/"
SHOWN = "+7\u00a0900\u00a0000-63-08"


def read(browser: Client, address: str) -> str:
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_and_the_page_show_whom_nobody_wrote_down(
    world: World, enter: Callable[..., Client]
) -> None:
    slip = Slip.objects.get(rule="unregistered", closed_at=None)
    for address in ("/inquiries/", PAGE):
        page = read(enter("vera"), address)
        assert SHOWN in page
        assert "раб. дн." in page
        assert SHOWN not in read(enter("oleg"), address)
        assert "Записать обращение</button>" not in read(enter("audit"), address)
    assert f'href="{PAGE}#s-79000006308"' in read(enter("olga"), f"/slips/{slip.pk}/")
    assert 'id="s-79000006308"' in read(enter("olga"), PAGE)


def test_a_talk_of_today_is_due_by_the_days_end_and_no_slip(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    # A day without an evening, so that the test holds at any hour.
    Setting.objects.update_or_create(name="closes", defaults={"value": "23:59"})
    Setting.objects.update_or_create(name="zone", defaults={"value": "UTC"})
    call = NewCall(
        started_at=datetime.now(UTC) - timedelta(seconds=70), direction="out",
        phone="+79000001170", manager_id=cast.olga.pk, is_answered=True, talk_seconds=61,
    )  # fmt: skip
    record_call(call, by=cast.see("olga"))
    page = read(enter("olga"), PAGE)
    assert "Огрехом станет в конце дня" in page
    assert not Slip.objects.filter(subject="stranger:+79000001170").exists()


def test_one_click_writes_an_inquiry_and_a_second_one_leads_to_it(
    world: World, enter: Callable[..., Client]
) -> None:
    browser, before = enter("olga"), Inquiry.objects.count()
    asked = {"address": STRANGER}
    first = browser.post(f"{PAGE}register/", asked)
    made = Inquiry.objects.get(phone=STRANGER)
    assert (first.status_code, first.headers["Location"]) == (303, f"/inquiries/{made.pk}/")
    again = browser.post(f"{PAGE}register/", asked)
    assert again.headers["Location"] == f"/inquiries/{made.pk}/"
    assert Inquiry.objects.count() == before + 1
    slip = Slip.objects.get(rule="unregistered")
    assert (slip.how, slip.closing["kind"]) == ("evidence", "inquiry.registered")
    assert SHOWN not in read(browser, PAGE)
    behind = enter("vera").get(f"{PAGE}?address=%2B79000006308")
    assert behind.headers["Location"] == f"/inquiries/{made.pk}/"
    assert enter("oleg").post(f"{PAGE}register/", asked).status_code == 404
    assert browser.post(f"{PAGE}register/", {"address": "+79000000000"}).status_code == 404


def test_no_customer_goes_off_the_list_and_comes_back(
    world: World, enter: Callable[..., Client]
) -> None:
    browser = enter("olga")
    asked = {"address": STRANGER, "reason": "private", "back": "/inquiries/"}
    answer = browser.post(f"{PAGE}dismiss/", asked)
    assert answer.headers["Location"] == "/inquiries/"
    mark = NotCustomer.objects.get(address=STRANGER)
    page = read(browser, PAGE)
    assert f'action="{PAGE}{mark.pk}/return/"' in page
    assert "Записать обращение</button>" not in page
    assert enter("oleg").post(f"{PAGE}{mark.pk}/return/").status_code == 404
    browser.post(f"{PAGE}{mark.pk}/return/", {"back": "https://elsewhere.example/"})
    assert "Записать обращение</button>" in read(browser, PAGE)
    kinds = Fact.objects.filter(case=f"stranger:{STRANGER}", kind__startswith="stranger.")
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "stranger.dismissed",
        "stranger.returned",
    ]


def test_a_reason_that_is_none_changes_nothing(
    world: World, enter: Callable[..., Client]
) -> None:
    enter("olga").post(f"{PAGE}dismiss/", {"address": STRANGER, "reason": "lazy"})
    assert not NotCustomer.objects.filter(address=STRANGER).exists()
    assert not Fact.objects.filter(case=f"stranger:{STRANGER}", kind="stranger.dismissed")


def test_numbers_of_the_channels_lead_to_the_lists_behind_them(
    world: World, enter: Callable[..., Client]
) -> None:
    now = datetime.now(UTC)
    Inquiry.objects.filter(pk=world.inquiry).update(arrived_at=now)
    browser = enter("vera")
    browser.post(f"{PAGE}register/", {"address": STRANGER})
    page = read(browser, "/inquiries/")
    month = now.strftime("%Y-%m")
    assert f"/figures/K2/?month={month}&amp;channel=any" in page or "нет данных" in page
    listed = read(browser, f"/figures/K1/?month={month}&channel=call")
    assert "без спама и дублей" in listed
    assert "/figures/K1B/" in read(browser, f"/figures/?month={month}")
    assert SHOWN in read(browser, f"/figures/K1B/?month={month}")
