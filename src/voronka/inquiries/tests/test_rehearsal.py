"""Rules rehearsed on the past decide as they did then, know what was known, write nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import MONDAY
from voronka.clients.cards import NewClient, add_client, hand_over_client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal, Funnel, RefusalReason
from voronka.foundation import recent
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry, Learned, Routing, RoutingRule, RulesVersion
from voronka.inquiries.rehearsal import past
from voronka.inquiries.rehearsal.drafting import NEW, RuleChange, drafted
from voronka.inquiries.rehearsal.report import Rehearsal, rehearse
from voronka.inquiries.rule_changes import put_last, put_rule
from voronka.inquiries.rule_drafts import RuleDraft
from voronka.inquiries.rule_list import RuleRow, Target, rule_list
from voronka.journal.models import Fact
from voronka.people import settings
from voronka.people.absences import put_absence
from voronka.people.duty_changes import set_duty, set_pause
from voronka.people.models import Person
from voronka.routing.rules import Wants

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""A Wednesday, noon in Moscow."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
END = NOON + 20 * DAY


@pytest.fixture(autouse=True)
def _on(cast: SimpleNamespace, funnel: Funnel, reasons: SimpleNamespace) -> Iterator[None]:
    settings.change_setting(name="routing_on", value=True, by=cast.see("vera"), at=MONDAY)
    yield
    forget_all()


@pytest.fixture
def came(cast: SimpleNamespace) -> Callable[..., Inquiry]:
    """Let an inquiry come."""

    def made(at: datetime = NOON, **more: Any) -> Inquiry:
        new = NewInquiry(
            **{"channel": "form", "text": "Сколько стоит?", "source": "Сайт"} | more
        )
        return register_inquiry(new, by=cast.see("anna"), at=at)

    return made


def _rule(cast: SimpleNamespace, name: str, wants: Wants, *people: str, **more: Any) -> None:
    ids = tuple(getattr(cast, one).pk for one in people)
    draft = RuleDraft(name, wants, Target(ids), **more)
    put_rule(draft, rule_id=None, by=cast.see("vera"), at=MONDAY)


def _tried(draft: list[RuleRow] | None = None, **more: Any) -> Rehearsal:
    return rehearse(until=END, days=30, draft=draft, **more)


def _ended(
    cast: SimpleNamespace, inquiry: Inquiry, who: str, outcome: str, at: datetime | None
) -> Deal:
    """Let an inquiry become a deal of somebody that ends so."""
    by = cast.see(who)
    card = add_client(NewClient(name=f"Фирма {inquiry.pk}"), by=by, at=inquiry.arrived_at)
    deal = open_deal(client_id=card.pk, title="Окна", by=by, at=inquiry.arrived_at)
    reason = RefusalReason.objects.order_by("pk").first() if outcome == "lost" else None
    Deal.objects.filter(pk=deal.pk).update(outcome=outcome, closed_at=at, refusal_reason=reason)
    Inquiry.objects.filter(pk=inquiry.pk).update(
        deal=deal, client=card, manager=getattr(cast, who), state="targeted"
    )
    return deal


def test_the_rules_in_force_decide_as_they_did(
    cast: SimpleNamespace,
    came: Callable[..., Inquiry],
    make_client: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Caps, a rule's own cap, turns, open work, own clients, an absence, the night."""
    more = [
        Person.objects.create(
            email=f"m{n}@firm.example", name=f"М{n}", role="manager", team=cast.root
        )
        for n in range(4)
    ]
    forget_all()
    _rule(
        cast,
        "Звонки",
        Wants({"channel": frozenset({"call"})}),
        "olga",
        "oleg",
        way="turn",
        cap=2,
    )
    _rule(cast, "Почта", Wants({"channel": frozenset({"mail"})}), way="least_busy")
    for number, one in enumerate(more):
        set_duty(
            person_id=one.pk, week=[], cap=3, weight_percent=50 + 50 * (number % 2),
            most_open=9, by=cast.see("vera"), at=MONDAY,
        )  # fmt: skip
    put_absence(
        person_id=more[0].pk, kind="sick", first_on=date(2026, 3, 5), last_on=date(2026, 3, 6),
        stands_in_id=more[1].pk, by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    make_client("ООО «Свои»", phones=["+79161234567"])
    # As outside of a test's transaction: prices go on from one decision to the next.
    monkeypatch.setattr(recent, "_is_settled", lambda: True)
    channels = ("call", "form", "mail", "call", "form", "messenger", "call", "mail")
    for n in range(60):
        phone = "+79161234567" if n % 11 == 5 else f"+7916765{4000 + n}"
        came(NOON + n * 47 * MINUTE, channel=channels[n % 8], phone=phone)
    report = _tried()
    kept = list(Routing.objects.order_by("pk"))
    assert {one.how for one in kept} == {"owner", "rule", "competence"}
    assert any(one.starts_at for one in kept)
    assert (report.n, report.differences[0].elsewhere) == (60, 0)
    tried = report.tried
    assert {pk: one.n for pk, one in tried.shares.items()} == {
        pk: sum(one.person_id == pk for one in kept) for pk in {one.person_id for one in kept}
    }
    assert tried.own == sum(one.how == "owner" for one in kept)
    assert tried.later == sum(one.starts_at is not None for one in kept)
    for rule in RoutingRule.objects.all():
        got = sum(one.rule_id == rule.pk and one.how == "rule" for one in kept)
        assert tried.by_rules.get(rule.pk, 0) == got > 0
    assert report.differences[0].enough == ""


def test_nothing_is_written_and_only_asked(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    for n in range(12):
        _ended(cast, came(NOON + n * MINUTE), "olga" if n % 2 else "oleg", "won", NOON + DAY)
    tables = (Fact, Routing, RoutingRule, RulesVersion, Learned, Inquiry, Deal)
    before = [list(one.objects.order_by("pk").values()) for one in tables]
    draft = [
        *rule_list().rows[:-1],
        RuleRow(0, "", Wants(), Target(), way="turn", is_last=True),
    ]
    with CaptureQueriesContext(connection) as caught:
        first, again = _tried(draft), _tried(draft)
    assert first == again
    assert all(one["sql"].startswith("SELECT") for one in caught.captured_queries)
    assert [list(one.objects.order_by("pk").values()) for one in tables] == before


def test_it_learns_from_what_was_known_and_not_from_what_came_later(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    """Twenty wins of oleg decide about the next inquiry, unless they came after it."""
    early = [came(NOON + n * MINUTE, source="Выставка") for n in range(40)]
    for n, one in enumerate(early):
        who, outcome = ("oleg", "won") if n % 2 else ("olga", "lost")
        _ended(cast, one, who, outcome, NOON + 2 * DAY)
    asked = [came(NOON + 3 * DAY + n * 10 * MINUTE, source="Выставка") for n in range(3)]

    def given() -> list[int]:
        found = {e.inquiry.id: e.by_way["rules"] for e in _tried().examples}
        real = {one.pk: one.manager_id or 0 for one in Inquiry.objects.all()}
        return [found.get(one.pk, real[one.pk]) for one in asked]

    Inquiry.objects.filter(pk__in=[one.pk for one in asked]).update(manager=None)
    assert given() == [cast.oleg.pk] * 3
    Deal.objects.update(closed_at=NOON + 4 * DAY)
    assert given() != [cast.oleg.pk] * 3
    known_later = given()
    Deal.objects.update(outcome="", closed_at=None, refusal_reason=None)
    assert given() == known_later


def test_a_sum_that_a_later_deal_had_was_not_known(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    _rule(cast, "Крупные", Wants(least=1_000_000_00), "olga")
    one = came()
    deal = _ended(cast, one, "oleg", "", None)
    Deal.objects.filter(pk=deal.pk).update(amount_kopecks=5_000_000_00)
    assert list(_tried().tried.by_rules) == [0]
    came(NOON + MINUTE, marks={"amount": "3 000 000"})
    rule = RoutingRule.objects.get()
    assert _tried().tried.by_rules == {0: 1, rule.pk: 1}


def test_pauses_hours_and_who_was_there_are_those_of_the_time(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    by = cast.see("vera")
    pk = cast.olga.pk
    Person.objects.filter(pk=cast.oleg.pk).update(hired_on=date(2026, 3, 6))
    forget_all()

    def after(days: int) -> datetime:
        return NOON + days * DAY

    came(after(0))
    came(after(0) + MINUTE)
    set_pause(person_id=pk, is_paused=True, reason="", by=by, at=after(1))
    came(after(1) + MINUTE)
    set_pause(person_id=pk, is_paused=False, reason="", by=by, at=after(1) + 60 * MINUTE)
    came(after(1) + 90 * MINUTE)
    set_duty(
        person_id=pk, week=[], cap=1, weight_percent=100, most_open=None, by=by, at=after(5)
    )
    set_pause(person_id=pk, is_paused=True, reason="", by=by, at=after(6))
    report = _tried()
    # Oleg was not there, olga paused for an hour; her cap and her pause of now came later.
    assert (report.tried.shares[pk].n, report.tried.nobody) == (3, 1)
    Person.objects.filter(pk=pk).update(is_active=False, dismissed_at=after(1))
    forget_all()
    assert (_tried().tried.shares[pk].n, _tried().tried.nobody) == (2, 2)


def test_a_client_is_whose_it_was_at_the_moment(
    cast: SimpleNamespace, came: Callable[..., Inquiry], make_client: Callable[..., Any]
) -> None:
    client = make_client("ООО «Старые»", phones=["+79161234567"])
    first = came(NOON, phone="+79161234567")
    hand_over_client(
        client_id=client.pk, to_id=cast.oleg.pk, by=cast.see("vera"), at=NOON + DAY
    )
    second = came(NOON + 2 * DAY, phone="+79161234567")
    assert (first.manager_id, second.manager_id) == (cast.olga.pk, cast.oleg.pk)
    report = _tried()
    assert (report.tried.own, report.differences[0].elsewhere) == (2, 0)


def test_a_turn_goes_on_over_the_night(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    put_last(RuleDraft(way="turn"), by=cast.see("vera"), at=MONDAY)
    days = (0, 1, 2, 5)
    made = [came(NOON + n * DAY).manager_id for n in days]
    assert made == [cast.olga.pk, cast.oleg.pk] * 2
    report = _tried()
    assert (report.n, report.differences[0].elsewhere) == (4, 0)


def test_who_first_gets_a_new_client_keeps_them(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    """The card came of the first inquiry: in a draft it is of whom that one went to."""
    first = came(NOON)
    _ended(cast, first, "olga", "", None)
    first.refresh_from_db()
    second = came(NOON + 2 * DAY)
    Inquiry.objects.filter(pk=second.pk).update(client=first.client, manager=cast.olga)
    other = RuleRow(NEW, "Всё Олегу", Wants(), Target((cast.oleg.pk,)))
    report = _tried(drafted(rule_list().rows, {}, other))
    assert report.tried.shares[cast.oleg.pk].n == 2
    assert (report.tried.own, report.tried.by_rules) == (1, {NEW: 1})
    assert [one.came_before for one in report.examples] == [True, False]
    # Handed over since, they are whose they really are.
    by = cast.see("vera")
    hand_over_client(client_id=first.client_id or 0, to_id=cast.lev.pk, by=by, at=NOON + DAY)
    assert _tried(drafted(rule_list().rows, {}, other)).tried.shares[cast.lev.pk].n == 1
    Inquiry.objects.filter(pk=first.pk).update(client=None)
    assert _tried(drafted(rule_list().rows, {}, other)).tried.shares[cast.lev.pk].n == 1


def test_only_so_many_are_replayed_and_it_says_how_many_not(
    cast: SimpleNamespace, came: Callable[..., Inquiry], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [came(NOON + n * MINUTE) for n in range(5)]
    Inquiry.objects.filter(pk=made[4].pk).update(state="spam")
    monkeypatch.setattr(past, "MOST", 3)
    report = _tried()
    assert (report.n, report.left_out, report.since) == (3, 1, made[1].arrived_at)
    monkeypatch.setattr(past, "MOST", 4)
    assert (_tried().n, _tried().left_out) == (4, 0)


def test_a_draft_moves_switches_and_changes_rules() -> None:
    a, b, c = (RuleRow(n, name, Wants(), Target()) for n, name in enumerate("abc", start=1))
    last = RuleRow(9, "", Wants(), Target(), is_last=True)
    rows = [a, b, c, last]
    assert drafted(rows, {}) == rows

    def names(changes: dict[int, RuleChange], edited: RuleRow | None = None) -> str:
        return "".join(
            one.name or ("9" if one.way == "competence" else one.way)
            for one in drafted(rows, changes, edited)
            if one.is_on
        )

    def change(place: int, *, is_on: bool = True, way: str = "competence") -> RuleChange:
        return RuleChange(place, is_on, way)

    assert names({3: change(1)}) == "cab9"
    assert names({1: change(3)}) == "bca9"
    assert names({1: change(1), 2: change(3), 3: change(3)}) == "acb9"
    assert names({2: change(2, is_on=False)}) == "ac9"
    assert names({9: change(1, is_on=False, way="turn")}) == "abcturn"
    assert names({}, RuleRow(NEW, "n", Wants(), Target())) == "abcn9"
    assert names({}, RuleRow(2, "x", Wants(), Target())) == "axc9"
    edited = RuleRow(9, "", Wants(), Target(), way="least_busy", is_last=True)
    assert names({}, edited) == "abcleast_busy"


def test_the_last_rules_own_change_is_tried_too(
    cast: SimpleNamespace, came: Callable[..., Inquiry]
) -> None:
    put_last(RuleDraft(way="turn"), by=cast.see("vera"), at=MONDAY)
    for n in range(4):
        came(NOON + n * MINUTE)
    capped = [RuleRow(rule_list().last.id, "", Wants(), Target(), cap=1, is_last=True)]
    report = _tried(capped)
    assert (report.before.nobody, report.tried.nobody) == (0, 2)
    assert [(one.way, one.against) for one in report.differences] == [
        ("draft", "rules"),
        ("draft", "real"),
        ("rules", "real"),
    ]
