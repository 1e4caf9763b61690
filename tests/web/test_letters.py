"""Writing to a client by a template, through the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.world import World
from voronka.agenda.models import Step
from voronka.calls.models import Call
from voronka.clients.models import Client as Card
from voronka.letters.models import Gateway, Letter, Sender, Template

pytestmark = pytest.mark.django_db
Enter = Callable[..., Client]


def test_a_template_is_filled_and_the_letter_goes_on_its_way(
    world: World, enter: Enter
) -> None:
    browser = enter("olga")
    where = f"/clients/{world.client}/letters/new/"
    page = browser.get(where, {"deal": world.deal, "template": world.template}).content.decode()
    assert '<input class="input" id="l-subject" name="subject" value="Кресла"' in page
    # Nobody has named the firm yet.
    assert ">Пётр Иванов, 900 ₽. {фирма}</textarea>" in page
    assert "Не знаем, что подставить: {фирма}." in page
    said = {
        "channel": "mail", "to": "info@romashka.example", "subject": "Кресла",
        "text": "Счёт ниже. {фирма}", "deal": str(world.deal), "template": str(world.template),
    }  # fmt: skip
    refused = browser.post(where, said)
    assert refused.status_code == 400
    assert "Впишите вместо скобок: {фирма}." in refused.content.decode()
    assert "Счёт ниже. {фирма}</textarea>" in refused.content.decode()
    done = browser.post(where, said | {"text": "Пётр, счёт ниже"}, follow=True)
    assert done.redirect_chain == [(f"/deals/{world.deal}/", 303)]
    assert "Уходит: info@romashka.example" in done.content.decode()
    letter = Letter.objects.latest("pk")
    assert (letter.state, letter.text, letter.deal_id, letter.template_id) == (
        "waiting", "Пётр, счёт ниже", world.deal, world.template,
    )  # fmt: skip
    timeline = browser.get(f"/clients/{world.client}/?tab=letter").content.decode()
    assert f'<a href="/letters/{letter.pk}/"><b>Письмо клиенту</b></a>' in timeline


def test_a_file_goes_along_and_is_had_back_by_who_may_read(world: World, enter: Enter) -> None:
    browser = enter("olga")
    where = f"/clients/{world.client}/letters/new/"
    said = {"channel": "mail", "to": "info@romashka.example", "subject": "КП", "text": "Ниже"}
    bad = SimpleUploadedFile("run.exe", b"MZ\x00")
    refused = browser.post(where, said | {"files": bad})
    assert refused.status_code == 400
    assert "«run.exe»: только документы" in refused.content.decode()
    browser.post(where, said | {"files": SimpleUploadedFile("КП.pdf", b"%PDF-1.7 quote")})
    letter = Letter.objects.latest("pk")
    (file,) = letter.files.all()
    page = browser.get(f"/letters/{letter.pk}/").content.decode()
    assert f'href="/letters/files/{file.pk}/"' in page
    got = browser.get(f"/letters/files/{file.pk}/")
    assert (got.content, got.headers["Content-Type"]) == (
        b"%PDF-1.7 quote", "application/octet-stream",
    )  # fmt: skip
    assert enter("oleg").get(f"/letters/files/{file.pk}/").status_code == 404


def test_what_did_not_go_says_why_and_goes_again(world: World, enter: Enter) -> None:
    browser = enter("olga")
    page = browser.get(f"/letters/{world.letter}/").content.decode()
    assert "Такого адреса нет. Проверьте его у клиента." in page
    browser.post(f"/letters/{world.letter}/again/")
    assert Letter.objects.get(pk=world.letter).state == "waiting"
    assert "Отправить ещё раз" not in browser.get(f"/letters/{world.letter}/").content.decode()
    # An auditor reads and cannot press.
    Letter.objects.filter(pk=world.letter).update(state="failed", problem="refused")
    page = enter("audit").get(f"/letters/{world.letter}/").content.decode()
    assert "Сервер не принял письмо." in page
    assert "Отправить ещё раз" not in page


def test_after_a_talk_one_goes_straight_on_to_the_letter(world: World, enter: Enter) -> None:
    browser = enter("olga")
    talk = Call.objects.filter(talk_seconds=90).latest("pk")
    due = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    said = {"kind": "letter", "due": due, "outcome": "agreed", "then": "write"}
    page = browser.post(f"/calls/{talk.pk}/outcome/", said, follow=True)
    assert page.redirect_chain == [
        (f"/clients/{world.client}/letters/new/?deal={world.deal}", 303)
    ]
    step = Step.objects.get(kind="letter")
    assert "Шаг «Письмо» будет сделан" in page.content.decode()
    where = f"/clients/{world.client}/letters/new/"
    browser.post(where, {
        "channel": "mail", "to": "info@romashka.example", "subject": "Итог", "text": "Спасибо",
        "deal": str(world.deal), "done": "1",
    })  # fmt: skip
    assert Letter.objects.latest("pk").step_id == step.pk


def test_a_client_without_an_address_and_a_firm_without_a_mailbox(
    world: World, enter: Enter
) -> None:
    bare = Card.objects.get(pk=world.other)
    page = enter("olga").get(f"/clients/{bare.pk}/letters/new/").content.decode()
    assert "Писать некуда" in page
    enter("anna").post("/settings/letters/mail/", {"what": "remove"})
    where = f"/clients/{world.client}/letters/new/"
    assert "Отправлять пока нечем" in enter("olga").get(where).content.decode()
    assert (
        '<a class="btn" href="/settings/letters/"' in enter("vera").get(where).content.decode()
    )


def test_the_mailbox_is_set_and_tried_and_its_password_never_shown(
    world: World, enter: Enter
) -> None:
    browser = enter("anna")
    typed = {"address": "a@yandex.ru", "password": "тайна-42", "port": "465", "what": "set"}
    refused = browser.post("/settings/letters/mail/", typed | {"port": "x" * 9, "login": "a b"})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Логин без пробелов." in page
    assert 'value="a@yandex.ru"' in page
    assert "тайна" not in page
    local = typed | {"server": "127.0.0.1", "port": "9", "security": "none"}
    page = browser.post("/settings/letters/mail/", local, follow=True).content.decode()
    assert "Сервер не отвечает. Проверьте адрес и порт." in page
    assert "тайна" not in page + Sender.objects.get().secret
    for what, is_on in (("off", False), ("on", True)):
        browser.post("/settings/letters/mail/", {"what": what})
        assert Sender.objects.get().is_on is is_on
    browser.post("/settings/letters/mail/", {"what": "remove"})
    assert not Sender.objects.exists()
    assert browser.post("/settings/letters/pigeon/", {"what": "on"}).status_code == 404


def test_the_gateway_is_set(world: World, enter: Enter) -> None:
    browser = enter("anna")
    typed = {"url": "https://sms.example/send", "password": "x" * 15, "what": "set"}
    page = browser.post("/settings/letters/message/", typed).content.decode()
    assert "Секрет подписи: от 16 до 500 знаков." in page
    browser.post("/settings/letters/message/", typed | {"password": "y" * 16})
    assert Gateway.objects.get().url == "https://sms.example/send"
    assert "y" * 16 not in browser.get("/settings/letters/").content.decode()


def test_templates_are_taken_ready_made_edited_and_removed(world: World, enter: Enter) -> None:
    browser = enter("vera")
    browser.post("/settings/letters/templates/starters/")
    browser.post("/settings/letters/templates/starters/")
    assert Template.objects.filter(retired_at=None).count() == 7
    new = "/settings/letters/templates/0/"
    typed = {"channel": "mail", "name": "Акция", "subject": "{скидка}", "text": "Текст"}
    page = browser.post(new, typed)
    assert page.status_code == 400
    assert "Не знаем, что подставить вместо: скидка." in page.content.decode()
    browser.post(new, typed | {"subject": "{клиент}"})
    made = Template.objects.get(name="Акция")
    where = f"/settings/letters/templates/{made.pk}/"
    browser.post(where, typed | {"subject": "{client}", "text": "Иначе"})
    made.refresh_from_db()
    assert (made.subject, made.text) == ("{client}", "Иначе")
    browser.post(where, {"what": "retire"})
    assert browser.get(where).status_code == 404


def test_ready_made_templates_speak_the_reader_s_language(world: World, enter: Enter) -> None:
    enter("vera", language="en").post("/settings/letters/templates/starters/")
    made = Template.objects.get(name="After the talk")
    assert made.subject == "After our talk: {deal}"
