"""A bot's chats become inquiries, and answers go back."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import MONDAY
from tests.telegram.fake import TOKEN, FakeTelegram, update
from voronka.foundation import worker
from voronka.foundation.processes import HOST
from voronka.foundation.sealing import LostKeyError, seal, unseal
from voronka.inquiries.intake import classify_inquiry
from voronka.inquiries.models import Bot, Inquiry, Received, ReceivedFile, Reply
from voronka.inquiries.new_inquiry import NoInquiryError, UnreadError
from voronka.inquiries.reading import read
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_in_waiting
from voronka.inquiries.telegram.bots import (
    BotRefusedError,
    connect_bot,
    remove_bot,
    switch_bot,
)
from voronka.inquiries.telegram.polling import _taken, _wanted, ask_once
from voronka.inquiries.telegram.replies import BadReplyError, BotOffError, write_reply
from voronka.inquiries.telegram.sending import send_waiting
from voronka.inquiries.touches import origin_of
from voronka.journal.models import Fact
from voronka.people.outside import OutsideClosedError
from voronka.people.settings import change_setting

DAY = timedelta(days=1)


def come(bot: Bot, given_update: Any, at: datetime = MONDAY) -> Received:
    """Let an update stand at the door at a moment, and take it in."""
    external_id = f"{bot.bot_id}:{given_update['update_id']}"
    body = json.dumps(given_update, ensure_ascii=False).encode()
    given_delivery = Delivery(
        channel="messenger", shape="telegram", body=body, external_id=external_id
    )
    receipt = receive(given_delivery, at=at)
    take_in_waiting(now=at)
    return Received.objects.get(pk=receipt.received_id)


def test_what_is_sealed_opens_only_with_the_same_secret(settings: Any) -> None:
    sealed = seal(TOKEN)
    assert TOKEN not in sealed
    assert unseal(sealed) == TOKEN
    settings.SECRET_KEY = "another"
    with pytest.raises(LostKeyError):
        unseal(sealed)


def test_a_bot_is_asked_for_its_name_and_its_token_is_kept_sealed(
    bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    assert (bot.name, telegram.asked) == ("firm_bot", ["getMe"])
    assert TOKEN not in Bot.objects.get().token
    with pytest.raises(BotRefusedError) as refused:
        connect_bot(token=TOKEN[:-1] + "X", by=cast.see("anna"), at=MONDAY)
    assert refused.value.details == {"why": "unauthorized"}
    with pytest.raises(PermissionError):
        remove_bot(bot_pk=bot.pk, by=cast.see("olga"), at=MONDAY)
    remove_bot(bot_pk=bot.pk, by=cast.see("anna"), at=MONDAY)
    assert (Bot.objects.get().token, _wanted()) == ("", [])


def test_nothing_is_asked_without_a_bot_that_is_on_nor_in_trial_mode(
    bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace, settings: Any
) -> None:
    assert _wanted() == [bot.pk]
    settings.IS_DEMO = True
    assert _wanted() == []
    settings.IS_DEMO = False
    switch_bot(bot_pk=bot.pk, is_on=False, by=cast.see("anna"), at=MONDAY)
    assert _wanted() == []
    change_setting(name="trial_mode", value=True, by=cast.see("anna"), at=MONDAY)
    with pytest.raises(OutsideClosedError):
        connect_bot(token=TOKEN, by=cast.see("anna"), at=MONDAY)
    assert telegram.asked == ["getMe"]


def test_what_came_is_stored_before_it_is_confirmed_and_once(
    bot: Bot, telegram: FakeTelegram
) -> None:
    for n in (5, 6):
        telegram.write(n, text=f"Слово {n}")
    assert ask_once(bot.pk, wait_seconds=0) == 0
    assert Received.objects.count() == 2
    assert telegram.confirmed == []
    # As if killed before it was noted what came: the same comes again.
    Bot.objects.update(last_update_id=0, last_update_at=None)
    ask_once(bot.pk, wait_seconds=0)
    ask_once(bot.pk, wait_seconds=0)
    assert telegram.confirmed == [5, 6]
    assert list(Received.objects.values_list("external_id", flat=True)) == ["4242:5", "4242:6"]


def test_one_asks_for_a_bot_at_a_time_and_the_lease_of_the_dead_is_free(bot: Bot) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(timeout=60)
    now, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=30)
    for holder, until, is_free in (
        ("elsewhere:1:1", soon, False), ("elsewhere:1:1", now - DAY, True),
        ("elsewhere:1:1", now + DAY, True), (f"{HOST}:{os.getppid()}:1", soon, False),
        (f"{HOST}:{ended.pid}:1", soon, True),
    ):  # fmt: skip
        Bot.objects.update(holder=holder, leased_until=until)
        assert (_wanted(), _taken(bot.pk)) == ([bot.pk] if is_free else [], is_free)
    assert not _taken(bot.pk)


def test_the_administrator_connects_a_bot_and_a_manager_answers_from_the_page(
    telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    anna, olga = Browser(), Browser()
    for browser, person in ((anna, cast.anna), (olga, cast.olga)):
        browser.force_login(person)
        session = browser.session
        session["second_factor"] = True
        session.save()
    said = anna.post("/settings/telegram/connect/", {"token": "none"}, follow=True)
    assert "BotFather" in said.content.decode()
    anna.post("/settings/telegram/connect/", {"token": TOKEN})
    page = anna.get("/settings/").content.decode()
    assert "@firm_bot" in page
    assert TOKEN not in page
    assert olga.post("/settings/telegram/connect/", {"token": TOKEN}).status_code == 404
    come(Bot.objects.get(), update(1, text="Сколько?"), datetime.now(UTC))
    address = f"/inquiries/{Inquiry.objects.get().pk}/"
    assert "Попросить номер" in olga.get(address).content.decode()
    assert olga.post(f"{address}telegram/", {"what": "phone"}).status_code == 303
    assert olga.post(f"{address}telegram/", {"text": "900"}).status_code == 303
    worker.drain()
    assert [one["text"] for one in telegram.sent][1] == "900"
    assert "отправлено" in olga.get(address).content.decode()
    assert Inquiry.objects.get().answered_at is not None


def test_after_a_long_silence_lower_ids_are_not_confirmed_unseen(
    bot: Bot, telegram: FakeTelegram
) -> None:
    long_ago = datetime.now(UTC) - 8 * DAY
    Bot.objects.update(last_update_id=900, last_update_at=long_ago)
    telegram.write(3, text="Снова здесь")
    ask_once(bot.pk, wait_seconds=0)
    assert Received.objects.get().external_id == "4242:3"


@pytest.mark.parametrize(
    ("trouble", "code", "pause"),
    [
        ((401, "Unauthorized", 0), "unauthorized", 60),
        ((409, "Conflict: terminated by other getUpdates request", 0), "conflict", 20),
        ((409, "Conflict: can't use getUpdates while webhook is active", 0), "webhook", 60),
        ((429, "Too Many Requests", 17), "too_many", 17),
        ((429, "Too Many Requests", 10**9), "too_many", 3600),
        ((502, "Bad Gateway", 0), "unreachable", 8),
        ((0, "", 0), "unreachable", 8),
        ((200, "", 0), "broken_answer", 8),
    ],
)
def test_every_trouble_has_its_pause_and_passes(
    bot: Bot, telegram: FakeTelegram, trouble: tuple[int, str, int], code: str, pause: int
) -> None:
    telegram.write(1, text="Слово")
    telegram.troubles = [trouble]
    assert ask_once(bot.pk, wait_seconds=0, failures=3) == pause
    assert (Bot.objects.get().problem, Received.objects.count()) == (code, 0)
    assert ask_once(bot.pk, wait_seconds=0) == 0
    assert (Bot.objects.get().problem, Received.objects.count()) == ("", 1)


def test_one_chat_is_one_inquiry_until_it_is_classified_and_some_days_are_over(
    bot: Bot, cast: SimpleNamespace
) -> None:
    come(bot, update(1, text="/start yandex__spring"))
    come(bot, update(2, text="Нужны кресла"))
    come(bot, update(3, text="Нужны стулья", edited=True))
    one = Inquiry.objects.get()
    assert (one.name, one.text, one.marks["utm_campaign"]) == ("Анна", "Нужны кресла", "spring")
    assert (one.source, origin_of("", one.marks).source) == (None, "yandex")
    told = Fact.objects.filter(kind="inquiry.message").order_by("pk")
    assert [(fact.body["how"], fact.body["text"]) for fact in told] == [
        ("message", "Нужны кресла"), ("edit", "Нужны стулья"),
    ]  # fmt: skip
    come(bot, update(4, text="Ещё раз"), MONDAY + 30 * DAY)
    assert Inquiry.objects.count() == 1
    at = MONDAY + 31 * DAY
    classify_inquiry(inquiry_id=one.pk, state="spam", reason="x", by=cast.see("vera"), at=at)
    come(bot, update(5, text="Снова"), at + 6 * DAY)
    assert Inquiry.objects.count() == 1
    come(bot, update(6, text="Опять"), at + 14 * DAY)
    assert Inquiry.objects.latest("pk").state_reason == "auto:sender"
    come(bot, update(7, chat=8, text="Другой"))
    assert Inquiry.objects.count() == 3


def test_a_number_that_was_shared_is_the_inquirys_and_joins_the_known_client(
    bot: Bot, make_client: Any
) -> None:
    known = make_client(phones=["+7 912 345-67-89"])
    come(bot, update(1, text="Здравствуйте"))
    come(bot, update(2, contact={"phone_number": "79120000000", "user_id": 99}))
    assert Inquiry.objects.get().phone == ""
    come(bot, update(3, contact={"phone_number": "79123456789", "user_id": 7}))
    one = Inquiry.objects.get()
    assert (one.phone, one.client_id) == ("+79123456789", known.pk)


@pytest.mark.parametrize(
    ("more", "state", "problem"),
    [
        ({"chat": {"id": -5, "type": "group"}}, "dropped", "group_chat"),
        ({"from": {"id": 7, "is_bot": True}}, "dropped", "from_bot"),
        ({"chat": {"type": "private"}}, "unread", "bad_telegram"),
    ],
)
def test_groups_and_bots_are_left_alone_and_the_unreadable_is_kept(
    bot: Bot, more: dict[str, Any], state: str, problem: str
) -> None:
    given_update = update(1, text="Слово")
    given_update["message"] |= more
    one = come(bot, given_update)
    assert (one.state, one.problem, Inquiry.objects.count()) == (state, problem, 0)


def test_a_file_is_fetched_after_the_message_and_kept_by_what_it_is(
    bot: Bot, telegram: FakeTelegram
) -> None:
    telegram.files = {"good": b"\xff\xd8\xff jpeg", "bad": b"MZ\x90"}
    photos = [{"file_id": "small"}, {"file_id": "good", "file_size": 9}]
    come(bot, update(1, photo=photos, caption="Такое кресло"))
    come(bot, update(2, document={"file_id": "bad", "file_name": "run.exe"}))
    come(bot, update(3, document={"file_id": "huge", "file_size": 20 << 20}))
    telegram.troubles = []
    worker.drain()
    rows = ReceivedFile.objects.order_by("pk")
    assert [(one.name, one.problem, bool(one.content)) for one in rows] == [
        ("photo.jpg", "", True), ("run.exe", "bad_kind", False),
        ("document.bin", "too_big", False),
    ]  # fmt: skip


def test_an_answer_counts_once_it_was_sent_and_goes_in_order(
    bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    come(bot, update(1, text="Сколько стоит?"))
    pk, by = Inquiry.objects.get().pk, cast.see("olga")
    at = MONDAY + timedelta(minutes=10)
    for _ in range(2):
        write_reply(inquiry_id=pk, text="900 рублей", by=by, at=at)
    write_reply(inquiry_id=pk, text="за штуку", by=by, at=at)
    telegram.troubles = [(429, "Too Many Requests", 40)]
    send_waiting(now=at)
    assert Inquiry.objects.get().answered_at is None
    send_waiting(now=at + timedelta(seconds=30))
    assert telegram.sent == []
    sent_at = at + timedelta(seconds=41)
    send_waiting(now=sent_at)
    send_waiting(now=sent_at)
    assert [one["text"] for one in telegram.sent] == ["900 рублей", "за штуку"]
    one = Inquiry.objects.get()
    assert (one.answered_at, one.manager_id) == (sent_at, cast.olga.pk)


def test_a_client_who_blocked_the_bot_was_not_answered_and_it_is_told(
    bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    come(bot, update(1, text="Сколько стоит?"))
    pk, by = Inquiry.objects.get().pk, cast.see("olga")
    write_reply(inquiry_id=pk, text="900", by=by, at=MONDAY)
    telegram.troubles = [(403, "Forbidden: bot was blocked by the user", 0)]
    send_waiting(now=MONDAY)
    failed = Reply.objects.get()
    assert (failed.state, failed.problem) == ("failed", "blocked")
    assert Inquiry.objects.get().answered_at is None
    assert Fact.objects.get(kind="inquiry.message_failed").body["problem"] == "blocked"
    for text in ("", "x" * 4097, "😀" * 2049):
        with pytest.raises(BadReplyError):
            write_reply(inquiry_id=pk, text=text, by=by, at=MONDAY)
    switch_bot(bot_pk=bot.pk, is_on=False, by=cast.see("anna"), at=MONDAY)
    with pytest.raises(BotOffError):
        write_reply(inquiry_id=pk, text="900", by=by, at=MONDAY)


def test_neither_an_automatic_reply_nor_asking_for_the_number_is_an_answer(
    bot: Bot, telegram: FakeTelegram, cast: SimpleNamespace
) -> None:
    text = "Обращение {n}, ответим в рабочее время"
    change_setting(name="telegram_auto_reply", value=text, by=cast.see("anna"), at=MONDAY)
    come(bot, update(1, text="Есть кто?"))
    come(bot, update(2, text="Ау"))
    come(bot, update(3, chat=8, text="Меня нет", is_from_offline=True))
    one = Inquiry.objects.get(number=1)
    write_reply(
        inquiry_id=one.pk, text="Оставьте номер", button="Отправить",
        by=cast.see("olga"), at=MONDAY,
    )  # fmt: skip
    send_waiting(now=MONDAY)
    assert [(sent["text"], sent["chat_id"]) for sent in telegram.sent] == [
        ("Обращение 1, ответим в рабочее время", 7), ("Оставьте номер", 7),
    ]  # fmt: skip
    keys = telegram.sent[1]["reply_markup"]["keyboard"]
    assert keys == [[{"text": "Отправить", "request_contact": True}]]
    assert not Inquiry.objects.exclude(answered_at=None).exists()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "text",
    "caption",
    "contact",
    "photo",
    "document",
    "voice",
    "from",
    "chat",
    "location",
)


@hypothesis_settings(max_examples=300, deadline=None)
@given(more=st.dictionaries(st.sampled_from(FIELDS), JSON), edited=st.booleans())
def test_whatever_an_update_holds_it_is_read_or_said_why(
    more: dict[str, Any], edited: bool
) -> None:
    body = json.dumps(update(1, edited=edited) | {}, ensure_ascii=True)
    made = json.loads(body)
    next(one for name, one in made.items() if name != "update_id").update(more)
    with suppress(UnreadError, NoInquiryError):
        new = read("telegram", json.dumps(made).encode(), "messenger")
        assert new.name
        assert len(new.text) <= 20_000
