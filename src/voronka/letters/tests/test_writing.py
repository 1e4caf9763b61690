"""Who may write to whom, and what is queued."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from conftest import MONDAY
from voronka.agenda.steps import set_step
from voronka.clients.models import Client
from voronka.deals.dealing import hand_over_deal, open_deal
from voronka.deals.models import Funnel
from voronka.foundation.errors import RefusalError
from voronka.inquiries.attachments import GivenFile
from voronka.journal.models import Fact
from voronka.letters.models import Letter
from voronka.letters.queries import letter, letters_of, writing
from voronka.letters.senders import switch
from voronka.letters.tests.smtp_beside import Post
from voronka.people.settings import change_setting

Write = Callable[..., Any]
BIG = bytes(10 * 1024 * 1024)


def test_a_letter_is_queued_once_however_often_one_presses(post: Post, write: Write) -> None:
    first = write()
    assert write(at=MONDAY + timedelta(seconds=100)).pk == first.pk
    assert write(at=MONDAY + timedelta(seconds=121)).pk != first.pk
    assert write(text="Другое").pk != first.pk
    said = Fact.objects.filter(kind="letter.written").order_by("pk").first()
    assert said is not None
    assert (said.body["to"], said.body["subject"], said.client_id, said.by_id) == (
        "buyer@client.example", "Расчёт", first.client_id, first.by_id,
    )  # fmt: skip
    assert Fact.objects.filter(kind="letter.written").count() == 3


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"text": " \n"}, "bad_letter"),
        ({"text": "x" * 50_001}, "bad_letter"),
        ({"subject": "\r\n"}, "bad_letter"),
        ({"channel": "pigeon"}, "bad_letter"),
        ({"to": "nobody"}, "bad_mail"),
        ({"to": "a@b@c.example"}, "bad_mail"),
        ({"to": "(@x.example"}, "bad_mail"),
        ({"to": "a@[1.2"}, "bad_mail"),
        ({"to": "почта@x.example"}, "bad_mail"),
        ({"text": "Здравствуйте, {имя}!"}, "unfilled"),
        ({"subject": "{Сумма}"}, "unfilled"),
        ({"channel": "message", "to": "+79161234567"}, "no_sender"),
        ({"files": [GivenFile("run.exe", b"MZ\x00")]}, "bad_attachment"),
        ({"files": [GivenFile("a.pdf", b"")]}, "bad_attachment"),
        ({"files": [GivenFile(f"{n}.pdf", b"%PDF-" + BIG) for n in "ab"]}, "bad_attachment"),
        ({"files": [GivenFile("a.pdf", b"%PDF-")] * 21}, "bad_attachment"),
    ],
)
def test_what_cannot_go_is_refused_and_nothing_is_queued(
    post: Post, write: Write, known: dict[str, Any], code: str
) -> None:
    facts = Fact.objects.count()
    with pytest.raises(RefusalError) as caught:
        write(**known)
    assert caught.value.code == code
    assert (Letter.objects.count(), Fact.objects.count()) == (0, facts)


def test_a_header_cannot_be_slipped_into_the_subject(post: Post, write: Write) -> None:
    made = write(subject="Счёт\r\nBcc: all@spam.example")
    assert made.subject == "Счёт Bcc: all@spam.example"


def test_nobody_writes_to_another_s_client(post: Post, write: Write, buyer: Client) -> None:
    with pytest.raises(ObjectDoesNotExist):
        write(by="oleg")
    with pytest.raises(ObjectDoesNotExist):
        write(by="audit")
    assert Letter.objects.count() == 0


def test_who_was_given_the_deal_writes_about_it_and_reads_what_was_written(
    post: Post, write: Write, cast: SimpleNamespace, buyer: Client, funnel: Funnel
) -> None:
    deal = open_deal(client_id=buyer.pk, title="Кресла", by=cast.see("olga"), at=MONDAY)
    write(deal_id=deal.pk)
    hand_over_deal(deal_id=deal.pk, to_id=cast.oleg.pk, by=cast.see("vera"), at=MONDAY)
    known = writing(viewer=cast.see("oleg"), client_id=buyer.pk, deal_id=deal.pk)
    assert known.deal_id == deal.pk
    made = write(deal_id=deal.pk, by="oleg", text="Теперь веду я")
    assert letter(viewer=cast.see("oleg"), letter_id=made.pk).deal == "Кресла"
    # Whose the card is reads it too, but not what another's deal is called.
    row = letter(viewer=cast.see("olga"), letter_id=made.pk)
    assert (row.sees_client, row.deal_id, row.deal) == (True, None, "")
    with pytest.raises(ObjectDoesNotExist):
        write(by="oleg")


def test_the_right_file_after_the_wrong_one_is_another_letter(post: Post, write: Write) -> None:
    wrong = write(files=[GivenFile("a.pdf", b"%PDF-1")])
    assert write(files=[GivenFile("a.pdf", b"%PDF-1")]).pk == wrong.pk
    assert write(files=[GivenFile("a.pdf", b"%PDF-2")]).pk != wrong.pk


def test_nobody_reads_what_was_written_to_another_s_client(
    post: Post, write: Write, buyer: Client, cast: SimpleNamespace
) -> None:
    write()
    n = {who: len(letters_of(viewer=cast.see(who), client_id=buyer.pk)) for who in
         ("vera", "olga", "oleg", "lev", "audit")}  # fmt: skip
    assert n == {"vera": 1, "olga": 1, "oleg": 0, "lev": 1, "audit": 1}


def test_without_a_way_out_or_in_trial_mode_nothing_is_written(
    post: Post, write: Write, cast: SimpleNamespace
) -> None:
    switch(channel="mail", is_on=False, by=cast.see("anna"), at=MONDAY)
    with pytest.raises(RefusalError) as caught:
        write()
    assert caught.value.code == "no_sender"
    switch(channel="mail", is_on=True, by=cast.see("anna"), at=MONDAY)
    change_setting(name="trial_mode", value=True, by=cast.see("vera"), at=MONDAY)
    with pytest.raises(RefusalError) as caught:
        write()
    assert caught.value.code == "outside_closed"
    assert Letter.objects.count() == 0


def test_the_page_for_writing_knows_the_deal_and_the_step_it_does(
    post: Post, cast: SimpleNamespace, buyer: Client, funnel: Funnel
) -> None:
    olga = cast.see("olga")
    deal = open_deal(
        client_id=buyer.pk, title="Кресла", by=olga, at=MONDAY, amount_kopecks=1_240_000_00
    )
    due = MONDAY + timedelta(hours=5)
    step = set_step(kind="letter", title="", due_at=due, by=cast.see("olga"), at=MONDAY,
                    deal_id=deal.pk)  # fmt: skip
    known = writing(viewer=cast.see("olga"), client_id=buyer.pk, deal_id=None)
    assert (known.deal_id, known.step_id, known.amount_kopecks) == (
        deal.pk, step.pk, 1_240_000_00,
    )  # fmt: skip
    assert [(one.channel, one.to) for one in known.recipients] == [
        ("mail", "buyer@client.example"), ("message", "+79161234567"),
    ]  # fmt: skip
    assert known.channels == ("mail",)
