"""A slip that stands open too long is passed up, once per breach."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from conftest import MONDAY
from voronka.agenda.steps import set_step
from voronka.clients.models import Client
from voronka.control import watch
from voronka.control.escalating import escalate
from voronka.control.models import Slip
from voronka.deals.models import Deal, Stage
from voronka.deals.stage_moves import move_deal
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.settings import change_setting

# Norm of a working day from Monday noon: stuck from Tuesday noon on, passed up a day later.
STUCK = MONDAY + timedelta(hours=25)
LATE = STUCK + timedelta(hours=25)


@pytest.fixture
def deal(make_deal: Callable[..., Deal], cast: SimpleNamespace) -> Deal:
    """A deal of olga's that has a step far ahead, so that nothing but the norm can slip."""
    made = make_deal()
    Client.objects.update(completeness=100)
    far = MONDAY + timedelta(days=300)
    set_step(
        kind="task", title="Ждём", due_at=far, deal_id=made.pk, by=cast.see("olga"), at=MONDAY
    )
    return made


def told() -> list[Fact]:
    return list(Fact.objects.filter(kind="slip.escalated").order_by("pk"))


def look(*moments: datetime) -> list[int]:
    found = []
    for moment in moments:
        watch.look_at_all(now=moment)
        found.append(escalate(now=moment))
    return found


def test_a_stuck_deal_goes_to_the_lead_after_the_hours_and_only_once(
    deal: Deal, cast: SimpleNamespace
) -> None:
    assert look(STUCK, STUCK + timedelta(hours=8), LATE, LATE, LATE + timedelta(days=9)) == [
        0, 0, 1, 0, 0,
    ]  # fmt: skip
    slip = Slip.objects.get()
    assert (slip.rule, slip.escalated_at, slip.escalated_to) == ("stuck", LATE, cast.lev)
    (fact,) = told()
    assert (fact.body["slip_id"], fact.body["to_id"]) == (slip.pk, cast.lev.pk)
    assert fact.body["stood_seconds"] == 10 * 3600
    assert (fact.deal_id, fact.owner_id, fact.measure) == (
        deal.pk, cast.olga.pk, slip.money_kopecks,
    )  # fmt: skip
    assert watch.catch_up(now=LATE) == watch.Seen(0, 0)


def test_a_clock_that_jumps_back_passes_nothing_and_none_twice(
    deal: Deal, cast: SimpleNamespace
) -> None:
    assert look(STUCK) == [0]
    assert escalate(now=MONDAY - timedelta(days=30)) == 0
    assert escalate(now=LATE) == 1
    assert escalate(now=MONDAY - timedelta(days=30)) == 0
    assert escalate(now=LATE) == 0
    assert len(told()) == 1


def test_closed_and_open_anew_is_a_new_breach(deal: Deal, cast: SimpleNamespace) -> None:
    assert look(STUCK, LATE) == [0, 1]
    second = Stage.objects.get(place=2)
    move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=cast.see("olga"), at=LATE)
    assert look(LATE) == [0]
    assert not Slip.objects.filter(closed_at=None).exists()
    again = LATE + timedelta(days=10)
    assert look(again, again + timedelta(days=4)) == [0, 1]
    assert len({fact.body["slip_id"] for fact in told()}) == 2


def test_a_closed_slip_is_not_passed_up(deal: Deal, cast: SimpleNamespace) -> None:
    assert look(STUCK) == [0]
    Slip.objects.update(closed_at=STUCK, how="evidence")
    assert escalate(now=LATE) == 0


@pytest.mark.parametrize("gone", ["dismissed", "none", "another team"])
def test_without_a_lead_above_it_goes_to_the_head(
    gone: str, deal: Deal, cast: SimpleNamespace
) -> None:
    lead = Person.objects.filter(pk=cast.lev.pk)
    if gone == "dismissed":
        lead.update(is_active=False)
    elif gone == "none":
        lead.update(role="manager")
    else:
        Person.objects.filter(pk=cast.olga.pk).update(team=cast.root)
    assert look(STUCK, LATE) == [0, 1]
    assert Slip.objects.get().escalated_to == cast.vera


def test_a_lead_s_own_slip_goes_to_the_head_and_a_lead_further_up_comes_first(
    deal: Deal, cast: SimpleNamespace
) -> None:
    Deal.objects.update(manager=cast.lev)
    assert look(STUCK, LATE) == [0, 1]
    assert Slip.objects.get().escalated_to == cast.vera
    Slip.objects.update(escalated_at=None, escalated_to=None)
    upper = Person.objects.create(
        email="upper@firm.example", name="Upper", role="lead", team=cast.root
    )
    assert escalate(now=LATE) == 1
    assert Slip.objects.get().escalated_to == upper


def test_a_head_s_own_slip_goes_to_another_head_or_to_nobody(
    deal: Deal, cast: SimpleNamespace
) -> None:
    Deal.objects.update(manager=cast.vera)
    Person.objects.create(email="root@firm.example", name="Root", role="lead", team=cast.root)
    assert look(STUCK, LATE) == [0, 0]
    other = Person.objects.create(email="second@firm.example", name="Second", role="head")
    assert escalate(now=LATE) == 1
    assert Slip.objects.get().escalated_to == other


def test_nobody_s_goes_to_the_head_and_with_no_head_it_waits(
    deal: Deal, cast: SimpleNamespace
) -> None:
    Deal.objects.update(manager=None)
    head = Person.objects.filter(pk=cast.vera.pk)
    head.update(is_active=False)
    assert look(STUCK, LATE) == [0, 0]
    assert told() == []
    head.update(is_active=True)
    assert escalate(now=LATE) == 1
    assert Slip.objects.get().escalated_to == cast.vera


def test_an_inquiry_and_a_step_are_passed_up_and_a_thin_card_is_not(
    deal: Deal, cast: SimpleNamespace
) -> None:
    by = cast.see("olga")
    register_inquiry(NewInquiry(channel="form", name="Антон"), by=by, at=MONDAY)
    due = MONDAY + timedelta(hours=1)
    set_step(kind="task", title="Смета", due_at=due, deal_id=deal.pk, by=by, at=MONDAY)
    Client.objects.update(completeness=0)
    watch.look_at_all(now=MONDAY + timedelta(hours=2))
    assert escalate(now=MONDAY + timedelta(hours=27)) == 2
    passed = Slip.objects.exclude(escalated_at=None).values_list("rule", flat=True)
    assert sorted(passed) == ["overdue", "unanswered"]


def test_the_hours_are_a_setting_and_zero_passes_nothing(
    deal: Deal, cast: SimpleNamespace
) -> None:
    def hours(n: int) -> None:
        by = cast.see("anna")
        change_setting(name="escalation_hours", value=n, by=by, at=MONDAY)

    hours(0)
    assert look(STUCK, LATE) == [0, 0]
    hours(20)
    assert escalate(now=LATE) == 0
    hours(2)
    assert escalate(now=STUCK + timedelta(hours=1)) == 0
    assert escalate(now=STUCK + timedelta(hours=3)) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_pass_it_up_once(deal: Deal, cast: SimpleNamespace) -> None:
    watch.look_at_all(now=STUCK)
    forget_all()
    together, passed = Barrier(2), []

    def run() -> None:
        try:
            together.wait(timeout=10)
            passed.append(escalate(now=LATE))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(passed) == [0, 1]
    assert len(told()) == 1
