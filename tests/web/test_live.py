"""The live stream: news to whom it is for, nothing without a ticket, an end for who left."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser

from voronka.people.models import Person
from voronka.people.notices import tell
from voronka.web.live import stream as live

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
