"""The live stream: news to whom it is for, nothing without a ticket, an end for who left."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client as Browser

from voronka.journal.models import Fact, PurgePermit
from voronka.people.models import Person
from voronka.people.notices import tell
from voronka.web.live import stream as live
from voronka.web.live.happenings import Happenings

EVENTS = ("slips", "inquiries", "tasks", "call_backs")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def listened(shown: str, seconds: float, meanwhile: Any = None) -> tuple[int, str, bool]:
    """Listen for a while; give the status, all that was heard, and whether it ended."""
    heard: list[dict[str, Any]] = []

    async def listen() -> None:
        gone = asyncio.Event()

        async def receive() -> dict[str, str]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            heard.append(message)

        scope = {"query_string": f"ticket={shown}".encode()}
        task = asyncio.ensure_future(live.stream(scope, receive, send))
        await asyncio.sleep(seconds / 3)
        if meanwhile:
            await asyncio.to_thread(_apart, meanwhile)
        await asyncio.sleep(seconds)
        gone.set()
        await task
        await asyncio.sleep(0.6)

    # In a thread of its own: another test of this process may have left a loop running here.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(listen())).result()
    said = b"".join(one.get("body", b"") for one in heard[1:]).decode()
    ended = len(heard) > 1 and not heard[-1].get("more_body", False)
    return heard[0]["status"], said, ended


def _apart(act: Callable[[], None]) -> None:
    """Act in a thread whose connection is closed after it."""
    try:
        act()
    finally:
        connections.close_all()


@pytest.fixture(autouse=True)
def _own_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HUB", live.Hub())


def test_nobody_listens_without_a_ticket() -> None:
    for shown in ("", "x", live.ticket(1) + "x"):
        assert listened(shown, 0.1)[0] == 403


@pytest.mark.django_db(transaction=True)
def test_news_come_to_whom_they_are_for(cast: SimpleNamespace) -> None:
    def news() -> None:
        tell(person_id=cast.oleg.pk, kind="inquiry", about={}, at=NOW)
        tell(person_id=cast.olga.pk, kind="call", about={}, at=NOW)

    status, said, ended = listened(live.ticket(cast.olga.pk), 1.2, news)
    assert (status, ended) == (200, False)
    assert said.count("event: call") == 1
    assert "inquiry" not in said
    assert 'event: hello\ndata: {"unseen": 0}' in said


@pytest.mark.django_db(transaction=True)
def test_news_of_this_process_wait_for_no_look(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def news() -> None:
        tell(person_id=cast.olga.pk, kind="call", about={}, at=NOW)

    monkeypatch.setattr(live, "LOOK_SECONDS", 2.0)
    _, said, _ = listened(live.ticket(cast.olga.pk), 0.9, news)
    assert said.count("event: call") == 1


@pytest.mark.django_db(transaction=True)
def test_who_left_hears_no_more(cast: SimpleNamespace) -> None:
    def leave() -> None:
        Person.objects.filter(pk=cast.olga.pk).update(is_active=False)

    status, _said, ended = listened(live.ticket(cast.olga.pk), 1.2, leave)
    assert (status, ended) == (200, True)


@pytest.mark.django_db
def test_a_page_gets_its_ticket_and_the_bell_its_list(
    cast: SimpleNamespace, enter: Any
) -> None:
    tell(person_id=cast.olga.pk, kind="inquiry", at=NOW,
         about={"id": 1, "number": 7, "who": "Анна", "channel": "form"})  # fmt: skip
    browser: Browser = enter("olga")
    assert live.holder(browser.get("/live/ticket/").json()["ticket"]) == cast.olga.pk
    assert "Анна" in browser.get("/notices/").content.decode()
    assert "is-new" in browser.get("/notices/").content.decode()
    browser.post("/notices/seen/")
    assert "is-new" not in browser.get("/notices/").content.decode()
    assert enter("oleg").get("/notices/").content.decode().count("Анна") == 0


def _fact(kind: str, owner_id: int | None) -> None:
    Fact.objects.create(at=NOW, kind=kind, case="inquiry:1", owner_id=owner_id)


@pytest.mark.django_db
def test_what_happened_is_told_silently_to_those_within_reach(cast: SimpleNamespace) -> None:
    _fact("slip.opened", cast.olga.pk)
    viewers = {getattr(cast, who).pk: cast.see(who) for who in ("vera", "lev", "olga", "oleg")}
    watch = Happenings()
    assert watch.fresh(viewers) == []
    _fact("slip.closed", cast.olga.pk)
    _fact("slip.opened", cast.olga.pk)
    _fact("client.opened", cast.oleg.pk)
    heads = [(cast.vera.pk, "slips"), (cast.lev.pk, "slips")]
    assert watch.fresh(viewers) == sorted([*heads, (cast.olga.pk, "slips")])
    assert watch.fresh(viewers) == []
    _fact("slip.opened", None)
    assert watch.fresh(viewers) == [(cast.vera.pk, "slips")]
    _fact("inquiry.registered", None)
    assert watch.fresh(viewers) == sorted((pk, "inquiries") for pk in viewers)
    for kind, event in (("call_back.closed", "call_backs"), ("step.done", "tasks")):
        _fact(kind, cast.olga.pk)
        assert watch.fresh(viewers) == sorted(
            (getattr(cast, who).pk, event) for who in ("vera", "lev", "olga")
        )


@pytest.mark.django_db
def test_after_a_flood_all_hear_of_everything_and_then_of_what_is_new(
    cast: SimpleNamespace,
) -> None:
    watch, viewers = Happenings(), {cast.olga.pk: cast.see("olga")}
    facts = [Fact(at=NOW, kind="call.ended", case="call:1") for _ in range(2300)]
    Fact.objects.bulk_create(facts)
    everything = [(cast.olga.pk, what) for what in EVENTS]
    assert watch.fresh(viewers) == everything
    assert watch.fresh(viewers) == []
    _fact("inquiry.answered", cast.olga.pk)
    assert watch.fresh(viewers) == [(cast.olga.pk, "inquiries")]


@pytest.fixture
def facts_go() -> Iterator[None]:
    """Take the facts away by the permit: the flush after the test could not."""
    yield
    with transaction.atomic():
        permit = PurgePermit.objects.create(reason="a test")
        Fact.objects.all().delete()
        permit.delete()


@pytest.mark.usefixtures("transactional_db", "facts_go")
def test_an_open_page_hears_of_a_slip_that_closed(cast: SimpleNamespace) -> None:
    def close() -> None:
        _fact("slip.closed", cast.olga.pk)

    for who, times in (("vera", 1), ("olga", 1), ("oleg", 0)):
        live.HUB = live.Hub()
        _, said, _ = listened(live.ticket(getattr(cast, who).pk), 1.2, close)
        assert said.count("event: slips") == times
