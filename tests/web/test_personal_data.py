"""Personal data on pages: the site's tick, the client's page, what is held, the erasing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from conftest import MONDAY
from tests.web.world import World
from voronka.clients.models import Client, Contact
from voronka.deals.models import Deal
from voronka.inquiries.consents import set_text
from voronka.inquiries.models import Consent, Inquiry, Withdrawal
from voronka.inquiries.taking_in import take_in_waiting
from voronka.journal.models import Fact
from voronka.people.settings import change_setting

pytestmark = pytest.mark.django_db
Enter = Callable[..., Browser]
PLAIN = "application/x-www-form-urlencoded"


@pytest.fixture
def door(cast: SimpleNamespace) -> Browser:
    """The site's form is open and asks for consent."""
    change_setting(name="intake_key", value="key", by=cast.see("anna"), at=MONDAY)
    set_text(purpose="answer", text="Разрешаю хранить", by=cast.see("anna"), at=MONDAY)
    return Browser(SERVER_NAME="localhost")


def sent(door: Browser, fields: dict[str, str]) -> Any:
    answer = door.post("/form/key/", urlencode(fields), content_type=PLAIN)
    take_in_waiting(now=datetime.now(UTC))
    return answer


def test_the_form_asks_with_an_empty_box_and_keeps_what_was_typed(door: Browser) -> None:
    page = door.get("/form/key/").content.decode()
    assert 'name="consent" value="on" required>' in page
    assert "Разрешаю хранить" in page
    assert 'name="consent_version" value="1"' in page
    refused = sent(door, {"name": "Иван", "phone": "89120001122"})
    assert refused.status_code == 400
    said = refused.content.decode()
    assert "Отметьте согласие" in said
    assert 'value="Иван"' in said
    assert not Inquiry.objects.exists()
    ticked = {"name": "Иван", "phone": "89120001122", "consent": "on", "consent_version": "1"}
    assert sent(door, ticked).status_code == 200
    consent = Consent.objects.get()
    assert (consent.inquiry, consent.number, consent.how) == (
        Inquiry.objects.get(), "+79120001122", "form",
    )  # fmt: skip
    assert consent.text
    assert consent.text.version == 1


def test_json_brings_consent_and_is_not_lost_without_it(door: Browser) -> None:
    for body in ({"name": "А", "consent": True, "consent_version": 1}, {"name": "Б"}):
        sent = door.post("/form/key/", json.dumps(body), content_type="application/json")
        assert sent.status_code == 201
    take_in_waiting(now=datetime.now(UTC))
    assert Inquiry.objects.count() == 2
    assert [c.inquiry.name for c in Consent.objects.all() if c.inquiry] == ["А"]


def test_without_a_text_the_form_asks_nothing(cast: SimpleNamespace, door: Browser) -> None:
    set_text(purpose="answer", text="", by=cast.see("anna"), at=MONDAY)
    assert "consent" not in door.get("/form/key/").content.decode()
    assert sent(door, {"name": "Иван"}).status_code == 200


def test_texts_are_written_and_their_versions_shown(
    cast: SimpleNamespace, enter: Enter, door: Browser
) -> None:
    sent(door, {"name": "Иван", "consent": "on"})
    browser = enter("anna")
    put = {"purpose": "answer", "text": "Новый текст"}
    assert browser.post("/settings/consents/", put).status_code == 303
    page = browser.get("/settings/consents/").content.decode()
    for said in ("Разрешаю хранить", "Новый текст", "согласились: 1", "версия 2"):
        assert said in page, said


def test_a_manager_records_consent_and_its_withdrawal(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    browser, where = enter("olga"), f"/clients/{world.client}"
    given = {"purpose": "letters", "how": "paper", "on": "2026-01-12", "evidence": "договор 5"}
    assert browser.post(f"{where}/consent/", given).status_code == 303
    page = browser.get(f"{where}/personal/").content.decode()
    assert "договор 5" in page
    assert "Рекламу слать можно" in page
    assert "Стереть" not in page.replace("Стереть данные", "")
    person = Contact.objects.get(client_id=world.client)
    back = {
        "purpose": ["answer", "letters"], "how": "voice", "on": "2026-02-12", "steps": "drop",
        "contact": "",
    }  # fmt: skip
    assert browser.post(f"{where}/withdrawal/", back).status_code == 303
    made = Withdrawal.objects.get()
    assert (str(made.erase_by), made.contact) == ("2026-03-14", None)
    panel = browser.get(f"{where}/consents/").content.decode()
    assert "Рекламу не слать" in panel
    assert "отозвано 12\u00a0фев" in panel
    assert "Стереть персональные данные" in browser.get(f"{where}/").content.decode()
    for bad in ({**back, "on": "x"}, {**back, "on": ""}, {**back, "contact": "x"}):
        assert browser.post(f"{where}/withdrawal/", bad).status_code == 303
    far = {**back, "contact": str(person.pk + 99)}
    assert browser.post(f"{where}/withdrawal/", far).status_code == 404
    assert Withdrawal.objects.count() == 1


def test_what_is_held_is_one_page_and_one_file(world: World, enter: Enter) -> None:
    browser, where = enter("vera"), f"/clients/{world.client}/held/"
    page = browser.get(where).content.decode()
    for said in (
        "ООО «Ромашка»",
        "Пётр Иванов",
        "info@romashka.example",
        "Лютик",
        "7707083893",
    ):
        assert said in page, said
    assert "&lt;" not in page
    answer = browser.get(f"{where}?form=file")
    assert answer.headers["Content-Disposition"].endswith('.json"')
    assert answer.json()["parts"]["mails"] == [{"address": "info@romashka.example"}]
    person = Contact.objects.get(client_id=world.client)
    own = browser.get(f"{where}?form=file&contact={person.pk}").json()
    assert own["name"] == "Пётр Иванов"
    assert "cards" not in own["parts"]
    facts = Fact.objects.filter(kind="personal.read").order_by("pk")
    assert [fact.body["form"] for fact in facts] == ["page", "file", "file"]


def test_the_head_erases_a_client_once_the_work_has_ended(
    world: World, enter: Enter, cast: SimpleNamespace
) -> None:
    browser, where = enter("vera"), f"/clients/{world.client}"
    page = browser.get(f"{where}/erasure/").content.decode()
    assert "открытых сделок 1, шагов 1" in page
    assert " disabled>" in page
    wanted = {"reason": "просит", "typed": "ООО «Ромашка»"}
    refused = browser.post(f"{where}/erasure/", wanted, headers={"referer": "/"}, follow=True)
    assert "Сначала закончите работу" in refused.content.decode()
    lost = {"outcome": "lost", "reason": str(Deal.objects.get(pk=world.lost).refusal_reason_id)}
    for deal in Deal.objects.filter(client_id=world.client, outcome=""):
        lost["version"] = str(deal.version)
        assert browser.post(f"/deals/{deal.pk}/closure/", lost).status_code == 303
    assert not Deal.objects.filter(client_id=world.client, outcome="").exists()
    browser.post(f"/steps/{world.step}/cancel/", {"reason": "не нужно"})
    assert browser.post(f"{where}/erasure/", wanted).status_code == 303
    assert Client.objects.get(pk=world.client).name == f"███ {world.client}"
    card = browser.get(f"{where}/").content.decode()
    assert "Данные стёрты" in card
    for said in ("Ромашка", "Иванов", "345-67-89", "Кресла"):
        assert said not in card, said
    for page in (
        f"/deals/{world.deal}/",
        f"{where}/held/",
        f"{where}/personal/",
        "/figures/K5/",
    ):
        assert browser.get(page).status_code == 200, page
