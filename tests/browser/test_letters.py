"""A letter written in Chromium by a template, brought by a real server; its step is done."""

import socket
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, served
from voronka.letters.tests.smtp_beside import Post, post_office

pytestmark = pytest.mark.browser
SECONDS = 20


@pytest.fixture
def post_port() -> int:
    """A free port for the post office."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def post(post_port: int) -> Iterator[Post]:
    with post_office(post_port) as office:
        yield office


@pytest.fixture
def firm(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, post: Post, post_port: int
) -> Iterator[tuple[Site, Page]]:
    """Olga's browser at a firm whose letters go to that post office."""
    home = tmp_path_factory.mktemp("writing")
    with served("writing.py", home, str(post_port)) as site:
        context = chromium.new_context(locale="ru")
        session = (home / "session").read_text()
        context.add_cookies([{"name": "sessionid", "value": session, "url": site.address}])
        yield site, context.new_page()
        context.close()


def test_a_promised_letter_is_written_in_three_presses_and_its_step_is_done(
    firm: tuple[Site, Page], post: Post
) -> None:
    site, page = firm
    page.goto(f"{site.address}/deals/1/")
    page.get_by_role("link", name="Написать сейчас").click()
    page.get_by_label("Шаблон").select_option(label="Отправляем расчёт")
    text = page.get_by_label("Текст")
    expect(text).to_have_value(
        "Здравствуйте, Пётр Иванов!\n\nРасчёт по «Склад»: 1 240 000 ₽. Цена держится пять "
        "рабочих дней.\n\nЧто войдёт в заказ:\n\n— \n\nОтвечу на вопросы сегодня до конца дня."
        "\n\nОльга\nСевер"
    )
    text.fill("Пётр, расчёт ниже.\n\n<script>alert(1)</script>")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Уходит: pi@les.example")).to_be_visible()
    until = time.monotonic() + SECONDS
    while not site.ask("SELECT 1 FROM agenda_step WHERE done_at IS NOT NULL"):
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    came_as_written(post)
    page.reload()
    expect(page.get_by_text("Письмо ушло")).to_be_visible()
    page.get_by_role("link", name="Письмо клиенту").click()
    expect(page.get_by_text("Сервер принял")).to_be_visible()
    # What looks like a tag is read, not run.
    expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()


def came_as_written(post: Post) -> None:
    (letter,) = post.taken
    assert letter["Subject"] == "Расчёт: Склад, 1 240 000 ₽"
    assert str(letter["From"]) == '"Ольга, Север" <sales@firm.example>'
    rich = letter.get_body(("html",))
    assert rich is not None
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in rich.get_content()
