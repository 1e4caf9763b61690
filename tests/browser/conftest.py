"""A real server in a process of its own, and Chromium before it."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

ROLES = {"head": 0, "manager": 1, "administrator": 2}


@dataclass(frozen=True)
class Site:
    """Where the server listens, and its database for a look behind."""

    address: str
    base: Path

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the database beside the running server."""
        with sqlite3.connect(f"file:{self.base}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not shutil.which("chromium"):
        pytest.skip("NO CHROMIUM: apt-get install chromium")
    with served("serve.py", tmp_path_factory.mktemp("home")) as started:
        yield started


@contextmanager
def served(name: str, home: Path, *more: str) -> Iterator[Site]:
    """Start a script of this folder that serves `home`, in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).with_name(name)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    server = subprocess.Popen(
        [sys.executable, str(script), str(home), str(port), *more],
        env=clean | {"PYTHONPATH": str(script.parents[2] / "src")},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield Site(address, home / "voronka.sqlite3")
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if server.poll() is not None:
            pytest.fail("the server did not start")
        try:
            urllib.request.urlopen(f"{address}/signin/", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not answer within 80 s")


@pytest.fixture
def enter(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Enter with one press as head, manager or administrator."""
    opened = []

    def made(role: str, *, width: int = 1440, theme: Any = "light") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale="ru"
        )
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site.address}/signin/")
        page.locator("button.role").nth(ROLES[role]).click()
        page.wait_for_url(f"{site.address}/")
        return page

    yield made
    for context in opened:
        context.close()
