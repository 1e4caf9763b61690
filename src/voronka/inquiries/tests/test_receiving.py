"""The door: stored first, numbered at once, once each, whoever sends it how often."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, connections
from hypothesis import given, settings
from hypothesis import strategies as st

from voronka.inquiries.attachments import GivenFile, sort_files
from voronka.inquiries.models import Inquiry, Received
from voronka.inquiries.new_inquiry import NewInquiry
from voronka.inquiries.reading import READERS, UnreadError, read
from voronka.inquiries.receiving import Delivery, TooManyError, receive, whole_body
from voronka.inquiries.taking_in import drop_unread, take_in_waiting, write_unread

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sent(n: int, **more: object) -> Delivery:
    body = f'{{"name": "Имя {n}", "phone": "891200011{n:02}"}}'.encode()
    return Delivery(channel="form", shape="json", body=body, **more)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_it_is_numbered_at_the_door_and_arrives_when_it_stood_there(
    cast: SimpleNamespace,
) -> None:
    first = receive(sent(1), at=NOW)
    assert not Inquiry.objects.exists()
    assert take_in_waiting(now=NOW + timedelta(minutes=50)) == 1
    one = Inquiry.objects.get()
    assert (one.number, one.arrived_at) == (first.number, NOW)
    assert take_in_waiting(now=NOW) == 0


@pytest.mark.django_db
def test_a_clock_set_back_takes_nothing_in_before_it_came(cast: SimpleNamespace) -> None:
    receive(sent(1), at=NOW)
    take_in_waiting(now=NOW - timedelta(days=1))
    assert Inquiry.objects.get().arrived_at == NOW


@pytest.mark.django_db
def test_the_same_again_is_the_same_and_after_ten_minutes_another() -> None:
    first, again = receive(sent(1), at=NOW), receive(sent(1), at=NOW + timedelta(minutes=9))
    assert (again.number, again.is_new) == (first.number, False)
    later = receive(sent(1), at=NOW + timedelta(minutes=25))
    assert later.number == first.number + 1
    named = [receive(sent(n, external_id="a"), at=NOW + timedelta(days=n)) for n in (2, 3)]
    assert named[0].number == named[1].number


@pytest.mark.django_db
def test_long_names_that_begin_alike_are_two_deliveries() -> None:
    names = ["x" * 300 + end for end in "abab"]
    made = [receive(sent(n, external_id=name), at=NOW) for n, name in enumerate(names)]
    assert [one.is_new for one in made] == [True, True, False, False]
    assert made[0].number == made[2].number != made[1].number


@pytest.mark.django_db
def test_a_flood_is_refused_and_what_was_taken_stays() -> None:
    for n in range(5):
        receive(sent(n), at=NOW, per_minute=5)
    with pytest.raises(TooManyError):
        receive(sent(6), at=NOW + timedelta(seconds=59), per_minute=5)
    receive(sent(1), at=NOW, per_minute=5)
    receive(sent(6), at=NOW + timedelta(seconds=61), per_minute=5)
    assert Received.objects.count() == 6


@pytest.mark.django_db
def test_a_person_writes_down_what_no_machine_could_read(cast: SimpleNamespace) -> None:
    broken = Delivery(channel="mail", shape="json", body=b"{", problem="not_json")
    receipt = receive(broken, at=NOW)
    new, later = NewInquiry(channel="", name="Анна"), NOW + timedelta(hours=1)
    vera = cast.see("vera")
    made = [
        write_unread(received_id=receipt.received_id, new=new, by=vera, at=later)
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk
    assert (made[0].number, made[0].arrived_at, made[0].channel) == (
        receipt.number, NOW, "mail",
    )  # fmt: skip
    with pytest.raises(PermissionError):
        drop_unread(received_id=receipt.received_id, by=cast.see("olga"), at=later)


@pytest.mark.parametrize("error", [ZeroDivisionError, DataError, IntegrityError])
@pytest.mark.django_db
def test_one_that_fails_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(body: bytes, channel: str) -> NewInquiry:
        raise error

    monkeypatch.setitem(READERS, "form", fail)
    receive(Delivery(channel="form", shape="form", body=b"x"), at=NOW)
    receive(sent(1), at=NOW)
    assert take_in_waiting(now=NOW) == 2
    states = Received.objects.order_by("pk").values_list("state", "problem")
    assert list(states) == [("unread", "failed"), ("done", "")]


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_and_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(body: bytes, channel: str) -> NewInquiry:
        raise OperationalError

    monkeypatch.setitem(READERS, "form", fail)
    receive(Delivery(channel="form", shape="form", body=b"x"), at=NOW)
    with pytest.raises(OperationalError):
        take_in_waiting(now=NOW)
    assert Received.objects.get().state == "waiting"


@pytest.mark.django_db
def test_what_is_longer_than_a_row_is_kept_whole_beside_it() -> None:
    body = b'{"name": "' + b"x" * 300_000 + b'"}'
    receipt = receive(Delivery(channel="form", shape="json", body=body), at=NOW)
    one = Received.objects.get(pk=receipt.received_id)
    assert (len(one.body), whole_body(one)) == (256 * 1024, body)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
def test_three_doormen_and_eight_senders_make_each_once(
    cast: SimpleNamespace, in_threads: Callable[..., None]
) -> None:
    def send(sender: int) -> None:
        for n in range(20):
            own = (n * 7 + sender * 11) % 20
            receive(sent(own, external_id=f"x{own}"), at=NOW)

    def take(_sender: int) -> None:
        for _ in range(20):
            take_in_waiting(now=NOW)

    in_threads([lambda n=n: send(n) for n in range(8)] + [lambda: take(0) for _ in range(3)])
    take_in_waiting(now=NOW)
    assert Inquiry.objects.count() == Received.objects.filter(state="done").count() == 20
    numbers = set(Inquiry.objects.values_list("number", flat=True))
    assert numbers == set(Received.objects.values_list("number", flat=True))


@pytest.fixture
def in_threads() -> Callable[[list[Callable[[], None]]], None]:
    """Run acts at the same time, each with a connection of its own."""

    def run(acts: list[Callable[[], None]]) -> None:
        def closed(act: Callable[[], None]) -> None:
            try:
                act()
            finally:
                connections.close_all()

        threads = [Thread(target=closed, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    return run


@settings(max_examples=300, deadline=None)
@given(shape=st.sampled_from(["json", "form"]), body=st.binary(max_size=300))
def test_whatever_bytes_come_a_reader_reads_them_or_says_why(shape: str, body: bytes) -> None:
    with suppress(UnreadError):
        assert read(shape, body, "form").channel == "form"


def test_files_are_told_by_their_bytes_and_held_to_a_size() -> None:
    docx = b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml" + b"\0" * 40
    macros = docx + b"word/vbaProject.bin"
    given_files = [
        GivenFile("a.docx", docx), GivenFile("b.docx", macros),
        GivenFile("c.zip", b"PK\x03\x04"), GivenFile("d.svg", b"plain"),
        GivenFile("e.pdf", b"%PDF" + b"-" * (15 << 20)),
        GivenFile("x\x00\u202egpj.exe", b"MZ\x90\x00"),
    ]  # fmt: skip
    found = sort_files(given_files)
    assert [one.problem for one in found] == [
        "", "bad_kind", "bad_kind", "bad_kind", "too_big", "bad_kind",
    ]  # fmt: skip
    assert found[-1].name == "xgpj.exe"
