"""In Chromium, with a real exchange: from a missed call to the talk that made it good."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.exchange.conftest import PBX, ROOT, pbx, run_folder

pytestmark = pytest.mark.browser
ANSWERING = (
    "import asyncio,runpy;m=runpy.run_path({!r});asyncio.run(m['carrier']('answers').end())"
)
DESK_CALL = "#mine a.btn[href^='tel:']"
SLIP = "#slips .slip:has-text('Пропустили и не перезвонили')"


@dataclass
class Served:
    """Where the department is served, and its data folder."""

    address: str
    home: Path

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the database beside the running server."""
        base = self.home / "voronka.sqlite3"
        with sqlite3.connect(f"file:{base}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def served(exchange: None, tmp_path: Path) -> Iterator[Served]:
    """A department joined to the exchange."""
    if not shutil.which("chromium"):
        pytest.skip("NO CHROMIUM: apt-get install chromium")
    home = tmp_path / "office"
    home.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    script = Path(__file__).with_name("serve_office.py")
    server = subprocess.Popen(
        [sys.executable, str(script), str(home), str(port), str(run_folder())],
        env=clean | {"PYTHONPATH": str(ROOT / "src")},
    )
    made = Served(f"http://127.0.0.1:{port}", home)
    try:
        _wait_for(f"{made.address}/signin/")
        yield made
    finally:
        server.kill()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(address)


Opened = Callable[[str, str], Page]


@pytest.fixture
def opened(served: Served, chromium: Browser) -> Iterator[Opened]:
    """A page of whoever has an extension, open and listening; one browser for each."""
    sessions = json.loads((served.home / "sessions.json").read_text())
    contexts = []

    def page_of(extension: str, address: str) -> Page:
        context = chromium.new_context(locale="ru")
        contexts.append(context)
        cookie = {"name": "sessionid", "value": sessions[extension], "url": served.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        with page.expect_response("**/live/ticket/"):
            page.goto(f"{served.address}{address}")
        page.wait_for_timeout(800)
        page.evaluate("window.isSame = true")
        return page

    yield page_of
    for context in contexts:
        context.close()


def test_a_missed_call_is_called_back_heard_and_followed_by_a_quote(
    served: Served, opened: Opened
) -> None:
    desk, head = opened("101", "/"), opened("100", "/")
    client = threading.Thread(target=pbx, args=("call", "inbound_missed"))
    client.start()
    desk.wait_for_selector(".popup:has-text('ООО «Гармония»')", timeout=15_000)
    desk.wait_for_selector(".popup", state="detached", timeout=15_000)
    desk.wait_for_selector(DESK_CALL, timeout=5_000)
    assert "Перезвонить: ООО «Гармония»" in desk.inner_text("#mine")
    desk.wait_for_selector("#desk-head:has-text('сегодня 1 дело')", timeout=5_000)
    client.join()
    # Nobody rings in time: the watch looks once a minute, and the head's page shows it.
    head.wait_for_selector(SLIP, timeout=90_000)
    _figure_is_the_list(head)
    _talk_ten_seconds(desk)
    # The desk, never loaded anew, forgets the call-back by itself, and so does the head's.
    desk.wait_for_selector(DESK_CALL, state="detached", timeout=10_000)
    desk.wait_for_selector("#desk-head:has-text('сегодня 0 дел')", timeout=5_000)
    head.wait_for_selector(SLIP, state="detached", timeout=90_000)
    _figure_is_the_list(head)
    assert [page.evaluate("window.isSame") for page in (desk, head)] == [True, True]
    closed = served.ask("SELECT how, closed_by_id, wait_seconds FROM calls_callback")
    assert [how for how, *_ in closed] == ["we"]
    _hear_and_promise_a_quote(served, desk, closed[0][1])
    _one_missed_and_rung_back(served, head, closed[0][2])


def _figure_is_the_list(head: Page) -> None:
    """The figure at the top of the head's desk follows the list below it."""
    found = re.search(r"(\d+) огрех", head.inner_text("#risk-now"))
    assert found
    assert int(found[1]) == head.locator("#slips .slip").count()


def _one_missed_and_rung_back(served: Served, head: Page, wait_seconds: int) -> None:
    head.goto(f"{served.address}/calls/")
    missed = head.locator(".figure", has=head.get_by_role("heading", name="Пропущено"))
    assert missed.locator(".figure-value").inner_text() == "1"
    shown = missed.inner_text().replace("\u00a0", " ")
    assert "всем перезвонили" in shown
    minutes = wait_seconds // 60
    told = f"перезвон, медиана {minutes} мин" if minutes else "перезвон, медиана"
    assert told in shown
    assert served.ask("SELECT count(*) FROM calls_call") == [(2,)]
    rule = "SELECT how FROM control_slip WHERE rule = 'missed_call'"
    assert served.ask(rule) == [("evidence",)]


def _talk_ten_seconds(desk: Page) -> None:
    """Click to call, take the own telephone up, talk with who answers, hang up."""
    answering = subprocess.Popen(
        [sys.executable, "-c", ANSWERING.format(str(PBX))],
        env=os.environ | {"PBX_RUN": str(run_folder())},
    )
    time.sleep(1)
    desk.click(DESK_CALL)
    desk.wait_for_selector(".toast:has-text('зазвонит')", timeout=6_000)
    time.sleep(1.5)
    pbx("phone", "101", "accept")
    time.sleep(11.5)
    pbx("phone", "101", "hangup")
    answering.wait(timeout=90)


def _hear_and_promise_a_quote(served: Served, desk: Page, call_id: int) -> None:
    for _ in range(40):
        if served.ask("SELECT state FROM calls_recording") == [("stored",)]:
            break
        time.sleep(0.5)
    desk.goto(f"{served.address}/calls/{call_id}/")
    sound = desk.request.get(f"{served.address}/calls/{call_id}/sound/")
    assert (sound.status, sound.headers["content-type"]) == (200, "audio/flac")
    seconds = served.ask("SELECT seconds FROM calls_recording")[0][0]
    assert 9 <= seconds <= 13
    desk.click("label:has(input[name='kind'][value='quote'])")
    desk.fill("textarea[name='summary']", "Ждёт расчёт завтра")
    desk.click("form[data-after-talk] button[type='submit']")
    desk.wait_for_load_state()
    steps = "SELECT kind FROM agenda_step WHERE done_at IS NULL AND cancelled_at IS NULL"
    assert ("quote",) in served.ask(steps)
