"""The page of a rehearsal: rules tried on the past, from the list and from a rule's form."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.world import World
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry, Routing, RoutingRule, RulesVersion
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
PAGE = "/inquiries/rules/rehearsal/"


@pytest.fixture
def came(world: World, cast: SimpleNamespace) -> None:
    """Let twelve inquiries come, all taken by olga."""
    at = datetime.now(UTC) - timedelta(days=2)
    for n in range(12):
        new = NewInquiry(channel="mail" if n % 3 else "form", name=f"Иван {n}", text="Цена?")
        row = register_inquiry(new, by=cast.see("anna"), at=at + n * timedelta(minutes=5))
        Inquiry.objects.filter(pk=row.pk).update(manager=cast.olga)
    # The one with an outcome proves nothing.
    Inquiry.objects.filter(pk=row.pk).update(deal=world.lost)


def test_the_page_tells_who_would_have_had_what_and_how_sure_it_is(
    came: None, enter: Callable[..., Client]
) -> None:
    vera = enter("vera")
    assert PAGE in vera.get("/inquiries/rules/").content.decode()
    page = vera.get(PAGE).content.decode()
    assert "Нынешние правила против того, что было" in page
    assert "Мало данных:" in page
    assert "захватывает ноль" in page
    assert "Что ушло бы к другому" in page
    latest = Inquiry.objects.order_by("-pk")[0]
    assert f'href="/inquiries/{latest.pk}/"' in page
    assert "примерять не на чем" not in page


def test_an_edited_rule_is_tried_before_it_is_written(
    came: None, enter: Callable[..., Client], cast: SimpleNamespace
) -> None:
    vera = enter("vera")
    form = {
        "act": "put", "rule": "", "name": "Почту Олегу", "channel": "mail", "who": "people",
        "people": cast.oleg.pk, "way": "turn", "csrfmiddlewaretoken": "x", "cap": "",
    }  # fmt: skip
    # Any page that is posted looks for slips: once looked, there are no more.
    vera.post(PAGE, form)
    before = (Fact.objects.count(), RulesVersion.objects.count(), Routing.objects.count())
    answer = vera.post(PAGE, form)
    assert answer.status_code == 303
    assert "csrf" not in answer["Location"]
    page = vera.get(answer["Location"]).content.decode()
    assert "Черновик против нынешних правил" in page
    assert "Почту Олегу" in page
    assert "0 → <b>8</b>" in page
    # What was edited goes on with the page's own form.
    assert '<input type="hidden" name="channel" value="mail">' in page
    off = vera.get(answer["Location"] + "&draft=1&days=90&way.0=competence").content.decode()
    assert "Разницы нет: всё ушло бы тем же людям." in off
    assert not RoutingRule.objects.exists()
    after = (Fact.objects.count(), RulesVersion.objects.count(), Routing.objects.count())
    assert after == before


def test_looking_writes_nothing(came: None, enter: Callable[..., Client]) -> None:
    vera = enter("vera")
    vera.get(PAGE)
    with CaptureQueriesContext(connection) as caught:
        vera.get(PAGE + "?draft=1&way.0=turn")
    verbs = {one["sql"].lstrip("(").split()[0] for one in caught.captured_queries}
    assert verbs == {"SELECT"}


@pytest.mark.parametrize(
    "query", ["?draft=1&way.0=x", "?rule=&name=a&who=people", "?rule=&least=abc&who=all"]
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    query: str, world: World, enter: Callable[..., Client]
) -> None:
    assert enter("vera").get(PAGE + query).status_code == 409


@pytest.mark.parametrize(
    "query", ["?days=x", "?draft=1&place.0=9999", "?rule=77&name=a", "?rule=last&way=turn"]
)
def test_odd_values_count_as_not_said(
    query: str, world: World, enter: Callable[..., Client]
) -> None:
    assert enter("vera").get(PAGE + query).status_code == 200
