"""Many inquiries at the same moment: each has its number, none is lost, none is there twice."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.people.viewers import SYSTEM

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENDERS = 8


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_eight_senders_of_the_same_thirty_lose_none_and_double_none() -> None:
    together, numbers = Barrier(SENDERS), []

    def send(sender: int) -> None:
        try:
            together.wait(timeout=20)
            for n in range(30):
                own = (n * 7 + sender * 11) % 30
                new = NewInquiry(channel="form", text=f"Вопрос {own}", external_id=f"x{own}")
                numbers.append(register_inquiry(new, by=SYSTEM, at=NOW).number)
        finally:
            connections.close_all()

    threads = [Thread(target=send, args=(n,)) for n in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(numbers) == SENDERS * 30
    assert Inquiry.objects.count() == 30
    assert sorted(set(numbers)) == sorted(Inquiry.objects.values_list("number", flat=True))
