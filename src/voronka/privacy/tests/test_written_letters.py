"""Erasing and telling reach what was written to a client."""

from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.foundation import files
from voronka.letters.models import Letter, LetterFile
from voronka.privacy.erasing import erase
from voronka.privacy.held import held


@pytest.fixture
def client(cast: SimpleNamespace) -> Client:
    """A client with one letter that went and one that waits, named in another's letter."""
    new = NewClient(name="Гнездилов Пётр", kind="person", mails=["pg@client.example"],
                    manager_id=cast.olga.pk)  # fmt: skip
    client = add_client(new, by=cast.see("vera"), at=MONDAY)
    other = add_client(NewClient(name="Соседи"), by=cast.see("vera"), at=MONDAY)
    for n, (whose, to, text) in enumerate(
        (
            (client, "pg@client.example", "Пётр, счёт ниже"),
            (client, "pg@client.example", "Пётр, ждём"),
            (other, "n@client.example", "Привет от Гнездилов Пётр, pg@client.example"),
        )
    ):
        Letter.objects.create(
            channel="mail", client=whose, to=to, subject="Счёт", text=text, by=cast.olga,
            at=MONDAY, next_at=MONDAY, message_id=f"<{n}@x>", 
            state=("sent", "waiting", "sent")[n],
        )  # fmt: skip
    return client


def test_what_was_written_is_told(client: Client, cast: SimpleNamespace) -> None:
    found = held(client_id=client.pk, form="page", by=cast.see("anna"), at=MONDAY)
    parts = {part.code: part.lines for part in found.parts}
    assert [(one["to"], one["text"]) for one in parts["letters"]] == [
        ("pg@client.example", "Пётр, счёт ниже"), ("pg@client.example", "Пётр, ждём"),
    ]  # fmt: skip


def test_what_was_written_is_blanked_and_what_waits_stays_here(
    client: Client, cast: SimpleNamespace
) -> None:
    erase(
        client_id=client.pk, reason="Запрос", typed=client.name, by=cast.see("anna"), at=MONDAY
    )
    rows = list(Letter.objects.order_by("pk").values_list("to", "subject", "text", "state"))
    assert rows[:2] == [("", "", "", "sent"), ("", "", "", "failed")]
    assert rows[2][0] == "n@client.example"
    assert "Гнездилов" not in rows[2][2]
    assert "pg@client.example" not in rows[2][2]


def test_what_went_along_goes_unless_another_letter_has_it_too(
    client: Client, cast: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    own, shared = files.keep(b"%PDF-1.7 own"), files.keep(b"%PDF-1.7 price list")
    first, _waiting, other = Letter.objects.order_by("pk")
    for letter, content in ((first, own), (first, shared), (other, shared)):
        LetterFile.objects.create(
            letter=letter, name="a.pdf", kind="application/pdf", size=12, content=content
        )
    anna, name = cast.see("anna"), client.name
    with django_capture_on_commit_callbacks() as later:
        erase(client_id=client.pk, reason="Запрос", typed=name, by=anna, at=MONDAY)
    for act in later:
        # The log of changes cannot be emptied inside a test's transaction.
        with suppress(OperationalError):
            act()
    assert list(LetterFile.objects.values_list("content", flat=True)) == [shared]
    assert files.read(shared) == b"%PDF-1.7 price list"
    with pytest.raises(FileNotFoundError):
        files.read(own)
