"""Erasing reaches what was received at the door, and the files that came along."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from voronka.clients.models import Client
from voronka.foundation import files
from voronka.inquiries.attachments import GivenFile
from voronka.inquiries.models import Inquiry, Received, ReceivedFile
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_in_waiting
from voronka.people.models import Notice
from voronka.privacy.erasing import erase

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_the_raw_input_its_files_and_its_notices_go_and_the_number_stays(
    cast: SimpleNamespace,
    make_client: Callable[..., Client],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = make_client("Гнездилов Пётр", phones=["+7 912 345-67-89"])
    body = '{"name": "Гнездилов", "phone": "8 (912) 345-67-89", "text": "Окна"}'.encode()
    plan = GivenFile("гнездилов.pdf", b"%PDF-1.7 plan")
    receive(Delivery(channel="form", shape="json", body=body, files=[plan]), at=NOW)
    broken = Delivery(channel="form", shape="json", body=body[:-1], problem="not_json")
    receive(broken, at=NOW)
    other = Delivery(channel="form", shape="json", body=b'{"name": "Other"}')
    receive(other, at=NOW)
    take_in_waiting(now=NOW)
    inquiry = Inquiry.objects.get(client=client)
    kept = ReceivedFile.objects.get().content
    assert Notice.objects.get().about["who"]
    Inquiry.objects.filter(pk=inquiry.pk).update(state="not_targeted")
    by, name = cast.see("anna"), client.name
    with django_capture_on_commit_callbacks() as later:
        erase(client_id=client.pk, reason="Запрос", typed=name, by=by, at=NOW)
    for act in later:
        # The log of changes cannot be emptied inside a test's transaction.
        with suppress(OperationalError):
            act()
    left = b"".join(bytes(one.body) for one in Received.objects.all())
    assert left == b'{"name": "Other"}'
    assert Received.objects.count() == 3
    assert not ReceivedFile.objects.exists()
    assert not (files.folder() / kept[:2] / kept).exists()
    assert Notice.objects.get().about["who"] == ""
    assert Received.objects.get(inquiry=inquiry).number == inquiry.number
