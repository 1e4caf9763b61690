"""A stage's regulation in the browser: stopped by "require", through "warn" with a reason."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
Enter = Callable[..., Page]
BARE = """SELECT d.id, d.stage_id, n.id, d.funnel_id FROM deals_deal d
JOIN deals_stage s ON s.id = d.stage_id
JOIN deals_stage n ON n.funnel_id = s.funnel_id AND n.place = s.place + 1
WHERE d.outcome = '' AND d.note = '' AND s.place = 2
AND s.funnel_id NOT IN (SELECT x.funnel_id FROM deals_demand e
  JOIN deals_stage x ON x.id = e.stage_id)
ORDER BY d.id LIMIT 1"""


def demand(page: Page, site: Site, funnel: int, stage: int, kind: str, level: str) -> None:
    page.goto(f"{site.address}/regulation/?funnel={funnel}")
    panel = page.locator(f'section:has(h2[id="s{stage}"])')
    panel.get_by_text("Добавить требование").first.click()
    panel.locator('select[name="kind"]').select_option(kind)
    panel.locator('details select[name="level"]').select_option(level)
    panel.locator('details:has(select[name="kind"]) button').click()
    page.wait_for_selector('.toast:has-text("Регламент изменён")')


def advance(page: Page, site: Site, deal: int) -> None:
    page.goto(f"{site.address}/deals/{deal}/")
    page.locator(f'form[action="/deals/{deal}/move/"] button[type="submit"]').first.click()


def soften(page: Page, site: Site, funnel: int, stage: int) -> None:
    page.goto(f"{site.address}/regulation/?funnel={funnel}")
    panel = page.locator(f'section:has(h2[id="s{stage}"])')
    panel.locator('.rule select[name="level"]').select_option("warn")
    panel.locator('.rule button:not([name="drop"])').click()
    page.wait_for_selector('.toast:has-text("Регламент изменён")')


def test_require_stops_and_warn_lets_pass_with_a_reason(site: Site, enter: Enter) -> None:
    page = enter("head")
    deal, stage, following, funnel = site.ask(BARE)[0]
    where = f"SELECT stage_id FROM deals_deal WHERE id = {deal}"
    demand(page, site, funnel, stage, "field:note", "require")
    page.goto(f"{site.address}/deals/{deal}/")
    page.wait_for_selector('section:has(#dm-h):has-text("без этого нельзя")')
    advance(page, site, deal)
    page.wait_for_selector('.toast:has-text("Без этого дальше нельзя")')
    assert site.ask(where) == [(stage,)]
    soften(page, site, funnel, stage)
    advance(page, site, deal)
    page.get_by_label("Почему можно без этого").fill("Клиент прислал всё письмом")
    page.get_by_role("button", name="Перенести с причиной").click()
    page.wait_for_load_state()
    assert site.ask(where) == [(following,)]
    page.goto(f"{site.address}/deals/{deal}/")
    assert "Клиент прислал всё письмом" in page.content()
    page.goto(f"{site.address}/regulation/?funnel={funnel}")
    assert page.locator("section:has(#po-h) tbody tr").count() == 1
    page.locator(".rule a").first.click()
    page.wait_for_selector('.rule:has-text("отметило бы")')
    page.locator('button[name="drop"]').first.click()
    page.wait_for_selector('.toast:has-text("Регламент изменён")')
