"""Mailboxes on a real IMAP server: nothing lost, nothing twice, nothing answered by robots."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest

from voronka.foundation.errors import RefusalError
from voronka.inquiries.mailing import fetching, imap
from voronka.inquiries.mailing.boxes import (
    NewMailbox,
    add_mailbox,
    remove_mailbox,
    set_password,
    switch_mailbox,
    try_mailbox,
)
from voronka.inquiries.mailing.fetching import look_into_due, server_of
from voronka.inquiries.models import (
    Inquiry,
    Letter,
    Mailbox,
    MailFolder,
    Received,
    ReceivedFile,
)
from voronka.inquiries.taking_in import take_anyway, take_in_waiting
from voronka.inquiries.tests.dovecot import PASSWORD, Dovecot, running
from voronka.journal.models import Fact

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Join = Callable[..., Mailbox]
SENT = imap.quoted("Отправленные")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture
def join(cast: SimpleNamespace, dovecot: Dovecot) -> Iterator[Join]:
    used: list[str] = []

    def made(user: str, **more: Any) -> Mailbox:
        new: dict[str, Any] = {
            "address": f"{user}@firm.example", "password": PASSWORD, "server": "127.0.0.1",
            "port": dovecot.port, "security": "none",
        }  # fmt: skip
        used.append(f"{user}@firm.example")
        return add_mailbox(NewMailbox(**new | more), by=cast.see("anna"), at=NOW)

    yield made
    for user in used:
        dovecot.empty(user)


def written(n: int = 1, **more: str) -> bytes:
    made = EmailMessage()
    given = {
        "From": "Иван <ivan@client.example>", "To": "sales@firm.example",
        "Subject": f"Столы {n}", "Message-ID": f"<{n}@client.example>",
    } | {name.replace("_", "-"): value for name, value in more.items()}  # fmt: skip
    text = given.pop("text", f"Нужны столы, {n} штук")
    for name, value in given.items():
        if value:
            made[name] = value
    made.set_content(text)
    return made.as_bytes()


def look(at: datetime) -> int:
    found = look_into_due(now=at)
    take_in_waiting(now=at)
    return found


def put(
    dovecot: Dovecot, *letters: bytes, at: datetime, user: str = "sales", **more: Any
) -> None:
    dovecot.put(f"{user}@firm.example", *letters, at=at, **more)


def test_a_letter_becomes_an_inquiry_that_arrived_when_it_stood_in_the_mailbox(
    dovecot: Dovecot, join: Join
) -> None:
    put(dovecot, written(0), at=NOW - HOUR)
    box = join("sales")
    put(dovecot, written(1), at=NOW + MINUTE)
    assert look(NOW + HOUR) == 1
    one = Inquiry.objects.get()
    assert (one.arrived_at, one.channel, one.mail) == (
        NOW + MINUTE,
        "mail",
        "ivan@client.example",
    )
    assert one.text == "Столы 1\n\nНужны столы, 1 штук"
    box.refresh_from_db()
    assert (box.problem, box.succeeded_at) == ("", NOW + HOUR)
    assert look(NOW + 2 * HOUR) == 0
    with dovecot.entered("sales@firm.example") as line:
        line.select("INBOX")
        assert line.search(None, "UNSEEN")[1] == [b"1 2"]


def test_only_when_set_is_a_letter_marked_as_read_and_days_before_are_taken(
    dovecot: Dovecot, join: Join
) -> None:
    for n, ago in enumerate((5 * DAY, 3 * DAY - HOUR, HOUR)):
        put(dovecot, written(n), at=NOW - ago)
    join("sales", days=3, marks_read=True)
    assert look(NOW) == 2
    with dovecot.entered("sales@firm.example") as line:
        line.select("INBOX")
        assert line.search(None, "UNSEEN")[1] == [b"1"]


def test_one_letter_in_two_mailboxes_is_one_inquiry_and_equal_ids_are_two(
    dovecot: Dovecot, join: Join
) -> None:
    for user in ("sales", "info"):
        join(user)
        put(dovecot, written(1), at=NOW + MINUTE, user=user)
    put(dovecot, written(1, Subject="Совсем другое"), at=NOW + MINUTE)
    put(dovecot, written(2, Message_ID=""), at=NOW + MINUTE)
    look(NOW + HOUR)
    assert Inquiry.objects.count() == 3


@pytest.mark.parametrize("moment", ["before it is stored", "before its number is noted"])
def test_an_end_at_any_moment_loses_nothing_and_doubles_nothing(
    dovecot: Dovecot, join: Join, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    join("kill")
    put(dovecot, *map(written, range(7)), at=NOW + MINUTE, user="kill")
    name = "receive" if moment == "before it is stored" else "_note"
    real, calls = getattr(fetching, name), [0]

    def dies(*given: Any, **more: Any) -> Any:
        calls[0] += 1
        if calls[0] % 2 == 0:
            raise KeyboardInterrupt
        return real(*given, **more)

    monkeypatch.setattr(fetching, name, dies)
    for n in range(40):
        try:
            look(NOW + (n + 1) * HOUR)
        except KeyboardInterrupt:
            continue
    assert calls[0] >= 7
    assert Received.objects.count() == Inquiry.objects.count() == 7
    assert set(Inquiry.objects.values_list("text", flat=True)) == {
        f"Столы {n}\n\nНужны столы, {n} штук" for n in range(7)
    }


def test_a_process_killed_again_and_again_loses_nothing_and_doubles_nothing(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    letters = (written(n, From=f"c{n}@client.example") for n in range(60))
    dovecot.put("kill@firm.example", *letters, at=datetime.now(UTC) - HOUR)
    assert beside(tmp_path, dovecot, "join").wait(timeout=120) == 0
    chance, killed = Random(4), 0
    for _ in range(30):
        enough = stored(tmp_path) + chance.randint(8, 20)
        process = beside(tmp_path, dovecot, "look")
        while process.poll() is None and stored(tmp_path) < enough:
            sleep(0.002)
        if process.poll() is not None:
            break
        process.kill()
        process.wait(timeout=60)
        killed += 1
    assert beside(tmp_path, dovecot, "look").wait(timeout=120) == 0
    dovecot.empty("kill@firm.example")
    assert killed >= 3
    with closing(sqlite3.connect(tmp_path / "voronka.sqlite3")) as base:
        states = "SELECT state, count(*) FROM inquiries_received GROUP BY state"
        assert base.execute(states).fetchall() == [("done", 60)]
        texts = "SELECT count(*), count(DISTINCT text) FROM inquiries_inquiry"
        assert base.execute(texts).fetchall() == [(60, 60)]


def beside(home: Path, dovecot: Dovecot, act: str) -> "subprocess.Popen[bytes]":
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    own |= {"VORONKA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "voronka.config.settings"}
    own |= {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    own |= {"IMAP_PORT": str(dovecot.port)}
    room = "voronka.inquiries.tests"
    code = f"import django; django.setup(); from {room} import mail_beside as m; m.{act}()"
    return subprocess.Popen([sys.executable, "-c", code], env=own)


def stored(home: Path) -> int:
    with closing(sqlite3.connect(home / "voronka.sqlite3", timeout=60)) as base:
        found = base.execute("SELECT count(*) FROM inquiries_received").fetchone()
        return int(found[0])


def test_letters_numbered_anew_are_known_by_name_and_none_is_missed(
    dovecot: Dovecot, join: Join
) -> None:
    box = join("anew")
    nameless = written(3, Message_ID="")
    put(dovecot, written(1), written(2), nameless, at=NOW + MINUTE, user="anew")
    look(NOW + HOUR)
    before = box.folders.get(role="in").uid_validity
    dovecot.number_anew("anew@firm.example")
    put(dovecot, written(4), at=NOW + 2 * HOUR, user="anew")
    assert look(NOW + 3 * HOUR) == 1
    assert Inquiry.objects.count() == 4
    after = box.folders.get(role="in")
    assert before is not None
    assert after.uid_validity not in (None, before)


def test_of_ten_thousand_letters_only_the_new_one_is_taken(
    dovecot: Dovecot, join: Join
) -> None:
    place = dovecot.folder / "mail" / "big@firm.example" / "cur"
    with dovecot.entered("big@firm.example") as line:
        line.select("INBOX")
    body, old = written(0), (NOW - 30 * DAY).timestamp()
    for n in range(10_000):
        file = place / f"{int(old)}.{n}.x:2,S"
        file.write_bytes(body)
        os.utime(file, (old, old))
    join("big")
    put(dovecot, written(1), at=NOW + MINUTE, user="big")
    assert look(NOW + HOUR) == 1
    assert Received.objects.count() == 1


def test_a_reply_of_the_client_joins_and_ours_from_sent_answers(
    cast: SimpleNamespace, dovecot: Dovecot, join: Join
) -> None:
    join("sales")
    put(dovecot, written(1), at=NOW + MINUTE)
    reply = written(2, From="Olga <olga@firm.example>", To="ivan@client.example",
                    In_Reply_To="<1@client.example>", Message_ID="<a@firm.example>",
                    text="Есть столы")  # fmt: skip
    private = written(
        5, From="olga@firm.example", To="friend@o.example", In_Reply_To="<x@o.example>"
    )
    put(dovecot, private, reply, at=NOW + 31 * MINUTE, folder=SENT)
    further = written(3, In_Reply_To="<a@firm.example>", References="<1@client.example>")
    put(dovecot, further, at=NOW + 40 * MINUTE)
    look(NOW + HOUR)
    one = Inquiry.objects.get()
    assert (one.answered_at, one.manager_id) == (NOW + 31 * MINUTE, cast.olga.pk)
    look(NOW + 2 * HOUR)
    letters = Letter.objects.order_by("at").values_list("direction", "person_id")
    assert list(letters) == [("in", None), ("out", cast.olga.pk), ("in", None)]
    assert all(b"friend@" not in bytes(one.body) for one in Received.objects.all())
    said = Fact.objects.filter(kind="inquiry.letter").values_list("body__direction", flat=True)
    assert sorted(said) == ["in", "out"]
    answered = Fact.objects.get(kind="inquiry.answered")
    assert (answered.by_id, answered.at) == (cast.olga.pk, NOW + 31 * MINUTE)


@pytest.mark.parametrize(
    "more",
    [
        {"Auto_Submitted": "auto-replied", "To": "ivan@client.example"},
        {"To": "oleg@firm.example"},
    ],
)
def test_an_auto_reply_or_a_letter_to_a_colleague_is_no_answer(
    dovecot: Dovecot, join: Join, more: dict[str, str]
) -> None:
    join("sales")
    put(dovecot, written(1), at=NOW + MINUTE)
    ours = written(2, From="olga@firm.example", In_Reply_To="<1@client.example>", **more)
    put(dovecot, ours, at=NOW + 2 * MINUTE)
    look(NOW + HOUR)
    assert Inquiry.objects.get().answered_at is None
    assert Letter.objects.filter(direction="out").count() == 1


def test_machines_and_our_own_letters_are_put_aside_seen_and_may_be_taken_back(
    cast: SimpleNamespace, dovecot: Dovecot, join: Join
) -> None:
    join("sales")
    odd = (
        {"Auto_Submitted": "auto-replied"}, {"List_Unsubscribe": "<https://x.example>"},
        {"From": "MAILER-DAEMON@mx.example"}, {"From": "olga@firm.example"},
    )  # fmt: skip
    put(dovecot, *(written(n, **more) for n, more in enumerate(odd)), at=NOW + MINUTE)
    look(NOW + HOUR)
    aside = Received.objects.order_by("pk").values_list("state", "problem")
    assert list(aside) == [
        ("dropped", "auto:machine:reply"), ("dropped", "auto:machine:list"),
        ("dropped", "auto:machine:bounce"), ("dropped", "ours"),
    ]  # fmt: skip
    assert not Inquiry.objects.exists()
    pk = Received.objects.get(problem="auto:machine:list").pk
    made = [take_anyway(received_id=pk, by=cast.see("anna"), at=NOW + HOUR) for _ in range(2)]
    assert made[0] == made[1] == Inquiry.objects.get()
    with pytest.raises(PermissionError):
        take_anyway(received_id=pk, by=cast.see("olga"), at=NOW)


def test_two_robots_that_answer_each_other_are_stopped(dovecot: Dovecot, join: Join) -> None:
    join("sales")
    put(dovecot, *map(written, range(30)), at=NOW + MINUTE)
    look(NOW + HOUR)
    aside = Received.objects.filter(state="dropped", problem="auto:machine:loop")
    assert Inquiry.objects.count() + aside.count() == 30
    assert aside.count() == 10


def test_a_form_of_our_site_is_the_visitors_and_files_come_along(
    dovecot: Dovecot, join: Join
) -> None:
    join("site")
    made = EmailMessage()
    made["From"], made["Reply-To"] = "site@firm.example", "Анна <anna@client.example>"
    made["Subject"], made["Message-ID"] = "Заявка", "<f1@firm.example>"
    made.set_content("Телефон: +7 912 000-11-22")
    made.add_attachment(b"%PDF-1.7", maintype="a", subtype="pdf", filename="план.pdf")
    made.add_attachment(b"PK\x03\x04", maintype="a", subtype="zip", filename="42.zip")
    put(dovecot, made.as_bytes(), at=NOW + MINUTE, user="site")
    look(NOW + HOUR)
    one = Inquiry.objects.get()
    assert (one.name, one.mail, one.phone) == ("Анна", "anna@client.example", "+79120001122")
    files = ReceivedFile.objects.filter(received__inquiry=one).order_by("pk")
    assert [(f.name, f.problem) for f in files] == [("план.pdf", ""), ("42.zip", "bad_kind")]


def test_a_letter_beyond_the_limit_is_kept_for_a_person(
    dovecot: Dovecot, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOP_LETTER", 2000)
    join("sales")
    put(dovecot, written(1, text="я" * 9000), written(2), at=NOW + MINUTE)
    look(NOW + HOUR)
    states = Received.objects.order_by("pk").values_list("state", "problem", "size")
    assert list(states)[0] == ("unread", "too_long", 2000)
    assert list(states)[1][:2] == ("done", "")


def test_a_folder_with_a_russian_name_is_read(dovecot: Dovecot, join: Join) -> None:
    join("sales", folder="Заявки")
    put(dovecot, written(1), at=NOW + MINUTE, folder=imap.quoted("Заявки"))
    put(dovecot, written(2), at=NOW + MINUTE)
    look(NOW + HOUR)
    assert Inquiry.objects.get().text.startswith("Столы 1")
    assert imap.unquoted(imap.quoted("Продажи & Ко").encode()) == "Продажи & Ко"


def test_what_is_wrong_is_told_and_what_came_meanwhile_is_read(
    cast: SimpleNamespace, dovecot: Dovecot, join: Join, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    by = cast.see("anna")
    box = join("gap", password="не тот")
    assert try_mailbox(mailbox_id=box.pk, by=by) == "bad_login"
    look(NOW)
    box.refresh_from_db()
    assert (box.problem, box.problem_at) == ("bad_login", NOW)
    assert box.next_look_at == NOW + 10 * MINUTE
    put(dovecot, written(1), at=NOW + MINUTE, user="gap")
    set_password(mailbox_id=box.pk, password=PASSWORD, by=by, at=NOW + HOUR)
    assert try_mailbox(mailbox_id=box.pk, by=by) == ""
    Mailbox.objects.update(port=1)
    assert try_mailbox(mailbox_id=box.pk, by=by) == "unreachable"
    look(NOW + HOUR)
    assert Mailbox.objects.get().problem == "unreachable"
    Mailbox.objects.update(port=dovecot.port)
    MailFolder.objects.filter(role="in").update(name="Нет такой")
    assert try_mailbox(mailbox_id=box.pk, by=by) == "no_folder"
    MailFolder.objects.filter(role="in").update(name="INBOX")
    assert look(NOW + 2 * HOUR) == 1
    told = caplog.text + str(list(Fact.objects.values_list("body", flat=True)))
    told += str(list(Mailbox.objects.values())) + repr(server_of(Mailbox.objects.get()))
    assert PASSWORD not in told
    assert "не тот" not in told


def test_a_server_without_encryption_where_it_is_wanted_is_told(
    cast: SimpleNamespace, join: Join
) -> None:
    box = join("sales", security="tls")
    assert try_mailbox(mailbox_id=box.pk, by=cast.see("anna")) == "bad_tls"


def test_another_key_of_the_installation_means_the_password_anew(
    cast: SimpleNamespace, join: Join, settings: Any
) -> None:
    box = join("sales")
    settings.SECRET_KEY = "other"
    assert try_mailbox(mailbox_id=box.pk, by=cast.see("anna")) == "lost_key"


def test_nobody_but_who_rules_sets_mailboxes_and_bad_ones_are_refused(
    cast: SimpleNamespace, join: Join
) -> None:
    box, by = join("sales"), cast.see("olga")
    acts: list[Callable[[], Any]] = [
        lambda: add_mailbox(NewMailbox(address="a@b.ru", password="x"), by=by, at=NOW),
        lambda: remove_mailbox(mailbox_id=box.pk, by=by, at=NOW),
        lambda: switch_mailbox(mailbox_id=box.pk, is_on=False, by=by, at=NOW),
        lambda: set_password(mailbox_id=box.pk, password="x", by=by, at=NOW),
        lambda: try_mailbox(mailbox_id=box.pk, by=by),
    ]
    for act in acts:
        with pytest.raises(PermissionError):
            act()
    for more, code in (
        ({"address": "sales"}, "bad_mail"), ({"server": ""}, "bad_mailbox"),
        ({"port": 0}, "bad_mailbox"), ({"login": "a\r\nb"}, "bad_mailbox"),
        ({"password": ""}, "bad_mailbox"), ({"server": "mail.firm.example"}, "unsafe_mailbox"),
        ({}, "mailbox_taken"),
    ):  # fmt: skip
        with pytest.raises(RefusalError) as caught:
            join("sales", **more)
        assert caught.value.code == code
    assert Mailbox.objects.count() == 1
    assert Fact.objects.filter(kind="mailbox.changed").count() == 1


def test_off_is_not_read_on_again_loses_nothing_and_removed_is_forgotten(
    cast: SimpleNamespace, dovecot: Dovecot, join: Join, settings: Any
) -> None:
    box, by = join("sales"), cast.see("anna")
    put(dovecot, written(1), at=NOW + MINUTE)
    switch_mailbox(mailbox_id=box.pk, is_on=False, by=by, at=NOW)
    assert look(NOW + HOUR) == 0
    switch_mailbox(mailbox_id=box.pk, is_on=True, by=by, at=NOW + HOUR)
    settings.IS_DEMO = True
    assert look(NOW + HOUR) == 0
    settings.IS_DEMO = False
    assert look(NOW + HOUR) == 1
    remove_mailbox(mailbox_id=box.pk, by=by, at=NOW + HOUR)
    assert not Mailbox.objects.exists()
    assert Inquiry.objects.count() == 1
    said = Fact.objects.filter(kind="mailbox.changed").order_by("pk")
    assert [fact.body["what"] for fact in said] == ["added", "off", "on", "removed"]
