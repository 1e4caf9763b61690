"""A real server takes letters; what it does not take is tried again or told."""

import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import set_step
from voronka.clients.models import Client
from voronka.foundation import files
from voronka.inquiries.attachments import GivenFile
from voronka.journal.models import Fact
from voronka.letters import smtp
from voronka.letters.models import Letter, Sender
from voronka.letters.senders import NewSender, set_sender, try_sender
from voronka.letters.sending import due, send
from voronka.letters.tests.smtp_beside import PASSWORD, Post, post_office
from voronka.letters.writing import send_again
from voronka.people.models import Notice
from voronka.people.settings import change_setting

Write = Callable[..., Any]
SOON = MONDAY + timedelta(minutes=2)


def send_waiting(*, now: datetime) -> None:
    """Send all that is due at a moment."""
    for pk in due(now=now):
        send(pk, now=now)


def _state(letter: Letter) -> tuple[str, str, int]:
    row = Letter.objects.get(pk=letter.pk)
    return row.state, row.problem, row.attempts


def test_a_letter_comes_as_it_was_written_in_both_forms(
    post: Post, write: Write, cast: SimpleNamespace
) -> None:
    change_setting(name="company_name", value="ООО «Лес»", by=cast.see("vera"), at=MONDAY)
    text = "Здравствуйте!\n\n<b>Скидка</b> & цена\nна https://firm.example/p?a=1&b=2."
    made = write(subject="Расчёт № 5", text=text)
    send(made.pk, now=SOON)
    send(made.pk, now=SOON)
    (letter,) = post.taken
    assert post.signed_in == ["sales@firm.example"]
    assert letter["Subject"] == "Расчёт № 5"
    (sender,) = letter["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Olga, ООО «Лес»", "sales@firm.example")
    assert letter["To"] == "buyer@client.example"
    assert letter["Message-ID"] == made.message_id
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().strip().splitlines() == text.split("\n")
    link = "https://firm.example/p?a=1&amp;b=2"
    assert rich.get_content().splitlines()[2:5] == [
        "<p>Здравствуйте!</p>",
        "<p>&lt;b&gt;Скидка&lt;/b&gt; &amp; цена<br>",
        f'на <a href="{link}">{link}</a>.</p>',
    ]
    assert _state(made) == ("sent", "", 1)


def test_files_go_along_under_their_names(post: Post, write: Write) -> None:
    plan = GivenFile("Расчёт № 5.pdf", b"%PDF-1.7 \x00\xff plan")
    made = write(files=[plan, GivenFile("note.txt", "Привет".encode())])
    # Pressed twice with the same files it is one; without them it is another.
    assert write(files=[GivenFile("note.txt", "Привет".encode()), plan]).pk == made.pk
    assert write().pk != made.pk
    send(made.pk, now=SOON)
    (letter,) = post.taken
    came = [(one.get_filename(), one.get_content_type()) for one in letter.iter_attachments()]
    assert came == [("Расчёт № 5.pdf", "application/pdf"), ("note.txt", "text/plain")]
    first = next(iter(letter.iter_attachments()))
    assert first.get_content() == plan.content


def test_a_file_that_is_gone_is_told_and_nothing_is_sent_without_it(
    post: Post, write: Write
) -> None:
    made = write(files=[GivenFile("a.pdf", b"%PDF-1.7")])
    files.drop(made.files.get().content)
    send(made.pk, now=SOON)
    assert (_state(made), post.taken) == (("failed", "no_file", 1), [])


def test_what_is_sent_does_the_step_and_is_a_fact(
    post: Post, write: Write, cast: SimpleNamespace, buyer: Client
) -> None:
    due = MONDAY + timedelta(hours=5)
    step = set_step(kind="letter", title="", due_at=due, by=cast.see("olga"), at=MONDAY,
                    client_id=buyer.pk)  # fmt: skip
    made = write(step_id=step.pk)
    assert Step.objects.get(pk=step.pk).done_at is None
    send_waiting(now=SOON)
    assert Step.objects.get(pk=step.pk).done_at == SOON
    facts = Fact.objects.filter(kind__in=("letter.sent", "step.done")).order_by("pk")
    assert [(one.kind, one.by_id, one.at) for one in facts] == [
        ("letter.sent", cast.olga.pk, SOON), ("step.done", cast.olga.pk, SOON),
    ]  # fmt: skip
    assert facts[0].body["letter_id"] == made.pk


def test_an_address_that_nobody_has_fails_and_the_writer_hears_of_it(
    post: Post, write: Write, cast: SimpleNamespace
) -> None:
    post.refuse["buyer@client.example"] = "550 no such user"
    made = write()
    send(made.pk, now=SOON)
    assert _state(made) == ("failed", "no_such_address", 1)
    told = Notice.objects.get(kind="letter_failed")
    assert (told.person_id, told.about["letter_id"], told.about["problem"]) == (
        cast.olga.pk, made.pk, "no_such_address",
    )  # fmt: skip
    assert Fact.objects.filter(kind="letter.failed").count() == 1
    # The address was put right at the provider: the same letter goes, once.
    post.refuse.clear()
    again = SOON + timedelta(minutes=5)
    send_again(letter_id=made.pk, by=cast.see("olga"), at=again)
    send_again(letter_id=made.pk, by=cast.see("olga"), at=again)
    send_waiting(now=again)
    assert _state(made) == ("sent", "", 1)
    assert len(post.taken) == 1


