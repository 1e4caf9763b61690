"""What is not accepted in time goes on: the next best, the team's lead, the head."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections

from conftest import MONDAY
from voronka.clients.models import Client
from voronka.foundation.recent import forget_all
from voronka.inquiries.accepting import NotYoursToAcceptError, accept_inquiry, see_inquiry
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    assign_inquiry,
    classify_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry, LetPass, Routing
from voronka.inquiries.passing_on import pass_on_late
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# 17:58 in Moscow on Monday.
EVENING = datetime(2026, 3, 2, 14, 58, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 6, tzinfo=UTC)


@pytest.fixture
def on(cast: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Routing, and five minutes to accept; three managers: oleg, olga and rita."""
    cast.rita = Person.objects.create(
        email="rita@firm.example", name="Rita", role="manager", team=cast.group
    )
    for name, value in (("routing_on", True), ("accept_minutes", 5)):
        change_setting(name=name, value=value, by=cast.see("vera"), at=MONDAY)
    yield cast
    forget_all()


def came(at: datetime = MONDAY, **more: Any) -> Inquiry:
    return register_inquiry(
        NewInquiry(channel="form", text="Сколько стоит?", **more), by=SYSTEM, at=at
    )


def who_has(inquiry: Inquiry) -> str:
    inquiry.refresh_from_db()
    return inquiry.manager.name.lower() if inquiry.manager else ""


def told(kind: str) -> list[dict[str, Any]]:
    facts = Fact.objects.filter(kind=f"inquiry.{kind}").order_by("pk")
    return list(facts.values_list("body", flat=True))


def test_it_goes_down_the_list_then_to_the_lead_then_to_the_head(on: SimpleNamespace) -> None:
    made = came()
    first = who_has(made)
    order = [one["person"] for one in Routing.objects.get().scored]
    assert made.accept_until == MONDAY + 5 * MINUTE
    assert pass_on_late(now=MONDAY + 5 * MINUTE - timedelta(seconds=1)) == 0
    had, moments = [first], [MONDAY + n * 5 * MINUTE for n in range(1, 12)]
    for now in moments:
        if pass_on_late(now=now):
            had.append(who_has(made))
            assert made.assigned_at == now
        assert pass_on_late(now=now) == 0
    names = {pk: name.lower() for pk, name in Person.objects.values_list("pk", "name")}
    assert had[:3] == [names[pk] for pk in order]
    # Oleg is in no lead's team: whoever was last tells whether a lead is asked.
    assert had[3:] in (["lev", "vera"], ["vera"])
    assert len(set(had)) == len(had)
    assert made.accept_until is None
    hops = told("passed_on")
    assert [one["hop"] for one in hops] == list(range(1, len(had)))
    assert [one["how"] for one in hops][:2] == ["next", "next"]
    assert hops[-1]["how"] == "head"
    assert {one["held_seconds"] for one in hops} == {300}
    assert [names[one["from_id"]] for one in hops] == had[:-1]
    assert [names[one["to_id"]] for one in told("assigned")] == had


def test_after_the_hops_of_the_setting_the_lead_of_who_had_it_last_gets_it(
    on: SimpleNamespace,
) -> None:
    change_setting(name="accept_hops", value=0, by=on.see("vera"), at=MONDAY)
    made = came(manager_id=on.olga.pk)
    had = []
    for n in range(1, 5):
        pass_on_late(now=MONDAY + n * 5 * MINUTE)
        had.append(who_has(made))
    assert had == ["lev", "vera", "vera", "vera"]
    assert [row.how for row in Routing.objects.order_by("pk")] == ["lead", "head"]
    last = Routing.objects.order_by("-pk")[0]
    assert last.barred == [[on.lev.pk, "passed", ""], [on.olga.pk, "passed", ""]]


def test_without_routing_it_goes_up_at_once(on: SimpleNamespace) -> None:
    change_setting(name="routing_on", value=False, by=on.see("vera"), at=MONDAY)
    made = came(manager_id=on.olga.pk)
    assert pass_on_late(now=MONDAY + HOUR) == 1
    assert who_has(made) == "lev"


