"""Read in English, no page holds a Russian word but those of the firm's own data."""

import html
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.db import models
from django.test import Client

from tests.web.test_rights import address, patterns
from tests.web.world import World
from voronka.agenda.models import Step
from voronka.clients import models as clients
from voronka.deals import models as deals
from voronka.foundation.text import initials
from voronka.inquiries.models import Inquiry
from voronka.letters.models import Letter, Template
from voronka.people.models import Team

pytestmark = pytest.mark.django_db
WORDS = re.compile("[а-яё]+", re.IGNORECASE)
UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL)
# A language is named in itself; the values of a flag's choices are not shown.
NAMED_IN_ITSELF = {"русский"}
FORM_VALUES = re.compile(r'value="(?:да|нет)"')
DATA: tuple[type[models.Model], ...] = (
    clients.Client, clients.Contact, clients.Source, clients.CustomField, deals.Deal,
    deals.DealLine, deals.Product, deals.Funnel, deals.Stage, deals.RefusalReason, Step,
    Inquiry, Team, Letter, Template,
)  # fmt: skip
MAIN = {
    "today", "inquiries", "inquiry", "inquiry-new", "unregistered", "board", "deals", "deal",
    "deal-edit", "deal-refusal", "deal-new", "clients", "client", "client-new", "client-edit",
    "slips", "slip", "figures", "figure", "search", "account", "routing-rules", "shifts",
}  # fmt: skip
ALSO = {
    "vera": {"people", "settings", "setup", "import", "client-merge"},
    "anna": {"people", "settings", "setup", "import", "jobs", "client-merge"},
}


def words_of_data() -> set[str]:
    """Give every Russian word of the firm's own rows, and the letters of avatars."""
    found: set[str] = set()
    for table in DATA:
        for row in table._default_manager.values():
            for text in filter(None, map(str, row.values())):
                found |= {word.casefold() for word in WORDS.findall(text)}
                found.add(initials(text).casefold())
    return found


def strays(page: str, data: set[str]) -> Iterator[str]:
    """List the Russian words of a page with what stands around them."""
    seen = html.unescape(FORM_VALUES.sub("", UNSEEN.sub(" ", page)))
    for match in WORDS.finditer(seen):
        if match.group().casefold() not in data | NAMED_IN_ITSELF:
            yield seen[max(0, match.start() - 30) : match.end() + 30]


@pytest.mark.parametrize("who", ["vera", "olga", "anna"])
def test_no_page_in_english_holds_a_russian_word(
    world: World, enter: Callable[..., Client], cast: SimpleNamespace, who: str
) -> None:
    data, browser = words_of_data(), enter(who, language="en")
    drawn, found = set(), {}
    for pattern in patterns():
        answer = browser.get(address(pattern, world))
        if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
            drawn.add(str(pattern.name))
            page = answer.content.decode()
            if left := list(strays(page, data)):
                found[pattern.name] = left[:3]
    assert found == {}
    assert drawn >= MAIN | ALSO.get(who, set())


@pytest.mark.parametrize("address", ["/signin/", "/deals/999999/"])
def test_whoever_is_not_in_yet_reads_english_by_the_cookie(
    world: World, enter: Callable[..., Client], address: str
) -> None:
    stranger = enter("")
    stranger.cookies["language"] = "en"
    page = stranger.get(address, follow=True).content.decode()
    assert '<html lang="en"' in page
    assert list(strays(page, set())) == []


def test_a_refusal_is_told_in_english(world: World, enter: Callable[..., Client]) -> None:
    browser = enter("olga", language="en")
    answer = browser.post(f"/deals/{world.deal}/closure/", {"outcome": "lost", "version": "2"})
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "reason" in page
    assert list(strays(page, words_of_data())) == []
