"""A message or a letter that goes on with an inquiry takes no number."""

from email.message import EmailMessage

import pytest

from conftest import MONDAY
from tests.telegram.fake import update
from tests.telegram.test_chats import come
from voronka.inquiries.mailing import taking_letters
from voronka.inquiries.models import Bot, Inquiry, Received
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_anyway, take_in_waiting
from voronka.people.viewers import SYSTEM


def letter(n: int, answers: int = 0, **more: str) -> Delivery:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ivan@b.example", "s@f.example", "Столы"
    made["Message-ID"] = f"<{n}@b.example>"
    if answers:
        made["In-Reply-To"] = f"<{answers}@b.example>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(f"Столы, {n}")
    return Delivery(channel="mail", shape="mail", body=made.as_bytes(), external_id=f"<{n}>")


def form(n: int) -> Delivery:
    body = f'{{"name": "Имя {n}"}}'.encode()
    return Delivery(channel="form", shape="json", body=body)


def test_numbers_follow_each_other_whatever_was_said_between_them(bot: Bot) -> None:
    come(bot, update(1, text="Есть столы?"))
    come(bot, update(2, text="Ау"))
    waiting = receive(letter(1), at=MONDAY)
    assert (waiting.number, receive(form(1), at=MONDAY).number) == (0, 2)
    receive(letter(2, answers=1), at=MONDAY)
    receive(letter(3, Auto_Submitted="auto-replied"), at=MONDAY)
    take_in_waiting(now=MONDAY)
    come(bot, update(3, text="Столы!"))
    come(bot, update(4, chat=-5) | {"message": {"chat": {"id": -5, "type": "group"}}})
    assert receive(form(2), at=MONDAY).number == 4
    channels = Inquiry.objects.order_by("number").values_list("number", "channel")
    assert list(channels) == [(1, "messenger"), (2, "form"), (3, "mail")]
    aside = Received.objects.get(state="dropped", shape="mail")
    taken = take_anyway(received_id=aside.pk, by=SYSTEM, at=MONDAY)
    assert (aside.number, taken.number) == (None, 5)


def test_what_cannot_be_read_is_numbered_then(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = come(bot, {"update_id": 1, "message": {"chat": {"type": "private"}}})
    assert (broken.state, broken.number) == ("unread", 1)
    refused = Delivery(
        channel="mail", shape="mail", body=b"", external_id="<9>", problem="too_long"
    )
    assert receive(refused, at=MONDAY).number == 2

    def fail(*_: object) -> Inquiry:
        raise ZeroDivisionError

    monkeypatch.setattr(taking_letters, "register_letter", fail)
    receive(letter(1), at=MONDAY)
    take_in_waiting(now=MONDAY)
    failed = Received.objects.get(problem="failed")
    assert (failed.state, failed.number) == ("unread", 3)
    assert receive(form(1), at=MONDAY).number == 4