def test_an_own_client_let_pass_goes_to_another_by_a_new_decision(
    on: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    make_client("ООО «Свой»", "oleg", phones=["+79123456789"])
    made = came(phone="+79123456789")
    assert (who_has(made), Routing.objects.get().how) == ("oleg", "owner")
    pass_on_late(now=MONDAY + HOUR)
    assert who_has(made) in ("olga", "rita")
    second = Routing.objects.order_by("-pk")[0]
    assert (second.how, second.barred) == ("competence", [[on.oleg.pk, "passed", ""]])
    pass_on_late(now=MONDAY + 2 * HOUR)
    assert Routing.objects.order_by("-pk")[0].how == "next"
    assert {row.person_id for row in LetPass.objects.all()} | {made.manager_id} <= {
        on.oleg.pk, on.olga.pk, on.rita.pk,
    }  # fmt: skip


def test_who_left_or_is_full_meanwhile_is_passed_over(on: SimpleNamespace) -> None:
    made = came()
    first, second, third = (one["person"] for one in Routing.objects.get().scored)
    Person.objects.filter(pk=second).update(is_active=False)
    forget_all()
    pass_on_late(now=MONDAY + HOUR)
    made.refresh_from_db()
    assert (LetPass.objects.get().person_id, made.manager_id) == (first, third)


def test_nights_do_not_run_the_timer(on: SimpleNamespace) -> None:
    made = came(EVENING)
    assert made.accept_until == TUESDAY + 3 * MINUTE
    assert pass_on_late(now=TUESDAY + 2 * MINUTE) == 0
    assert pass_on_late(now=TUESDAY + 3 * MINUTE) == 1
    assert told("passed_on")[0]["held_seconds"] == 300


def test_accepted_it_stays_and_the_wait_tells_when(on: SimpleNamespace) -> None:
    made = came(manager_id=on.olga.pk)
    with pytest.raises(NotYoursToAcceptError):
        accept_inquiry(inquiry_id=made.pk, by=on.see("vera"), at=MONDAY + MINUTE)
    for n in (2, 3):
        accept_inquiry(inquiry_id=made.pk, by=on.see("olga"), at=MONDAY + n * MINUTE)
    assert pass_on_late(now=MONDAY + HOUR) == 0
    answer_inquiry(inquiry_id=made.pk, by=on.see("olga"), at=MONDAY + 10 * MINUTE)
    assert [one["notify_seconds"] for one in told("accepted")] == [120]
    said = told("answered")[0]
    parts = ("assign_seconds", "notify_seconds", "react_seconds")
    assert [said[part] for part in parts] == [0, 120, 480]


def test_taking_what_nobody_has_is_accepting_it(on: SimpleNamespace) -> None:
    change_setting(name="routing_on", value=False, by=on.see("vera"), at=MONDAY)
    made = came()
    accept_inquiry(inquiry_id=made.pk, by=on.see("olga"), at=MONDAY + MINUTE)
    made.refresh_from_db()
    assert (made.manager_id, made.accepted_at) == (on.olga.pk, MONDAY + MINUTE)
    assert (made.accept_until, len(told("assigned"))) == (None, 1)


def test_opening_it_is_seen_once_and_stops_no_timer(on: SimpleNamespace) -> None:
    made = came(manager_id=on.olga.pk)
    by = on.see("olga")
    seen = [
        see_inquiry(inquiry_id=made.pk, by=who, at=MONDAY + n * MINUTE)
        for n, who in ((1, on.see("vera")), (2, by), (3, by))
    ]
    assert seen == [False, True, False]
    assert [one["notify_seconds"] for one in told("seen")] == [120]
    assert pass_on_late(now=MONDAY + 5 * MINUTE) == 1
    made.refresh_from_db()
    assert made.seen_at is None


@pytest.mark.parametrize("act", ["answer", "spam", "targeted", "by hand"])
def test_whoever_works_on_it_keeps_it(act: str, on: SimpleNamespace) -> None:
    made, by, at = came(manager_id=on.olga.pk), on.see("olga"), MONDAY + 4 * MINUTE
    if act == "answer":
        answer_inquiry(inquiry_id=made.pk, by=by, at=at)
    elif act == "by hand":
        made = register_inquiry(
            NewInquiry(channel="call", text="?", manager_id=on.olga.pk), by=by, at=MONDAY
        )
        Inquiry.objects.exclude(pk=made.pk).delete()
    else:
        classify_inquiry(inquiry_id=made.pk, state=act, reason="так", by=by, at=at)
    assert pass_on_late(now=MONDAY + HOUR) == 0
    assert who_has(made) == "olga"


def test_given_by_hand_the_timer_starts_anew_and_who_let_it_pass_gets_it_no_more(
    on: SimpleNamespace,
) -> None:
    made = came(manager_id=on.olga.pk)
    pass_on_late(now=MONDAY + 5 * MINUTE)
    other = who_has(made)
    assert other in ("oleg", "rita")
    at = MONDAY + 8 * MINUTE
    assign_inquiry(inquiry_id=made.pk, to_id=on.olga.pk, by=on.see("vera"), at=at)
    assert pass_on_late(now=MONDAY + 12 * MINUTE) == 0
    assert pass_on_late(now=MONDAY + 13 * MINUTE) == 1
    assert who_has(made) in ("oleg", "rita")
    assert LetPass.objects.filter(person=on.olga).count() == 2
    assert LetPass.objects.count() == 2


def test_switched_off_nothing_moves(on: SimpleNamespace) -> None:
    made = came(manager_id=on.olga.pk)
    change_setting(name="accept_minutes", value=0, by=on.see("vera"), at=MONDAY)
    assert pass_on_late(now=MONDAY + HOUR) == 0
    assert who_has(made) == "olga"
    assert came().accept_until is None


def test_where_nobody_is_left_it_stays(on: SimpleNamespace) -> None:
    made = came(manager_id=on.olga.pk)
    Person.objects.exclude(pk=on.olga.pk).update(is_active=False)
    forget_all()
    facts = Fact.objects.count()
    assert pass_on_late(now=MONDAY + HOUR) == 0
    assert (who_has(made), Fact.objects.count()) == ("olga", facts)


def test_a_clock_that_jumps_moves_nothing_wrongly(on: SimpleNamespace) -> None:
    made = came()
    # Set back by an hour, and right again.
    assert pass_on_late(now=MONDAY - HOUR) == 0
    assert pass_on_late(now=MONDAY + MINUTE) == 0
    # Given while the clock was a day ahead; then it was set right.
    ahead = came(MONDAY + timedelta(days=1))
    assert pass_on_late(now=MONDAY + 5 * MINUTE) == 1
    assert LetPass.objects.get().inquiry_id == made.pk
    ahead.refresh_from_db()
    assert ahead.accept_until == MONDAY + timedelta(days=1) + 5 * MINUTE


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_move_each_once(on: SimpleNamespace) -> None:
    made = [came() for _ in range(12)]
    together, moved = Barrier(2), []

    def run() -> None:
        try:
            together.wait(timeout=10)
            moved.append(pass_on_late(now=MONDAY + 5 * MINUTE))
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (len(moved), sum(moved)) == (2, len(made))
    assert LetPass.objects.count() == len(told("passed_on")) == len(made)
    assert LetPass.objects.values("inquiry").distinct().count() == len(made)
