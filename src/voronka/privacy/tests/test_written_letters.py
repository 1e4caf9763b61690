"""Erasing and telling reach what was written to a client."""

from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client
from voronka.clients.models import Client
from voronka.letters.models import Letter
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
