"""A recording played in Chromium: from the place that was chosen, by mouse and keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


def at(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def until(page: Page, is_so: str) -> None:
    """Wait until the player says so; the page itself lets nobody evaluate a text."""
    for _ in range(100):
        if page.locator("audio").evaluate(f"audio => {is_so}"):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not within ten seconds: {is_so}")


def keys_move(page: Page) -> None:
    """Go to the beginning, stop, and go five seconds on."""
    wave = page.locator("[data-wave]")
    wave.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    until(page, "audio.paused && !audio.seeking")
    begun = at(page)
    assert begun < 3
    page.keyboard.press("ArrowRight")
    until(page, "!audio.seeking")
    assert abs(at(page) - begun - 5) < 0.2
    assert wave.get_attribute("aria-valuenow") == str(int(at(page)))


def test_it_plays_from_where_one_pressed_and_that_is_one_fact(site: Site, enter: Enter) -> None:
    ((call, seconds),) = site.ask(
        "SELECT call_id, seconds FROM calls_recording WHERE state = 'stored' AND seconds > 20"
        " ORDER BY seconds DESC LIMIT 1"
    )
    page = enter("head")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/sound/" in one.url else None)
    page.goto(f"{site.address}/calls/{call}/")
    box = page.locator("[data-wave]").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    assert asked == []
    page.locator("[data-play]").click()
    until(page, f"audio.currentTime > {seconds / 2 + 0.5}")
    assert page.locator("[data-play]").get_attribute("aria-pressed") == "true"
    page.locator("[data-speed='2']").click()
    until(page, "audio.playbackRate === 2")
    keys_move(page)
    page.fill("[data-note]", "Здесь торг")
    page.locator("form:has([data-note]) button").click()
    expect(page.locator(".said", has_text="Здесь торг")).to_have_count(1)
    heard = site.ask(
        "SELECT json_extract(body, '$.from_second') FROM journal_fact"
        f" WHERE kind = 'call.listened' AND \"case\" = 'call:{call}'"
    )
    # Where one pressed, to the second.
    assert len(heard) == 1
    assert abs(heard[0][0] - seconds / 2) <= 1


def test_without_scripts_the_browsers_own_controls_play(site: Site, enter: Enter) -> None:
    ((call,),) = site.ask("SELECT max(call_id) FROM calls_recording WHERE state = 'stored'")
    signed = enter("head").context.storage_state()
    browser = enter("head").context.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False, storage_state=signed)
    page = plain.new_page()
    page.goto(f"{site.address}/calls/{call}/")
    audio = page.locator("audio[controls]")
    expect(audio).to_be_visible()
    answer = page.request.get(f"{site.address}{audio.get_attribute('src')}")
    assert (answer.status, answer.body()[:4]) == (200, b"fLaC")
    plain.close()
