"""The page of the funnel found: habits, waiting money, refusals, people, demands at a press."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from conftest import MONDAY
from tests.web.test_english import strays, words_of_data
from tests.web.test_queries import MOST, queries_of
from voronka.deals.dealing import change_deal
from voronka.deals.models import Deal, Demand, Funnel, Stage
from voronka.deals.stage_moves import lose_deal, move_deal, win_deal
from voronka.discovery.finding import ask, find
from voronka.discovery.models import Finding
from voronka.people.viewers import SYSTEM
from voronka.web.measures import rub_short

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def found(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    reasons: SimpleNamespace,
) -> SimpleNamespace:
    """Oleg's forty go the whole way; olga's twelve leave «Расчёт» out; one is lost."""
    stages = list(Stage.objects.order_by("place"))
    made: dict[str, list[Deal]] = {"whole": [], "short": []}
    for n in range(52):
        who = "oleg" if n < 40 else "olga"
        deal, by = make_deal(who), cast.see(who)
        made["whole" if n < 40 else "short"].append(deal)
        fields = {"expected_close_on": date(2026, 5, 1) + n * DAY}
        change_deal(deal_id=deal.pk, fields=fields, by=by, at=MONDAY)
        at = MONDAY + n * HOUR
        for stage in stages[1:] if n < 40 else stages[2:]:
            at += 5 * HOUR
            move_deal(deal_id=deal.pk, to_stage_id=stage.pk, by=by, at=at)
        win_deal(deal_id=deal.pk, by=by, at=at + 5 * HOUR)
    by = cast.see("olga")
    lose_deal(deal_id=make_deal().pk, reason_id=reasons.dear.pk, by=by, at=MONDAY + DAY)
    waits = make_deal(amount=900_000_00)
    ask(funnel_id=funnel.pk, by=SYSTEM, at=MONDAY)
    find(funnel_id=funnel.pk, at=datetime.now(UTC))
    return SimpleNamespace(funnel=funnel, stages=stages, waits=waits, **made)


def test_it_names_who_skips_where_money_waits_and_why_clients_refuse(
    found: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    page = enter("vera").get("/found/").content.decode()
    assert "чаще других, 12" in page
    skipped = found.short[-1]
    assert f'href="/deals/{skipped.pk}/">№ {skipped.number}' in page
    assert f'href="/deals/{found.waits.pk}/">№ {found.waits.number}' in page
    assert rub_short(900_000_00) in page
    assert "Дорого" in page
    assert "мимо «Расчёт»" in page
    assert "Oleg" in page


def test_a_press_makes_a_soft_demand_of_what_won_deals_had(
    found: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    browser = enter("vera")
    page = browser.get("/found/").content.decode()
    assert 'name="kind" value="field:expected_close_on"' in page
    assert "уже в регламенте" not in page
    today = datetime.now(UTC).date()
    form = {
        "act": "demand", "funnel": found.funnel.pk, "stage": found.stages[0].pk, "least": "0",
        "kind": "field:expected_close_on", "level": "warn", "since": today.isoformat(),
    }  # fmt: skip
    assert all(f'value="{value}"' in page for value in form.values())
    answer = browser.post("/regulation/put/", form)
    assert answer.headers["Location"].startswith(f"/regulation/?funnel={found.funnel.pk}&")
    browser.post("/regulation/publish/", {"funnel": found.funnel.pk})
    row = Demand.objects.get()
    assert (row.stage_id, row.kind, row.what, row.level, row.since) == (
        found.stages[0].pk, "field", "expected_close_on", "warn", today,
    )  # fmt: skip
    page = browser.get("/found/").content.decode()
    assert 'value="field:expected_close_on"' not in page
    assert "уже в регламенте" in page


def test_the_whole_page_asks_no_more_than_others_and_is_english_in_english(
    found: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    assert queries_of(enter("vera"), "/found/", is_first=False) <= MOST
    page = enter("vera", language="en").get("/found/").content.decode()
    assert "more often than others" in page
    assert list(strays(page, words_of_data())) == []


def test_an_older_report_is_drawn_without_what_it_lacks(
    found: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    row = Finding.objects.get()
    for name in (
        "habits",
        "detours",
        "bottlenecks",
        "wants",
        "people",
        "handovers",
        "risky_acts",
    ):
        del row.report[name]
    row.save()
    answer = enter("vera").get("/found/")
    assert answer.status_code == 200
    assert "Предлагаем этапы" in answer.content.decode()
    assert "чаще других" not in answer.content.decode()


def test_a_stage_that_is_retired_is_shown_no_more(
    found: SimpleNamespace, enter: Callable[..., Client]
) -> None:
    Stage.objects.filter(pk=found.stages[0].pk).update(retired_at=MONDAY)
    page = enter("vera").get("/found/").content.decode()
    assert 'name="kind" value="field:expected_close_on"' not in page
