"""The list of rules decides about real inquiries, and says by which rule and why."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.deals.funnels import put_product
from voronka.deals.models import Deal
from voronka.foundation.recent import forget_all, seen
from voronka.inquiries.asking import asked_at, language_of
from voronka.inquiries.choosing import dry_decision
from voronka.inquiries.decisions import rule_counts
from voronka.inquiries.intake import NewInquiry, assign_inquiry, register_inquiry
from voronka.inquiries.models import Inquiry, Routing, RoutingRule, RulesVersion
from voronka.inquiries.rule_changes import (
    LastRuleError,
    move_rule,
    put_last,
    put_rule,
    switch_rule,
)
from voronka.inquiries.rule_drafts import BadRuleError, RuleDraft
from voronka.inquiries.rule_list import Target, rule_list
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.people.absences import put_absence
from voronka.people.duty_changes import set_duty, set_pause, set_skill
from voronka.people.models import Person
from voronka.routing.rules import Wants

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""A Wednesday, noon in Moscow."""
NIGHT = datetime(2026, 3, 4, 20, tzinfo=UTC)
MORNING = datetime(2026, 3, 5, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on(cast: SimpleNamespace) -> Iterator[None]:
    settings.change_setting(name="routing_on", value=True, by=cast.see("vera"), at=MONDAY)
    yield
    forget_all()


@pytest.fixture
def rule(cast: SimpleNamespace) -> Callable[..., RoutingRule]:
    """Add a rule as the head: `rule("Окна", Wants(...), "olga")`."""

    def made(name: str, wants: Wants, *people: str, **more: Any) -> RoutingRule:
        ids = tuple(getattr(cast, one).pk for one in people)
        target = Target(ids, **more.pop("target", {}))
        draft = RuleDraft(name, wants, target, **more)
        return put_rule(draft, rule_id=None, by=cast.see("vera"), at=MONDAY)

    return made


@pytest.fixture
def came(cast: SimpleNamespace) -> Callable[..., Routing]:
    """Let an inquiry come; give its decision."""

    def made(at: datetime = NOON, **more: Any) -> Routing:
        new = NewInquiry(
            **{"channel": "form", "text": "Сколько стоит?", "source": "Сайт"} | more
        )
        row = register_inquiry(new, by=cast.see("anna"), at=at)
        return Routing.objects.get(inquiry=row)

    return made


def values(**named: str) -> Wants:
    return Wants({name: frozenset({value}) for name, value in named.items()})


@pytest.mark.parametrize(
    ("wants", "inquiry"),
    [
        (values(source="Выставка"), {"source": "Выставка"}),
        (values(channel="call"), {"channel": "call"}),
        (values(region="Санкт-Петербург"), {"phone": "8 (812) 412-34-56"}),
        (values(region="мобильный"), {"phone": "+7 912 345-67-89"}),
        (values(region="KZ"), {"phone": "+7 701 234 56 78"}),
        (values(product="Окна"), {"marks": {"product": "окна"}}),
        (values(language="en"), {"text": "How much is it?"}),
        (values(language="kk"), {"marks": {"language": "KK"}}),
        (Wants(least=1_000_000_00), {"marks": {"amount": "1,2 млн"}}),
        (Wants(in_hours=False), {"at": NIGHT}),
        (Wants(weekdays=frozenset({5})), {"at": NOON + timedelta(days=3)}),
        (Wants(since=8 * 60, until=10 * 60), {"at": NOON - timedelta(hours=3)}),
    ],
)
def test_each_condition_sends_its_inquiries_to_the_rules_person_and_no_other(
    cast: SimpleNamespace,
    rule: Callable[..., RoutingRule],
    came: Callable[..., Routing],
    wants: Wants,
    inquiry: dict[str, Any],
) -> None:
    put_product(name="Окна", price_kopecks=1, by=cast.see("vera"), at=MONDAY)
    made = rule("По правилу", wants, "lev")
    got = came(**inquiry)
    assert (got.how, got.rule_id, got.rule) == ("rule", made.pk, "По правилу")
    assert (got.person_id, got.inquiry.manager_id) == (cast.lev.pk, cast.lev.pk)
    assert got.version == 2
    other = came()
    assert (other.how, other.rule) == ("competence", "")
    assert other.person_id in (cast.olga.pk, cast.oleg.pk)


def test_a_team_is_its_managers_and_those_below(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    rule("Группа", Wants(), target={"team_id": cast.group.pk})
    got = came()
    assert (got.person_id, got.barred) == (cast.olga.pk, [[cast.oleg.pk, "rule", ""]])
    Person.objects.filter(pk=cast.oleg.pk).update(team=cast.group)
    forget_all()
    assert {came().person_id for _ in range(6)} == {cast.olga.pk, cast.oleg.pk}


def test_a_skill_is_asked_at_its_level(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    put_product(name="Окна", price_kopecks=1, by=cast.see("vera"), at=MONDAY)
    for who, level in (("olga", 1), ("oleg", 2)):
        pk = getattr(cast, who).pk
        set_skill(person_id=pk, skill="окна", level=level, by=cast.see("vera"), at=MONDAY)
    rule("Знает товар", Wants(), target={"skill": "*product", "level": 2})
    for _ in range(3):
        got = came(marks={"product": "Окна"})
        assert (got.person_id, got.barred) == (cast.oleg.pk, [[cast.olga.pk, "skill", ""]])


def test_rules_are_tried_in_order_and_moving_them_changes_who_gets_it(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    by = cast.see("vera")
    rule("Первое", values(source="Сайт"), "olga")
    second = rule("Второе", values(channel="form"), "oleg")
    assert came().rule == "Первое"
    move_rule(rule_id=second.pk, is_up=True, by=by, at=MONDAY)
    move_rule(rule_id=second.pk, is_up=True, by=by, at=MONDAY)
    assert came().rule == "Второе"
    switch_rule(rule_id=second.pk, is_on=False, by=by, at=MONDAY)
    switch_rule(rule_id=second.pk, is_on=False, by=by, at=MONDAY)
    got = came()
    assert (got.rule, got.version) == ("Первое", 5)
    acts = list(RulesVersion.objects.order_by("number").values_list("number", "act"))
    assert acts == [(2, "added"), (3, "added"), (4, "moved"), (5, "off")]
    facts = Fact.objects.filter(kind="routing.rule_changed").order_by("pk")
    assert [one.body["version"] for one in facts] == [2, 3, 4, 5]
    assert [one.name for one in rule_list().rows] == ["Второе", "Первое", ""]


def test_the_same_rule_again_is_no_new_version(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule]
) -> None:
    made = rule("Окна", Wants(least=100), "olga")
    for cap in (None, 3, 3):
        draft = RuleDraft("Окна", Wants(least=100), Target((cast.olga.pk,)), cap=cap)
        put_rule(draft, rule_id=made.pk, by=cast.see("vera"), at=MONDAY)
    assert rule_list().version == 3


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft(" "),
        RuleDraft("х", way="luck"),
        RuleDraft("х", cap=0),
        RuleDraft("х", wants=Wants(least=5, most=5)),
        RuleDraft("х", wants=Wants(since=600, until=600)),
        RuleDraft("х", wants=Wants(until=1441)),
        RuleDraft("х", target=Target((999_999,))),
        RuleDraft("х", target=Target(team_id=999_999)),
        RuleDraft("х", target=Target(skill="Окна", level=4)),
    ],
)
def test_a_rule_that_cannot_be_is_refused(cast: SimpleNamespace, draft: RuleDraft) -> None:
    with pytest.raises(BadRuleError):
        put_rule(draft, rule_id=None, by=cast.see("vera"), at=MONDAY)
    assert (RoutingRule.objects.count(), rule_list().version) == (0, 1)


def test_the_last_rule_is_always_there_last_and_cannot_be_moved_or_switched_off(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule]
) -> None:
    by = cast.see("vera")
    assert [one.is_last for one in rule_list().rows] == [True]
    last = put_last(RuleDraft(way="turn", fallback="head"), by=by, at=MONDAY)
    rule("Окна", Wants(), "olga")
    assert [one.is_last for one in rule_list().rows] == [False, True]
    with pytest.raises(LastRuleError):
        move_rule(rule_id=last.pk, is_up=True, by=by, at=MONDAY)
    with pytest.raises(LastRuleError):
        switch_rule(rule_id=last.pk, is_on=False, by=by, at=MONDAY)
    with pytest.raises(RoutingRule.DoesNotExist):
        put_rule(RuleDraft("Узкое"), rule_id=last.pk, by=by, at=MONDAY)
    assert (rule_list().last.way, rule_list().last.fallback) == ("turn", "head")


