"""An inquiry goes to whom is likeliest to win it, and the decision can be read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.deals.funnels import put_product
from voronka.deals.models import Deal
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.learning import learn
from voronka.inquiries.models import Inquiry, Learned, Routing
from voronka.inquiries.routed import routed
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.settings import change_setting

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def on(cast: SimpleNamespace) -> Iterator[None]:
    """Routing switched on."""
    change_setting(name="routing_on", value=True, by=cast.see("vera"), at=MONDAY)
    yield
    forget_all()


@pytest.fixture
def past(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], reasons: SimpleNamespace
) -> None:
    """Olga wins what comes from the site, Oleg what comes from an exhibition."""
    for n in range(40):
        who = ("olga", "oleg")[n % 2]
        source = ("Сайт", "Выставка")[n // 2 % 2]
        deal, by = make_deal(who), cast.see(who)
        new = NewInquiry(channel="form", text="?", source=source, manager_id=by.person_id)
        made = register_inquiry(new, by=by, at=MONDAY)
        Inquiry.objects.filter(pk=made.pk).update(deal=deal)
        if (who == "olga") == (source == "Сайт"):
            win_deal(deal_id=deal.pk, by=by, at=MONDAY)
        else:
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=MONDAY)
    assert learn(now=MONDAY + DAY) == 40


def came(cast: SimpleNamespace, source: str, **more: Any) -> Inquiry:
    new = NewInquiry(channel="form", text="Сколько стоит?", source=source, **more)
    return register_inquiry(new, by=cast.see("anna"), at=MONDAY + 2 * DAY)


@pytest.mark.usefixtures("past", "on")
def test_who_wins_such_inquiries_gets_the_next_one_and_the_terms_say_why(
    cast: SimpleNamespace,
) -> None:
    made = came(cast, "Сайт")
    assert made.manager_id == cast.olga.pk
    why = Routing.objects.get(inquiry=made)
    assert (why.how, why.person_id) == ("competence", cast.olga.pk)
    assert [one["person"] for one in why.scored] == [cast.olga.pk, cast.oleg.pk]
    told = routed(inquiry_id=made.pk)
    assert told is not None
    gap = why.scored[0]["score"] - why.scored[1]["score"]
    assert sum(by for _name, by in told.told_by) == pytest.approx(gap, abs=0.02)
    for one in why.scored:
        assert sum(one["terms"].values()) == pytest.approx(one["score"])
    assert Fact.objects.filter(kind="inquiry.assigned", case=made.case).count() == 1
    assert came(cast, "Выставка").manager_id == cast.oleg.pk


@pytest.mark.usefixtures("past", "on")
def test_never_to_who_left_nor_beyond_the_cap_and_nobody_means_open_to_all(
    cast: SimpleNamespace,
) -> None:
    change_setting(name="routing_cap", value=1, by=cast.see("vera"), at=MONDAY)
    assert came(cast, "Сайт").manager_id == cast.olga.pk
    assert came(cast, "Сайт").manager_id == cast.oleg.pk
    last = came(cast, "Сайт")
    assert last.manager_id is None
    assert Routing.objects.get(inquiry=last).how == "nobody"
    Person.objects.filter(pk=cast.oleg.pk).update(is_active=False)
    change_setting(name="routing_cap", value=0, by=cast.see("vera"), at=MONDAY)
    made = came(cast, "Выставка")
    assert made.manager_id == cast.olga.pk
    assert [cast.oleg.pk, "inactive", ""] in Routing.objects.get(inquiry=made).barred


@pytest.mark.usefixtures("past")
def test_an_own_client_goes_to_the_owner_with_routing_or_without(
    cast: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    make_client("ООО «Свой»", "oleg", phones=["+79123456789"])
    assert came(cast, "Сайт", phone="+79123456789").manager_id == cast.oleg.pk
    assert came(cast, "Сайт").manager_id is None
    change_setting(name="routing_on", value=True, by=cast.see("vera"), at=MONDAY)
    made = came(cast, "Сайт", phone="+79123456789")
    assert (made.manager_id, Routing.objects.get(inquiry=made).how) == (cast.oleg.pk, "owner")
    Person.objects.filter(pk=cast.oleg.pk).update(is_active=False)
    change_setting(name="routing_cap", value=5, by=cast.see("vera"), at=MONDAY)
    assert came(cast, "Сайт", phone="+79123456789").manager_id == cast.olga.pk
    change_setting(name="routing_on", value=False, by=cast.see("vera"), at=MONDAY)
    assert came(cast, "Сайт", phone="+79123456789").manager_id is None


@pytest.mark.usefixtures("on")
def test_only_a_product_of_ours_tells_inquiries_apart(cast: SimpleNamespace) -> None:
    put_product(name="Окна", price_kopecks=1, by=cast.see("vera"), at=MONDAY)
    ours, other = (
        came(cast, "Сайт", marks={"product": name}) for name in (" окна ", "<script>")
    )
    told = [Routing.objects.get(inquiry=one).case_of["product"] for one in (ours, other)]
    assert told == ["Окна", ""]


@pytest.mark.usefixtures("on")
def test_a_lead_s_own_client_stays_with_the_lead(
    cast: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    make_client("ООО «Старшего»", "lev", phones=["+79123456780"])
    assert came(cast, "Сайт", phone="+79123456780").manager_id == cast.lev.pk


@pytest.mark.usefixtures("past", "on")
def test_prices_outlive_what_is_remembered_in_the_process(cast: SimpleNamespace) -> None:
    got = []
    for _ in range(40):
        forget_all()
        got.append(came(cast, "Реклама").manager_id)
    assert min(got.count(cast.olga.pk), got.count(cast.oleg.pk)) >= 8


@pytest.mark.usefixtures("on")
def test_before_anything_is_known_somebody_is_chosen_all_the_same(
    cast: SimpleNamespace,
) -> None:
    assert not Learned.objects.exists()
    got = {came(cast, "Сайт").manager_id for _ in range(6)}
    assert got == {cast.olga.pk, cast.oleg.pk}
