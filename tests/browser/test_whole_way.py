"""What people do on the pages, done by a real browser before a real server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
MAIN = ("/", "/inquiries/", "/board/", "/deals/", "/clients/", "/slips/", "/figures/")
ONE = ("/deals/{deal}/", "/clients/{client}/", "/inquiries/{inquiry}/", "/slips/{slip}/")
SETUP = (
    "/people/",
    "/settings/",
    "/import/",
    "/jobs/",
    "/account/",
    "/setup/",
    "/found/",
    "/regulation/",
)
FORMS = ("/inquiries/new/", "/clients/new/", "/deals/{deal}/edit/", "/deals/{deal}/refusal/")


def filled(site: Site, addresses: tuple[str, ...]) -> list[str]:
    ids = {
        "deal": site.ask("SELECT id FROM deals_deal WHERE outcome='' LIMIT 1")[0][0],
        "client": site.ask("SELECT client_id FROM deals_deal WHERE outcome='' LIMIT 1")[0][0],
        "inquiry": site.ask("SELECT id FROM inquiries_inquiry LIMIT 1")[0][0],
        "slip": site.ask("SELECT id FROM control_slip WHERE closed_at IS NULL LIMIT 1")[0][0],
    }
    return [address.format(**ids) for address in addresses]


def test_the_costliest_slip_is_gone_once_its_deal_has_a_step(site: Site, enter: Enter) -> None:
    page = enter("head")
    slip_id, deal_id = site.ask(
        "SELECT id, deal_id FROM control_slip WHERE closed_at IS NULL AND rule = 'no_step' "
        "ORDER BY money_kopecks DESC, id DESC LIMIT 1"
    )[0]
    page.goto(f"{site.address}/slips/?rule=no_step")
    page.locator(f'a[href^="/deals/{deal_id}/"]').first.click()
    page.wait_for_url(f"**/deals/{deal_id}/**")
    form = page.locator(f'form[action="/deals/{deal_id}/steps/"]')
    form.locator('input[name="title"]').fill("Позвонить и договориться о замере")
    form.get_by_role("button", name="Поставить шаг").click()
    page.wait_for_load_state()
    assert "Позвонить и договориться о замере" in page.content()
    page.goto(f"{site.address}/slips/?rule=no_step")
    assert page.locator(f'a[href^="/deals/{deal_id}/"]').count() == 0
    said = "SELECT json_extract(body, '$.how'), json_extract(body, '$.evidence_id')"
    about = f"kind = 'slip.closed' AND json_extract(body, '$.slip_id') = {slip_id}"
    how, evidence = site.ask(f"{said} FROM journal_fact WHERE {about}")[0]
    proof = site.ask(f"SELECT kind, deal_id FROM journal_fact WHERE id = {evidence}")
    assert (how, proof) == ("evidence", [("step.set", deal_id)])


def test_a_card_moves_by_mouse_and_by_keys(site: Site, enter: Enter) -> None:
    page = enter("head")
    page.goto(f"{site.address}/board/")
    column = page.locator(".col:has(.deal)").first
    card = column.locator(".deal").first
    deal_id = str(card.locator("a").first.get_attribute("href")).strip("/").split("/")[1]
    stage = f"SELECT stage_id FROM deals_deal WHERE id = {deal_id}"
    before = site.ask(stage)
    _drag(page, card, column.locator("xpath=following-sibling::*[1]").locator(".col-list"))
    page.wait_for_selector(".toast")
    assert site.ask(stage) != before
    page.get_by_role("button", name="Отменить").first.click()
    page.wait_for_load_state()
    assert site.ask(stage) == before
    page.goto(f"{site.address}/board/")
    page.locator(f'.deal a[href^="/deals/{deal_id}/"]').first.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(".toast")
    assert site.ask(stage) != before


def _drag(page: Page, card: Locator, target: Locator) -> None:
    box, to = card.bounding_box(), target.bounding_box()
    assert box
    assert to
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    page.mouse.down()
    page.mouse.move(to["x"] + 40, to["y"] + 60, steps=12)
    page.mouse.move(to["x"] + 44, to["y"] + 64, steps=4)
    page.mouse.up()


def test_a_client_is_found_by_a_piece_of_the_phone(site: Site, enter: Enter) -> None:
    page = enter("head")
    phone, client_id = site.ask("SELECT e164, client_id FROM clients_phone LIMIT 1")[0]
    page.keyboard.press("Control+k")
    typed = f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    page.locator("#palette-q").type(typed)
    page.wait_for_selector(f'#palette-lines a[href="/clients/{client_id}/"]')
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def _leave_the_unknown_out(page: Page) -> None:
    page.get_by_label("Незнакомцев").select_option("=leave")
    page.get_by_role("button", name="Записать: 2").click()
    page.wait_for_selector('.toast:has-text("Выбор изменился")', timeout=20_000)
    page.wait_for_selector("#dry-h", timeout=20_000)
    assert page.get_by_label("Незнакомцев").input_value() == "=leave"


def _base(folder: Path) -> Path:
    """Write a file of two clients, one with a manager whom nobody knows."""
    file = folder / "base.csv"
    text = (
        "Компания;Телефон;ИНН;Ответственный\n"
        "ООО «Ёлочка»;8 (900) 000-14-52;7707083893;Незнакомцев\n"
        "Без цифр;нет;;\n"
    )
    file.write_bytes(text.encode("cp1251"))
    return file


def test_a_whole_import_in_the_browser_and_back(
    site: Site, enter: Enter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = _base(tmp_path_factory.mktemp("files"))
    page = enter("administrator")
    page.goto(f"{site.address}/import/")
    page.set_input_files("#f-file", str(file))
    page.get_by_role("button", name="Дальше: столбцы").click()
    page.wait_for_selector("#columns")
    assert "ООО «Ёлочка»" in page.content()
    page.locator("#c2").select_option("")
    page.wait_for_selector('#columns:has-text("пропущен")')
    page.locator("#c2").select_option("inn")
    page.get_by_role("button", name="Пробный прогон").click()
    page.wait_for_selector("#dry-h", timeout=20_000)
    names = "('ООО «Ёлочка»', 'Без цифр')"
    made = f"SELECT count(*) FROM clients_client WHERE name IN {names} AND removed_at IS NULL"
    assert site.ask(made) == [(0,)]
    _leave_the_unknown_out(page)
    assert site.ask(made) == [(0,)]
    page.get_by_role("button", name="Записать: 2").click()
    page.wait_for_selector("#r-h", timeout=20_000)
    assert site.ask(made) == [(2,)]
    assert site.ask("SELECT count(*) FROM people_person WHERE name = 'Незнакомцев'") == [(0,)]
    page.get_by_role("button", name="Отменить загрузку целиком").click()
    page.wait_for_selector('#r-h:has-text("отменена")')
    assert site.ask(made) == [(0,)]


def test_two_people_dragging_one_card_overwrite_nothing(site: Site, enter: Enter) -> None:
    first, second = enter("head"), enter("administrator")
    deal_id = site.ask("SELECT id FROM deals_deal WHERE outcome = '' ORDER BY id LIMIT 1")[0][0]
    for page in (first, second):
        page.goto(f"{site.address}/deals/{deal_id}/edit/")
    for page, title in ((first, "Первый успел"), (second, "Второй опоздал")):
        page.locator('input[name="title"]').fill(title)
        page.locator('form:has(input[name="version"]) button[type="submit"]').first.click()
        page.wait_for_load_state()
    assert "это изменил кто-то другой" in second.content()
    title = f"SELECT title FROM deals_deal WHERE id = {deal_id}"
    assert site.ask(title) == [("Первый успел",)]


def test_english_and_back(site: Site, enter: Enter) -> None:
    page = enter("manager")
    page.goto(f"{site.address}/account/")
    page.locator('[name="language"][value="en"], select[name="language"]').first.evaluate(
        "e => { if (e.tagName === 'SELECT') e.value = 'en'; else e.checked = true; }"
    )
    page.locator('form:has([name="language"]) button[type="submit"]').first.click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_leaves_the_house(
    site: Site, enter: Enter, width: int, theme: str
) -> None:
    page = enter("administrator", width=width, theme=theme)
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: errors.append(f"{line.type} {line.text}"))
    wrong = []
    for address in filled(site, (*MAIN, *ONE, *SETUP, *FORMS)):
        page.goto(site.address + address)
        found = Axe().run(page)
        wrong += [(address, one["id"]) for one in found.response["violations"]]
    own = (site.address, "data:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert [line for line in errors if line.startswith("error")] == []
    assert wrong == []


@pytest.mark.parametrize("role", ["head", "manager"])
def test_nothing_scrolls_sideways_at_360(site: Site, enter: Enter, role: str) -> None:
    page = enter(role, width=360)
    wide = []
    for address in (*MAIN, *(filled(site, ONE) if role == "head" else ())):
        page.goto(site.address + address)
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if over > 0:
            wide.append((address, over))
    assert wide == []


def test_the_first_page_weighs_at_most_300_kb(site: Site, enter: Enter) -> None:
    page = enter("head")
    weight = [0]
    page.context.clear_cookies(name="nothing")
    fresh = page.context.browser.new_context()  # type: ignore[union-attr]
    fresh.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    first = fresh.new_page()
    first.on(
        "requestfinished",
        lambda r: weight.append(
            r.sizes()["responseBodySize"] + r.sizes()["responseHeadersSize"]
        ),
    )
    first.goto(site.address + "/", wait_until="networkidle")
    assert 10_000 < sum(weight) <= 300 * 1024
    fresh.close()
