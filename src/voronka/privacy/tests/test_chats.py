"""Erasing reaches chats with a bot: whose they were, and what was written there."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.inquiries.intake import NewInquiry, answer_inquiry, register_inquiry
from voronka.inquiries.models import Bot, Chat, Inquiry, Reply, Thread
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryMessage
from voronka.people.viewers import SYSTEM
from voronka.privacy.erasing import erase
from voronka.privacy.held import held

USER_ID = 991_234_567
SECRETS = ("Гнездилов", "gnezdilov", str(USER_ID), "912 345-67-89", "9123456789")


@pytest.fixture
def client(cast: SimpleNamespace, make_client: Callable[..., Client]) -> Client:
    """A client who wrote to a bot before and after sharing the number."""
    client = make_client("Гнездилов Пётр", phones=["+7 912 345-67-89"])
    bot = Bot.objects.create(bot_id=4242, name="firm_bot")
    chat = Chat.objects.create(
        bot=bot, chat_id=USER_ID, name="Пётр Гнездилов", username="gnezdilov",
        phone="+79123456789",
    )  # fmt: skip
    for n, phone in enumerate(("", "+79123456789")):
        new = NewInquiry(
            channel="messenger", name="Пётр Гнездилов", phone=phone, text="Окна",
            marks={"telegram": "@gnezdilov"},
        )  # fmt: skip
        one = register_inquiry(new, by=SYSTEM, at=MONDAY + timedelta(days=n))
        thread = Thread.objects.create(chat=chat, inquiry=one, last_at=MONDAY)
        answer_inquiry(inquiry_id=one.pk, by=cast.see("olga"), at=MONDAY + timedelta(days=n))
        said = InquiryMessage(
            number=one.number, how="message", text="Это Гнездилов", phone="+79123456789"
        )
        tell(said, one, by_id=None, at=MONDAY)
        Reply.objects.create(
            thread=thread, kind="answer", text="Добрый день, Пётр Гнездилов", by=cast.olga,
            at=MONDAY, next_at=MONDAY, state=("sent", "waiting")[n],
        )  # fmt: skip
    return client


def test_the_earlier_inquiry_of_the_chat_is_the_clients_and_the_chat_is_told(
    client: Client, cast: SimpleNamespace
) -> None:
    found = held(client_id=client.pk, form="page", by=cast.see("anna"), at=MONDAY)
    parts = {part.code: part.lines for part in found.parts}
    assert len(parts["inquiries"]) == 2
    assert parts["chats"] == [
        {
            "name": "Пётр Гнездилов", "username": "gnezdilov", "phone": "+79123456789",
            "bot": "firm_bot",
        }
    ]  # fmt: skip


def test_nothing_tells_whose_chat_it_was_and_nothing_goes_there_any_more(
    client: Client, cast: SimpleNamespace, whole_base: Callable[[], str],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    base = whole_base()
    assert [one for one in SECRETS if one not in base] == ["912 345-67-89"]
    by, name = cast.see("anna"), client.name
    with django_capture_on_commit_callbacks() as later:
        done = erase(client_id=client.pk, reason="Запрос", typed=name, by=by, at=MONDAY)
    for act in later:
        # The log of changes cannot be emptied inside a test's transaction.
        with suppress(OperationalError):
            act()
    base = whole_base()
    assert [one for one in SECRETS if one in base] == []
    assert done.rows["inquiries.chat"] == 1
    assert Chat.objects.get().chat_id == -Chat.objects.get().pk
    states = Reply.objects.order_by("pk").values_list("state", "text")
    assert list(states) == [("sent", ""), ("failed", "")]
    assert Inquiry.objects.count() == 2


def test_a_chat_that_is_another_clients_too_stays_that_clients(
    client: Client, cast: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    other = make_client("Лютик")
    one = register_inquiry(
        NewInquiry(channel="messenger", name="Лютик", client_id=other.pk), by=SYSTEM, at=MONDAY
    )
    Thread.objects.create(chat=Chat.objects.get(), inquiry=one, last_at=MONDAY)
    by, name = cast.see("anna"), client.name
    erase(client_id=client.pk, reason="Запрос", typed=name, by=by, at=MONDAY)
    chat = Chat.objects.get()
    assert (chat.chat_id, chat.username) == (USER_ID, "gnezdilov")
