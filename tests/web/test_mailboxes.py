"""The page of mailboxes: a password goes in and never out; what is wrong is said plainly."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from voronka.inquiries.models import Inquiry, Mailbox, Received
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_in_waiting

pytestmark = pytest.mark.django_db
Enter = Callable[..., Client]
# Nobody listens there: the answer comes at once.
TYPED = {
    "address": "info@firm.example", "password": "тайна-42", "server": "127.0.0.1", "port": "9",
    "security": "none", "days": "3", "folder": "Заявки",
}  # fmt: skip


def test_a_mailbox_is_joined_tried_and_its_password_never_shown(enter: Enter) -> None:
    browser = enter("anna")
    page = browser.post("/mailboxes/", TYPED, follow=True).content.decode()
    assert "info@firm.example" in page
    assert "Сервер почты не отвечает. Проверьте имя и порт." in page
    box = Mailbox.objects.get()
    assert "тайна" not in page + box.secret
    where = f"/mailboxes/{box.pk}/"
    said = browser.post(where, {"what": "password", "password": "тайна-43"}, follow=True)
    assert "тайна" not in said.content.decode()
    assert "выключен" in browser.post(where, {"what": "off"}, follow=True).content.decode()
    assert Mailbox.objects.get().is_on is False
    browser.post(where, {"what": "remove"})
    assert not Mailbox.objects.exists()


def test_what_was_typed_wrong_is_told_and_the_rest_stays_in_the_form(enter: Enter) -> None:
    browser = enter("vera")
    for more, said in (
        ({"server": ""}, "Напишите имя сервера IMAP"), ({"port": "0"}, "Порт: число до 65535"),
        ({"server": "mail.firm.example"}, "пароль увидит вся сеть"),
        ({"address": "x"}, "не похоже на адрес почты"), ({"password": ""}, "Введите пароль"),
    ):  # fmt: skip
        answer = browser.post("/mailboxes/", TYPED | more)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert said in page
        assert 'value="Заявки"' in page
        assert "тайна" not in page
    assert not Mailbox.objects.exists()


def test_a_machines_letter_is_seen_and_one_press_makes_it_an_inquiry(enter: Enter) -> None:
    at = datetime.now(UTC)
    body = "From: shop@x.example\nSubject: Заказ 7\nList-Id: <x>\n\nНужны столы".encode()
    receive(Delivery(channel="mail", shape="mail", body=body, external_id="1"), at=at)
    take_in_waiting(now=at)
    browser = enter("vera")
    page = browser.get("/inquiries/unread/").content.decode()
    assert "Заказ 7" in page
    assert "рассылка" in page
    pk = Received.objects.get().pk
    browser.post(f"/inquiries/unread/{pk}/", {"what": "take"})
    assert Inquiry.objects.get().text == "Заказ 7\n\nНужны столы"
    assert "Заказ 7" not in browser.get("/inquiries/unread/").content.decode()
