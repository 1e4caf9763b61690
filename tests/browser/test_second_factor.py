"""The second factor from the first day: set on the page, asked for at the next sign-in."""

import base64
import hmac
import os
import re
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MAIL, PASSWORD = "anna@firm.example", "длинный и свой пароль"
PERIOD = 30


@pytest.fixture
def first_link(tmp_path: Path) -> Iterator[str]:
    """Start a real, empty installation; give the link of its first run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    source = Path(__file__).resolve().parents[2] / "src"
    own = {k: v for k, v in os.environ.items() if not k.startswith(("VORONKA", "DJANGO"))}
    own |= {"VORONKA_HOME": str(tmp_path), "PYTHONPATH": str(source)}
    command = [sys.executable, "-m", "voronka.config.cli", "start", "--port", str(port)]
    with subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            lines = iter(server.stdout.readline, "")
            said = next(line for line in lines if "/start/" in line)
            _wait(port)
            yield said.strip()
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not answer within 20 s")


def code_of(secret: str) -> str:
    """Reckon the code as a phone does (RFC 6238), early enough in its half-minute."""
    if (left := PERIOD - time.time() % PERIOD) < 5:
        time.sleep(left)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time() // PERIOD)), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_the_administrator_signs_in_with_a_code_from_the_first_day(
    first_link: str, chromium: Browser
) -> None:
    context = chromium.new_context(locale="ru")
    page = context.new_page()
    site = first_link.split("/start/")[0]
    _first_run(page, first_link)
    # Without the second factor there is no way into the base.
    for address in ("/", "/clients/", "/settings/"):
        page.goto(site + address)
        assert "/account/" in page.url, address
    secret = _set_second_factor(page, site)
    code = _sign_in(page, site, secret)
    page.goto(f"{site}/settings/")
    assert page.url == f"{site}/settings/"
    # A code that was seen over the shoulder does not work again.
    _sign_out(page, site)
    _give_password(page, site)
    assert _refused(page, code)
    page.goto(f"{site}/settings/")
    assert "/signin/" in page.url
    context.close()


def _first_run(page: Page, link: str) -> None:
    page.goto(link)
    for name, value in (("name", "Анна"), ("email", MAIL), ("password", PASSWORD)):
        page.locator(f'input[name="{name}"]').fill(value)
    _send(page)


def _set_second_factor(page: Page, site: str) -> str:
    page.goto(f"{site}/account/second-factor/")
    if page.locator('input[name="password"]').count():
        page.locator('input[name="password"]').fill(PASSWORD)
        _send(page)
    secret = page.locator("code").first.inner_text()
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    good = code_of(secret)
    page.locator('input[name="code"]').fill(_wrong(good))
    _send(page)
    assert page.locator('[role="alert"]').count() == 1
    secret = page.locator("code").first.inner_text()
    page.locator('input[name="code"]').fill(code_of(secret))
    _send(page)
    page.goto(f"{site}/settings/")
    assert page.url == f"{site}/settings/"
    return secret


def _sign_in(page: Page, site: str, secret: str) -> str:
    _sign_out(page, site)
    _give_password(page, site)
    assert page.url.startswith(f"{site}/signin/code/")
    assert _refused(page, _wrong(code_of(secret)))
    page.goto(f"{site}/settings/")
    assert "/signin/" in page.url
    page.goto(f"{site}/signin/code/")
    code = code_of(secret)
    page.locator('input[name="code"]').fill(code)
    _send(page)
    return code


def _sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/account/")
    page.locator('form[action="/signout/"] button').first.click()
    page.wait_for_url("**/signin/**")


def _give_password(page: Page, site: str) -> None:
    page.goto(f"{site}/signin/")
    page.locator('input[name="login"]').fill(MAIL)
    page.locator('input[name="password"]').fill(PASSWORD)
    _send(page)


def _refused(page: Page, code: str) -> bool:
    page.locator('input[name="code"]').fill(code)
    _send(page)
    return page.locator('[role="alert"]').count() == 1


def _wrong(code: str) -> str:
    return f"{(int(code) + 111_111) % 1_000_000:06}"


def _send(page: Page) -> None:
    page.locator('form button[type="submit"]').first.click()
    page.wait_for_load_state()