def test_a_busy_server_is_asked_again_and_given_up_after_a_day(
    post: Post, write: Write
) -> None:
    post.answer = "451 try later"
    made, now = write(), SOON
    waits = []
    for _ in range(4):
        send_waiting(now=now)
        row = Letter.objects.get(pk=made.pk)
        assert (row.state, row.problem) == ("waiting", "busy")
        waits.append((row.next_at - now).total_seconds())
        send_waiting(now=now)
        now = row.next_at
    assert waits == [60, 300, 1800, 1800]
    assert Letter.objects.get(pk=made.pk).attempts == 4
    assert Sender.objects.get().problem == "busy"
    send_waiting(now=made.at + timedelta(hours=24))
    assert _state(made)[:2] == ("failed", "busy")


def test_a_server_that_falls_silent_after_the_letter_gets_it_once(
    port: int, post: Post, write: Write
) -> None:
    post.hangs_up = True
    made = write()
    send_waiting(now=SOON)
    assert _state(made) == ("failed", "unsure", 1)
    send_waiting(now=SOON + timedelta(days=1))
    assert len(post.taken) == 1


def test_a_grey_list_holds_one_letter_and_no_other(post: Post, write: Write) -> None:
    post.refuse["buyer@client.example"] = "451 grey"
    made, other = write(), write(to="other@client.example")
    send_waiting(now=SOON)
    assert (_state(made)[:2], _state(other)[0]) == (("waiting", "later"), "sent")
    assert Sender.objects.get().problem == ""


def test_who_does_not_let_us_through_is_no_wrong_address(post: Post, write: Write) -> None:
    post.refuse["buyer@client.example"] = "550 5.7.1 blocked, see the list"
    made = write()
    send_waiting(now=SOON)
    assert _state(made)[:2] == ("failed", "refused")


def test_a_wrong_password_is_not_tried_for_each_letter(
    port: int, post: Post, write: Write, cast: SimpleNamespace
) -> None:
    new = NewSender(address="sales@firm.example", password="wrong", server="127.0.0.1",
                    port=port, security="none")  # fmt: skip
    set_sender(new, by=cast.see("anna"), at=MONDAY)
    first, second = write(), write(text="Ещё")
    send_waiting(now=SOON)
    assert (_state(first), _state(second)) == (
        ("waiting", "bad_login", 1), ("waiting", "", 0),
    )  # fmt: skip
    # The right password is given: all that waits goes.
    right = NewSender(address="sales@firm.example", password=PASSWORD, server="127.0.0.1",
                      port=port, security="none")  # fmt: skip
    set_sender(right, by=cast.see("anna"), at=SOON)
    send_waiting(now=SOON)
    assert (_state(first)[0], _state(second)[0]) == ("sent", "sent")
    assert Sender.objects.get().problem == ""


def test_a_server_that_is_away_loses_nothing(
    port: int, write: Write, cast: SimpleNamespace
) -> None:
    new = NewSender(address="sales@firm.example", password=PASSWORD, server="127.0.0.1",
                    port=port, security="none")  # fmt: skip
    set_sender(new, by=cast.see("anna"), at=MONDAY)
    made = write()
    send_waiting(now=SOON)
    assert _state(made) == ("waiting", "unreachable", 1)
    with post_office(port) as post:
        send_waiting(now=SOON + timedelta(minutes=1))
    assert (_state(made)[0], len(post.taken)) == ("sent", 1)


def test_what_another_process_is_sending_is_left_alone(post: Post, write: Write) -> None:
    made = write()
    Letter.objects.filter(pk=made.pk).update(leased_until=SOON + timedelta(minutes=14))
    send_waiting(now=SOON)
    assert post.taken == []
    # It died in the midst: then the letter goes, under the same id.
    send_waiting(now=SOON + timedelta(minutes=15))
    assert [one["Message-ID"] for one in post.taken] == [made.message_id]


def test_a_clock_set_back_holds_no_letter(post: Post, write: Write) -> None:
    made = write()
    Letter.objects.filter(pk=made.pk).update(leased_until=SOON + timedelta(hours=3))
    send_waiting(now=SOON)
    assert len(post.taken) == 1


def test_the_server_must_be_who_it_says(
    port: int, write: Write, cast: SimpleNamespace, certificate: tuple[Path, Path]
) -> None:
    safe = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    safe.load_cert_chain(*certificate)
    new = NewSender(address="sales@firm.example", password=PASSWORD, server="127.0.0.1",
                    port=port, security="starttls")  # fmt: skip
    set_sender(new, by=cast.see("anna"), at=MONDAY)
    made = write()
    with post_office(port, safe=safe) as post:
        assert try_sender(by=cast.see("anna"), at=SOON)[0] == "bad_tls"
        send_waiting(now=SOON)
    assert (post.taken, post.signed_in) == ([], [])
    assert _state(made)[:2] == ("waiting", "bad_tls")


def test_trying_a_mailbox_sends_nothing(post: Post, cast: SimpleNamespace) -> None:
    assert try_sender(by=cast.see("vera"), at=SOON) == ("", "")
    assert (post.signed_in, post.taken) == (["sales@firm.example"], [])
    with pytest.raises(PermissionError):
        try_sender(by=cast.see("olga"), at=SOON)


def test_a_password_is_not_shown_by_an_error() -> None:
    server = smtp.Server(host="h", port=1, security="tls", login="l", password="tellnobody")
    assert "tellnobody" not in repr(server)
