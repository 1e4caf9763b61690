"""Erasing reaches what was received at the door, and the files that came along."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from voronka.calls.models import Call, CallNote, Recording
from voronka.calls.sound.keeping import keep_sound
from voronka.calls.sound.kept_sound import Sound
from voronka.calls.sound.notes import note_call
from voronka.clients.models import Client
from voronka.foundation import files
from voronka.inquiries.attachments import GivenFile
from voronka.inquiries.models import Inquiry, Received, ReceivedFile
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_in_waiting
from voronka.journal.models import Fact
from voronka.people.models import Notice
from voronka.privacy.erasing import erase
from voronka.privacy.held import held

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


@pytest.mark.django_db
def test_recordings_and_notes_of_the_calls_go_and_their_files(
    cast: SimpleNamespace,
    make_client: Callable[..., Client],
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = make_client("Гнездилов Пётр", phones=["+7 912 345-67-89"])
    theirs, others = (
        Call.objects.create(
            started_at=NOW, direction="in", phone=phone, client=whose, is_answered=True,
            talk_seconds=30, manager=cast.olga,
        )
        for phone, whose in (("+79123456789", client), ("+79000000001", None))
    )  # fmt: skip
    by = cast.see("vera")
    for call in (theirs, others):
        row = Recording.objects.create(call=call, next_try_at=NOW)
        sound = Sound(b"fLaC %6d" % call.pk, 30, 2, b"\x01" * 480)
        keep_sound(row, sound, place=f"{call.phone}.wav", at=NOW)
        note_call(call_id=call.pk, second=3, text="Гнездилов Пётр молчит", by=by, at=NOW)
    held_now = {part.code: part.lines for part in held(
        client_id=client.pk, form="screen", by=cast.see("anna"), at=NOW
    ).parts}  # fmt: skip
    assert held_now["recordings"] == [{"seconds": 30, "size": 11, "started_at": NOW}]
    assert held_now["call_notes"][0]["text"] == "Гнездилов Пётр молчит"
    kept = Recording.objects.get(call=others).content
    with django_capture_on_commit_callbacks() as later:
        erase(
            client_id=client.pk, reason="Запрос", typed=client.name, by=cast.see("anna"), at=NOW
        )
    for act in later:
        with suppress(OperationalError):
            act()
    gone = Recording.objects.get(call=theirs)
    assert (gone.state, gone.content, gone.place, gone.seconds) == ("purged", "", "", 30)
    assert bytes(gone.peaks) == b""
    assert [path.name for path in files.folder().glob("*/*")] == [kept]
    assert list(CallNote.objects.values_list("call_id", flat=True)) == [others.pk]
    assert "Гнездилов" not in CallNote.objects.get().text
    said = Fact.objects.filter(kind="call.noted").values_list("body", flat=True)
    assert not any("Гнездилов" in body["text"] for body in said)
