"""By money: the sum at stake, what each sells for and how soon each answers decide."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.deals.models import Deal
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.learning import learn
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.inquiries.routed import routed
from voronka.inquiries.rule_changes import put_last
from voronka.inquiries.rule_drafts import RuleDraft
from voronka.people.settings import change_setting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLGA_WINS = {"olga": 30, "oleg": 24}


@pytest.fixture(autouse=True)
def _on(cast: SimpleNamespace) -> Iterator[None]:
    change_setting(name="routing_on", value=True, by=cast.see("vera"), at=MONDAY)
    put_last(RuleDraft(way="money"), by=cast.see("vera"), at=MONDAY)
    yield
    forget_all()


@pytest.fixture(autouse=True)
def _past(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], reasons: SimpleNamespace
) -> None:
    """Olga wins 30 of 40 for 100 000, answering within an hour; Oleg 24 of 40 for 300 000,
    answering after four.
    """
    for n in range(80):
        who = ("olga", "oleg")[n % 2]
        deal, by = make_deal(who), cast.see(who)
        new = NewInquiry(channel="form", text="?", source="Сайт", manager_id=by.person_id)
        made = register_inquiry(new, by=by, at=MONDAY)
        answered_at = MONDAY + timedelta(hours=1 if who == "olga" else 4)
        Inquiry.objects.filter(pk=made.pk).update(deal=deal, answered_at=answered_at)
        amount = 100_000_00 if who == "olga" else 300_000_00
        Deal.objects.filter(pk=deal.pk).update(amount_kopecks=amount)
        if n // 2 < OLGA_WINS[who]:
            win_deal(deal_id=deal.pk, by=by, at=MONDAY + DAY)
        else:
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=MONDAY + DAY)
    assert learn(now=MONDAY + 2 * DAY) == 80


def came(cast: SimpleNamespace, **more: Any) -> Inquiry:
    new = NewInquiry(channel="form", text="Сколько стоит?", source="Сайт", **more)
    return register_inquiry(new, by=cast.see("anna"), at=MONDAY + 3 * DAY)


def test_a_named_sum_goes_to_who_sells_for_more_else_to_the_likeliest(
    cast: SimpleNamespace,
) -> None:
    large = came(cast, marks={"amount": "250 000"})
    assert large.manager_id == cast.oleg.pk
    why = Routing.objects.get(inquiry=large)
    assert (why.way, why.case_of["band"]) == ("money", "2")
    for one in why.scored:
        assert one["unit"] == "rubles"
        assert {"person", "source", "band", "speed", "check"} < set(one["terms"])
        assert sum(one["terms"].values()) == pytest.approx(one["score"])
    told = routed(inquiry_id=large.pk)
    assert told is not None
    assert told.by == "money"
    assert told.expected_kopecks[0] > told.expected_kopecks[1] > 0
    assert told.weighty[0][0] == "check"

    unnamed = came(cast)
    assert unnamed.manager_id == cast.olga.pk
    assert Routing.objects.get(inquiry=unnamed).scored[0]["unit"] == "logits"


def test_how_soon_each_answers_is_learned_and_who_still_waits_has_waited_until_now(
    cast: SimpleNamespace,
) -> None:
    def beside() -> dict[int, float]:
        own = Learned.objects.get().state["waits"]["own"]
        return {pk: mean for pk, name, _value, mean, _doubt in own if not name}

    first = beside()
    assert first[cast.olga.pk] < 0 < first[cast.oleg.pk]
    Inquiry.objects.filter(manager=cast.olga).update(answered_at=None)
    learn(now=MONDAY + 4 * DAY)
    later = beside()
    assert later[cast.olga.pk] > 0 > later[cast.oleg.pk]
