"""A visitor's form on the right desk at once, with its reason, while the page is open."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]


def test_a_visitors_form_is_on_the_right_desk_while_the_page_is_open(
    site: Site, enter: Enter, chromium: Browser
) -> None:
    desk = enter("manager")
    ((person,),) = site.ask(
        "SELECT id FROM people_person WHERE role = 'manager' AND is_active ORDER BY id LIMIT 1"
    )
    ((client, phone),) = site.ask(
        "SELECT c.name, p.e164 FROM clients_client c JOIN clients_phone p ON p.client_id = c.id"
        f" WHERE c.manager_id = {person} AND c.removed_at IS NULL ORDER BY c.id LIMIT 1"
    )
    with desk.expect_response("**/live/ticket/"):
        desk.reload()
    desk.wait_for_timeout(700)
    visitor = chromium.new_context(locale="ru").new_page()
    visitor.goto(f"{site.address}/form/demo/?product=Окна&utm_source=yandex")
    visitor.wait_for_timeout(2200)
    visitor.fill("#name", "Анна Посетитель")
    visitor.fill("#phone", phone)
    visitor.fill("#text", "Нужны окна в школу, перезвоните")
    visitor.check("input[name=consent]")
    visitor.click("button[type=submit]")
    desk.wait_for_selector(".notice-toast")
    toast = desk.locator(".notice-toast").first
    assert client.split()[-1].strip('«»"') in toast.inner_text()
    assert "Клиент этого менеджера" in toast.inner_text()
    desk.locator("#mine").get_by_text(client).first.wait_for()
    assert "Номер обращения" in visitor.content()
    toast.locator("a").click()
    desk.wait_for_url("**/inquiries/*/")
    assert desk.get_by_text("Нужны окна в школу").count()
    assert desk.get_by_text("yandex").count()


@pytest.fixture
def firms_page(site: Site) -> Iterator[str]:
    """The firm's own page on an origin of its own, with the one line put into it."""
    body = (
        "<!doctype html><title>Окна</title><main>"
        f'<script src="{site.address}/form/demo/embed.js" data-product="Окна" async></script>'
        "</main>"
    ).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_form_in_the_firms_own_page_makes_one_inquiry(
    site: Site, chromium: Browser, firms_page: str
) -> None:
    page = chromium.new_context(locale="ru").new_page()
    page.goto(f"{firms_page}/windows?utm_source=yandex&utm_campaign=spring")
    page.get_by_label("Имя").fill("Гость Встроенный")
    page.get_by_label("Телефон").fill("+7 912 777-66-55")
    page.wait_for_timeout(2200)
    page.get_by_role("button", name="Отправить").click()
    page.get_by_text("Отметьте согласие").wait_for()
    page.get_by_label("Согласен на обработку").check()
    page.get_by_role("button", name="Отправить").dblclick()
    page.get_by_text("Спасибо, записали").wait_for()
    made: list[tuple[object, ...]] = []
    for _ in range(50):
        made = site.ask(
            "SELECT i.phone, i.state, i.marks, c.how FROM inquiries_inquiry i"
            " JOIN inquiries_consent c ON c.inquiry_id = i.id WHERE i.name = 'Гость Встроенный'"
        )
        if made:
            break
        page.wait_for_timeout(100)
    assert [row[:2] + row[3:] for row in made] == [("+79127776655", "new", "form")]
    for mark in ("yandex", "spring", f"{firms_page}/windows"):
        assert mark in str(made[0][2])
