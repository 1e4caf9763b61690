"""Pressed by several at the same moment, a letter goes once."""

from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client
from voronka.deals.dealing import hand_over_deal, open_deal
from voronka.deals.models import Funnel
from voronka.letters.models import Letter
from voronka.letters.senders import NewSender, set_sender
from voronka.letters.writing import NewLetter, write_letter

PRESSES = 8


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["olga", "oleg"])
def test_eight_presses_at_once_are_one_letter(
    cast: SimpleNamespace, funnel: Funnel, who: str
) -> None:
    sender = NewSender(address="sales@yandex.ru", password="secret")
    set_sender(sender, by=cast.see("anna"), at=MONDAY)
    new = NewClient(name="Ромашка", mails=["b@client.example"], manager_id=cast.olga.pk)
    client = add_client(new, by=cast.see("vera"), at=MONDAY)
    deal = open_deal(client_id=client.pk, title="Кресла", by=cast.see("olga"), at=MONDAY)
    if who == "oleg":
        # He has the deal, and not the card.
        hand_over_deal(deal_id=deal.pk, to_id=cast.oleg.pk, by=cast.see("vera"), at=MONDAY)
    by, together = cast.see(who), Barrier(PRESSES)
    letter = NewLetter(
        channel="mail", client_id=client.pk, deal_id=deal.pk, to="b@client.example",
        subject="Счёт", text="Ниже",
    )  # fmt: skip

    def press() -> None:
        try:
            together.wait(timeout=20)
            write_letter(letter, by=by, at=MONDAY)
        finally:
            connections.close_all()

    threads = [Thread(target=press) for _ in range(PRESSES)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert Letter.objects.count() == 1
