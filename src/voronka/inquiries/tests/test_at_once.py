"""Many at the same moment: each has its number, none is lost, none is there twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from voronka.clients.models import Client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.people.viewers import SYSTEM

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENDERS = 8


def at_once(act: Callable[[int], None]) -> None:
    """Run an act in eight threads that begin together."""
    together = Barrier(SENDERS)

    def run(sender: int) -> None:
        try:
            together.wait(timeout=20)
            act(sender)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_eight_senders_of_the_same_thirty_lose_none_and_double_none() -> None:
    numbers = []

    def send(sender: int) -> None:
        for n in range(30):
            own = (n * 7 + sender * 11) % 30
            new = NewInquiry(channel="form", text=f"Вопрос {own}", external_id=f"x{own}")
            numbers.append(register_inquiry(new, by=SYSTEM, at=NOW).number)

    at_once(send)
    assert len(numbers) == SENDERS * 30
    assert Inquiry.objects.count() == 30
    assert sorted(set(numbers)) == sorted(Inquiry.objects.values_list("number", flat=True))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_eight_who_open_deals_at_once_have_a_number_each(
    cast: SimpleNamespace, funnel: Funnel, make_client: Callable[..., Client]
) -> None:
    client, by = make_client(), cast.see("olga")

    def send(sender: int) -> None:
        for n in range(10):
            open_deal(client_id=client.pk, title=f"{sender}/{n}", by=by, at=NOW)

    at_once(send)
    numbers = Deal.objects.values_list("number", flat=True)
    assert len(set(numbers)) == SENDERS * 10
