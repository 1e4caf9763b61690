"""Every number of a desk leads to what it is made of."""

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.world import World
from voronka.kpi import registry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["vera", "lev", "olga"])
def test_each_link_of_a_desk_and_of_the_figures_leads_somewhere(
    world: World, enter: Callable[..., Client], who: str
) -> None:
    browser = enter(who)
    for page in ("/", "/figures/"):
        links = _links(browser, page)
        assert len(links) > 10
        wrong = {link: browser.get(link).status_code for link in links}
        assert {link: code for link, code in wrong.items() if code != 200} == {}


def test_each_figure_of_the_heads_desk_is_a_link(
    world: World, enter: Callable[..., Client]
) -> None:
    codes = {link.split("/")[2] for link in _links(enter("vera"), "/") if "/figures/K" in link}
    assert codes >= {"K1", "K13", "K15", "K24", "K25"}
    known = {*registry.FROM_JOURNAL, "K14", "K24", "K25"}
    shown = _links(enter("vera"), "/figures/")
    assert {link.split("/")[2] for link in shown if "/figures/K" in link} == known


def _links(browser: Client, page: str) -> set[str]:
    found = re.findall(r'<a[^>]* href="(/[^"#]*)', browser.get(page).content.decode())
    return {html.unescape(link) for link in found if not link.startswith("/static/")}
