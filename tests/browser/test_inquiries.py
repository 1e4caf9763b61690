"""A visitor's form on the right desk at once, with its reason, while the page is open."""

from collections.abc import Callable

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