def test_only_head_and_administrator_change_rules(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule]
) -> None:
    made = rule("Окна", Wants(), "olga")
    for who in ("lev", "olga", "audit"):
        by = cast.see(who)
        with pytest.raises(PermissionError):
            put_rule(RuleDraft("х"), rule_id=None, by=by, at=MONDAY)
        with pytest.raises(PermissionError):
            put_last(RuleDraft(), by=by, at=MONDAY)
        with pytest.raises(PermissionError):
            move_rule(rule_id=made.pk, is_up=True, by=by, at=MONDAY)
        with pytest.raises(PermissionError):
            switch_rule(rule_id=made.pk, is_on=False, by=by, at=MONDAY)
    assert rule_list().version == 2


@pytest.mark.parametrize(
    ("fallback", "who"), [("open", None), ("head", "vera"), ("person", "lev")]
)
def test_what_nobody_may_take_goes_where_the_last_rule_says(
    cast: SimpleNamespace, came: Callable[..., Routing], fallback: str, who: str | None
) -> None:
    by = cast.see("vera")
    draft = RuleDraft(fallback=fallback, falls_to_id=cast.lev.pk)
    put_last(draft, by=by, at=MONDAY)
    for one in ("olga", "oleg"):
        pk = getattr(cast, one).pk
        set_pause(person_id=pk, is_paused=True, reason="", by=by, at=MONDAY)
    got = came()
    to = getattr(cast, who).pk if who else None
    assert (got.how, got.person_id) == ("fallback" if who else "nobody", to)
    assert got.inquiry.manager_id == to
    assert {why for _pk, why, _until in got.barred} == {"paused"}


