"""What could not be sent is sent once more by a press, and is then that person's answer."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from conftest import MONDAY
from tests.telegram.fake import FakeTelegram, update
from tests.telegram.test_chats import come
from voronka.inquiries.models import Bot, Inquiry, Reply
from voronka.inquiries.telegram.bots import switch_bot
from voronka.inquiries.telegram.replies import BotOffError, send_again, write_reply
from voronka.inquiries.telegram.sending import send_waiting
from voronka.journal.models import Fact

HOUR = timedelta(hours=1)
BLOCKED = (403, "Forbidden: bot was blocked by the user", 0)


@pytest.fixture
def failed(bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace) -> Reply:
    """An answer of olga's that a client who had blocked the bot did not get."""
    come(bot, update(1, text="Сколько стоит?"))
    by, pk = cast.see("olga"), Inquiry.objects.get().pk
    write_reply(inquiry_id=pk, text="900 рублей", by=by, at=MONDAY)
    telegram.troubles = [BLOCKED]
    send_waiting(now=MONDAY)
    return Reply.objects.get(state="failed")


def test_it_goes_once_however_often_pressed_and_answers_when_it_was_sent(
    failed: Reply, telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    pk = Inquiry.objects.get().pk
    # A day later it would have been given up, had its time not begun anew.
    at, by = MONDAY + 30 * HOUR, cast.see("olga")
    for _ in range(2):
        send_again(reply_id=failed.pk, inquiry_id=pk, by=by, at=at)
    for _ in range(2):
        send_waiting(now=at)
    send_again(reply_id=failed.pk, inquiry_id=pk, by=by, at=at)
    send_waiting(now=at + HOUR)
    assert [one["text"] for one in telegram.sent] == ["900 рублей"]
    one, reply = Inquiry.objects.get(), Reply.objects.get()
    assert (one.answered_at, one.manager_id, reply.sent_at) == (at, cast.olga.pk, at)
    told = Fact.objects.filter(kind="inquiry.message", body__how="again")
    assert [(fact.by_id, fact.body["text"]) for fact in told] == [(cast.olga.pk, "900 рублей")]


def test_neither_an_automatic_one_nor_another_inquirys_nor_by_a_bot_that_is_off(
    failed: Reply, bot: Bot, cast: SimpleNamespace
) -> None:
    by, pk = cast.see("olga"), Inquiry.objects.get().pk
    come(bot, update(2, chat=8, text="Другой"))
    other = Inquiry.objects.latest("pk").pk
    with pytest.raises(Reply.DoesNotExist):
        send_again(reply_id=failed.pk, inquiry_id=other, by=by, at=MONDAY)
    Reply.objects.update(kind="auto")
    with pytest.raises(Reply.DoesNotExist):
        send_again(reply_id=failed.pk, inquiry_id=pk, by=by, at=MONDAY)
    Reply.objects.update(kind="answer")
    switch_bot(bot_pk=bot.pk, is_on=False, by=cast.see("anna"), at=MONDAY)
    facts = Fact.objects.count()
    with pytest.raises(BotOffError):
        send_again(reply_id=failed.pk, inquiry_id=pk, by=by, at=MONDAY)
    assert (Reply.objects.get().state, Fact.objects.count()) == ("failed", facts)


def test_the_button_stands_by_what_failed(failed: Reply, cast: SimpleNamespace) -> None:
    browser, pk = Browser(), Inquiry.objects.get().pk
    browser.force_login(cast.olga)
    said = browser.get(f"/inquiries/{pk}/").content.decode()
    assert said.count(f'name="reply" value="{failed.pk}"') == 1
    asked = {"what": "again", "reply": str(failed.pk)}
    assert browser.post(f"/inquiries/{pk}/telegram/", asked).status_code == 303
    assert Reply.objects.get().state == "waiting"
    said = browser.get(f"/inquiries/{pk}/").content.decode()
    assert 'name="reply"' not in said
