"""A funnel that comes from an imported log, is published, and holds deals to its regulation."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
STEPS = ("Заявка", "Замер", "КП отправлено", "Договор подписан")
FUNNEL = "Окна по журналу"


def write_log(folder: Path) -> Path:
    """Write 160 sales that go through four steps, with calls between them; 13 still go on."""
    rng = random.Random(7)
    lines = ["Сделка;Действие;Когда;Кто"]
    for n in range(160):
        at = datetime(2026, 3, 2, 9) + timedelta(hours=7 * n)  # noqa: DTZ001
        for place, step in enumerate(STEPS):
            lines.append(f"Л-{n};{step};{at:%d.%m.%Y %H:%M};Орлов")
            at += timedelta(hours=rng.randint(3, 60))
            if n % 12 == 3 and place == 1:
                break
            if rng.random() < (0.2, 0.2, 0.25, 0.05)[place]:
                lines.append(f"Л-{n};Отказ клиента;{at:%d.%m.%Y %H:%M};Орлов")
                break
            if rng.random() < 0.5:
                lines.append(f"Л-{n};Звонок;{at:%d.%m.%Y %H:%M};Орлов")
                at += timedelta(hours=2)
        else:
            lines.append(f"Л-{n};Оплата получена;{at:%d.%m.%Y %H:%M};Орлов")
    file = folder / "журнал.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_log_becomes_a_funnel_that_stops_and_lets_pass(
    site: Site, enter: Enter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = enter("head")
    _import(page, site, write_log(tmp_path_factory.mktemp("log")))
    ((funnel,),) = site.ask(f"SELECT id FROM deals_funnel WHERE name = '{FUNNEL}'")
    _accept_four_and_change_one(page, site, funnel)
    first, second = _publish(page, site, funnel)
    ((deal,),) = site.ask(
        f"SELECT id FROM deals_deal WHERE stage_id = {first} AND outcome = '' LIMIT 1"
    )
    where = f"SELECT stage_id FROM deals_deal WHERE id = {deal}"
    _advance(page, site, deal)
    page.wait_for_selector('.toast:has-text("Без этого дальше нельзя")')
    assert site.ask(where) == [(first,)]
    _soften(page, site, funnel)
    _advance(page, site, deal)
    page.get_by_label("Почему можно без этого").fill("Клиент прислал всё письмом")
    page.get_by_role("button", name="Перенести с причиной").click()
    page.wait_for_load_state()
    assert site.ask(where) == [(second,)]
    page.goto(f"{site.address}/deals/{deal}/")
    assert "Клиент прислал всё письмом" in page.content()
    page.goto(f"{site.address}/regulation/?funnel={funnel}")
    assert page.locator("section:has(#po-h) .person").count() == 1
    page.get_by_role("link", name="Версия 3").click()
    page.wait_for_selector('h1:has-text("Версия 3")')


def _import(page: Page, site: Site, file: Path) -> None:
    page.goto(f"{site.address}/import/")
    page.get_by_text("История: журнал событий").click()
    page.set_input_files("#f-file", str(file))
    page.get_by_role("button", name="Дальше: столбцы").click()
    page.wait_for_selector("#columns")
    assert page.locator("#f-won").input_value() == "Оплата получена"
    assert page.locator("#f-lost").input_value() == "Отказ клиента"
    assert page.locator("#f-funnel").input_value() == "журнал"
    page.locator("#f-funnel").fill(FUNNEL)
    page.get_by_role("button", name="Пробный прогон").click()
    page.wait_for_selector("#dry-h", timeout=20_000)
    page.locator("button", has_text="Записать").last.click()
    page.wait_for_selector("#r-h", timeout=20_000)


def _accept_four_and_change_one(page: Page, site: Site, funnel: int) -> None:
    page.goto(f"{site.address}/found/?funnel={funnel}")
    page.get_by_role("button", name="Найти этапы").click()
    page.wait_for_selector("#prop-h", timeout=20_000)
    assert page.locator('article.proposal input[type="checkbox"]:checked').count() == 4
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert Axe().run(page).violations_count == 0
    page.locator('input[name="n2"]').fill("Замер сделан")
    page.get_by_role("button", name="В черновик воронки").click()
    page.wait_for_selector('h1:has-text("черновик версии 2")')


def _publish(page: Page, site: Site, funnel: int) -> tuple[int, int]:
    """Add a hard demand, say where the deals of what goes are to go, publish."""
    page.get_by_role("link", name="2. Замер сделан").click()
    page.locator('select[name="kind"]').select_option("field:note")
    page.locator('details select[name="level"]').select_option("require")
    page.get_by_role("button", name="Добавить требование").click()
    page.wait_for_selector('.toast:has-text("Записано в черновик")')
    for select in page.locator('#plan select[name^="t"][required]').all():
        select.select_option(label="Заявка")
        page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Опубликовать сейчас").click()
    page.wait_for_selector('.toast:has-text("Версия 2 действует")')
    live = f"SELECT name, id FROM deals_stage WHERE funnel_id = {funnel} AND retired_at IS NULL"
    stages = dict(site.ask(live))
    assert set(stages) == {"Заявка", "Замер сделан", "КП отправлено", "Договор подписан"}
    return stages["Замер сделан"], stages["КП отправлено"]


def _advance(page: Page, site: Site, deal: int) -> None:
    page.goto(f"{site.address}/deals/{deal}/")
    page.wait_for_selector("section:has(#dm-h)")
    page.locator(f'form[action="/deals/{deal}/move/"] button[type="submit"]').first.click()


def _soften(page: Page, site: Site, funnel: int) -> None:
    page.goto(f"{site.address}/regulation/?funnel={funnel}")
    page.get_by_role("link", name="2. Замер сделан").click()
    page.locator(".rule .chip", has_text="Предупреждать").click()
    page.wait_for_selector('.toast:has-text("Записано в черновик")')
    page.locator(".rule a").first.click()
    page.wait_for_selector('.rule:has-text("отметило бы")')
    page.get_by_role("button", name="Опубликовать сейчас").click()
    page.wait_for_selector('.toast:has-text("Версия 3 действует")')