def test_a_named_fallback_must_be_there(cast: SimpleNamespace) -> None:
    with pytest.raises(BadRuleError):
        put_last(RuleDraft(fallback="person"), by=cast.see("vera"), at=MONDAY)


def away(cast: SimpleNamespace, who: str, stands_in: str | None = None) -> None:
    put_absence(
        person_id=getattr(cast, who).pk, kind="vacation", first_on=date(2026, 3, 4),
        last_on=date(2026, 3, 6), by=cast.see("vera"), at=MONDAY,
        stands_in_id=getattr(cast, stands_in).pk if stands_in else None,
    )  # fmt: skip


def test_who_is_absent_gets_nothing_and_it_is_said_until_when(
    cast: SimpleNamespace, came: Callable[..., Routing]
) -> None:
    away(cast, "olga")
    got = [came() for _ in range(4)]
    assert {one.person_id for one in got} == {cast.oleg.pk}
    assert got[0].barred == [[cast.olga.pk, "absent", "2026-03-06"]]
    back = came(at=datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert back.barred == []


def test_an_own_client_of_who_is_away_goes_to_the_stand_in_else_by_rules(
    cast: SimpleNamespace,
    came: Callable[..., Routing],
    make_client: Callable[..., Client],
) -> None:
    make_client("ООО «Свой»", "olga", phones=["+79123456789"])
    assert came(phone="+79123456789").how == "owner"
    away(cast, "olga", "lev")
    got = came(phone="+79123456789")
    assert (got.how, got.person_id) == ("stands_in", cast.lev.pk)
    away(cast, "lev")
    got = came(phone="+79123456789")
    assert (got.how, got.person_id) == ("competence", cast.oleg.pk)


def test_at_night_it_goes_to_who_starts_first_and_by_day_to_who_is_on_shift(
    cast: SimpleNamespace, came: Callable[..., Routing]
) -> None:
    week: list[tuple[int, int] | None] = [(7 * 60, 12 * 60)] * 5 + [None, None]
    set_duty(
        person_id=cast.olga.pk, week=week, cap=None, weight_percent=100, most_open=None,
        by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    got = came(at=NIGHT)
    assert (got.person_id, got.starts_at) == (
        cast.olga.pk, datetime(2026, 3, 5, 4, tzinfo=UTC),
    )  # fmt: skip
    assert got.barred == [[cast.oleg.pk, "off_shift", MORNING.isoformat()]]
    got = came(at=NOON + timedelta(hours=1))
    assert (got.person_id, got.starts_at) == (cast.oleg.pk, None)


def test_own_caps_weights_and_the_limit_of_open_work_hold(
    cast: SimpleNamespace,
    came: Callable[..., Routing],
    make_deal: Callable[..., Deal],
) -> None:
    by = cast.see("vera")
    put_last(RuleDraft(way="turn"), by=by, at=MONDAY)
    usual: dict[str, Any] = {"week": [], "by": by, "at": MONDAY}
    set_duty(person_id=cast.olga.pk, cap=None, weight_percent=50, most_open=None, **usual)
    got = [came().person_id for _ in range(9)]
    assert (got.count(cast.olga.pk), got.count(cast.oleg.pk)) == (3, 6)
    set_duty(person_id=cast.olga.pk, cap=4, weight_percent=300, most_open=None, **usual)
    more = [came() for _ in range(3)]
    olga, oleg = cast.olga.pk, cast.oleg.pk
    assert [one.person_id for one in more] == [olga, oleg, oleg]
    assert more[1].barred == [[olga, "cap", ""]]
    make_deal("oleg")
    set_duty(person_id=cast.oleg.pk, cap=None, weight_percent=100, most_open=9, **usual)
    assert Inquiry.objects.waiting().filter(manager=cast.oleg).count() == 8
    last = came()
    assert (last.how, last.person_id) == ("nobody", None)
    assert [cast.oleg.pk, "full", ""] in last.barred


def test_a_rules_own_cap_sends_the_rest_on(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    rule("Первые две", Wants(), "olga", cap=2)
    assert [came().rule for _ in range(3)] == ["Первые две", "Первые две", ""]
    last = Routing.objects.order_by("-pk")[0]
    assert last.passed == ["Первые две"]
    assert came(at=NOON + timedelta(days=1)).rule == "Первые две"


def test_an_override_is_a_fact_and_counted_by_rule(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    made = rule("Окна", Wants(), "olga")
    first, second = came(), came()
    by, to = cast.see("vera"), cast.oleg.pk
    for _ in range(2):
        assign_inquiry(
            inquiry_id=first.inquiry_id, to_id=to, by=by, at=NOON, reason="знает объект"
        )
    (fact,) = Fact.objects.filter(kind="inquiry.overridden")
    told = {"number": first.inquiry.number, "rule_id": made.pk, "rule": "Окна"}
    told |= {"chosen_id": cast.olga.pk, "from_id": cast.olga.pk, "to_id": to}
    assert fact.body == told | {"reason": "знает объект"}
    assert rule_counts(now=NOON) == {made.pk: (2, 1)}
    # Who was chosen hands it over: that is no override. Nor is giving it back.
    assign_inquiry(inquiry_id=second.inquiry_id, to_id=to, by=cast.see("olga"), at=NOON)
    assign_inquiry(inquiry_id=first.inquiry_id, to_id=cast.olga.pk, by=by, at=NOON)
    assert Fact.objects.filter(kind="inquiry.overridden").count() == 1
    assert rule_counts(now=NOON + timedelta(days=91)) == {}


def test_a_dry_decision_writes_nothing_and_moves_no_price(cast: SimpleNamespace) -> None:
    calendar = settings.calendar(settings.all_settings())
    asked = asked_at({"source": "Сайт"}, None, calendar, NOON)
    got = {dry_decision(asked, at=NOON)[0].person_id for _ in range(10)}
    assert got == {cast.olga.pk}
    assert (Routing.objects.count(), Inquiry.objects.count()) == (0, 0)


def test_rules_shifts_and_absences_cost_an_intake_no_query_once_known(
    cast: SimpleNamespace, rule: Callable[..., RoutingRule], came: Callable[..., Routing]
) -> None:
    rule("Окна", values(product="Окна"), "olga")
    away(cast, "olga", "oleg")
    # As a request does that finds the stamp moved.
    seen(10**6)
    came()
    with CaptureQueriesContext(connection) as caught:
        came()
    asked = " ".join(one["sql"] for one in caught.captured_queries)
    for table in ("people_duty", "people_absence", "people_skill", "inquiries_routingrule"):
        assert table not in asked
    assert "inquiries_rulesversion" not in asked


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Сколько стоит Daikin?", "ru"),
        ("How much, Ёж?", "en"),
        ("12 345", ""),
        ("да", ""),
        ("你好吗朋友", ""),
    ],
)
def test_the_language_is_guessed_by_letters(text: str, language: str) -> None:
    assert language_of(text) == language
