"""Slips of inquiries: not answered, not classified; up to the lead, then to the head."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from conftest import MONDAY
from voronka.control import watch
from voronka.control.escalating import escalate
from voronka.control.models import Slip
from voronka.deals.models import Deal
from voronka.deals.stage_moves import win_deal
from voronka.foundation.recent import forget_all
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    classify_inquiry,
    register_inquiry,
)
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def inquiry(cast: SimpleNamespace) -> Inquiry:
    new = NewInquiry(channel="form", text="Цена?", manager_id=cast.olga.pk)
    return register_inquiry(new, by=SYSTEM, at=MONDAY)


def rules() -> list[str]:
    return sorted(Slip.objects.filter(closed_at=None).values_list("rule", flat=True))


def look(*moments: object) -> list[int]:
    passed = []
    for now in moments:
        watch.look_at_all(now=now)  # type: ignore[arg-type]
        passed.append(escalate(now=now))  # type: ignore[arg-type]
    return passed


def passed_up() -> list[tuple[int, int, int]]:
    facts = Fact.objects.filter(kind="slip.escalated").order_by("pk")
    return [(f.body["to_id"], f.body["step"], f.body["stood_seconds"]) for f in facts]


def test_answered_and_not_classified_it_is_a_slip_past_the_norm_and_a_word_closes_it(
    inquiry: Inquiry, cast: SimpleNamespace, make_deal: Callable[..., Deal]
) -> None:
    win_deal(deal_id=make_deal(amount=200_000_00).pk, by=cast.see("olga"), at=MONDAY)
    by = cast.see("olga")
    answer_inquiry(inquiry_id=inquiry.pk, by=by, at=MONDAY + MINUTE)
    # Four working hours from 12:00 in Moscow.
    watch.look_at_all(now=MONDAY + 4 * HOUR)
    assert rules() == []
    watch.look_at_all(now=MONDAY + 4 * HOUR + MINUTE)
    slip = Slip.objects.get()
    assert (slip.rule, slip.manager_id, slip.inquiry_id) == (
        "unclassified", cast.olga.pk, inquiry.pk,
    )  # fmt: skip
    assert slip.since == MONDAY + 4 * HOUR
    # 200 000 x the first stage's 30 % x a tenth of the chance.
    assert slip.money_kopecks == 6_000_00
    at = MONDAY + 5 * HOUR
    classify_inquiry(inquiry_id=inquiry.pk, state="targeted", reason="", by=by, at=at)
    watch.catch_up(now=at)
    slip.refresh_from_db()
    assert (slip.how, slip.closing["kind"]) == ("evidence", "inquiry.classified")


def test_an_inquiry_breaks_one_rule_at_a_time(inquiry: Inquiry, cast: SimpleNamespace) -> None:
    watch.look_at_all(now=TUESDAY)
    assert rules() == ["unanswered"]
    answer_inquiry(inquiry_id=inquiry.pk, by=cast.see("olga"), at=TUESDAY)
    watch.catch_up(now=TUESDAY)
    assert rules() == ["unclassified"]
    # What was loaded from long ago asks nobody.
    Inquiry.objects.update(arrived_at=TUESDAY - timedelta(days=31))
    watch.look_at_all(now=TUESDAY)
    assert rules() == []


def test_at_the_norm_the_lead_gets_it_and_the_head_after_a_further_time_each_once(
    inquiry: Inquiry, cast: SimpleNamespace
) -> None:
    at = [MONDAY + n * MINUTE for n in (30, 31, 32, 60, 61, 62, 90, 500)]
    assert look(*at) == [0, 1, 0, 0, 1, 0, 0, 0]
    assert passed_up() == [(cast.lev.pk, 1, 0), (cast.vera.pk, 2, 30 * 60)]
    slip = Slip.objects.get()
    assert (slip.escalated_at, slip.raised_at) == (at[1], at[4])
    assert slip.escalated_to_id == cast.vera.pk


def test_the_further_time_is_working_time_and_a_setting(
    inquiry: Inquiry, cast: SimpleNamespace
) -> None:
    def minutes(n: int) -> None:
        by = cast.see("anna")
        change_setting(name="escalation_head_minutes", value=n, by=by, at=MONDAY)

    # 17:40 in Moscow; the head's twenty-five minutes are over at 9:05.
    evening, morning = MONDAY + 5 * HOUR + 40 * MINUTE, TUESDAY - 3 * HOUR
    minutes(25)
    assert look(evening, evening + 2 * HOUR, morning + 4 * MINUTE) == [1, 0, 0]
    minutes(0)
    assert look(morning + 5 * MINUTE) == [0]
    minutes(25)
    assert look(morning + 5 * MINUTE) == [1]


def test_a_clock_set_back_passes_nothing_and_an_answer_stops_it(
    inquiry: Inquiry, cast: SimpleNamespace
) -> None:
    late = MONDAY + 40 * MINUTE
    assert look(late) == [1]
    assert escalate(now=late - 3 * HOUR) == 0
    answer_inquiry(inquiry_id=inquiry.pk, by=cast.see("olga"), at=late + MINUTE)
    assert look(late + 2 * MINUTE, late + 3 * HOUR) == [0, 0]


def test_without_a_lead_the_head_gets_it_at_once_and_only_once(
    inquiry: Inquiry, cast: SimpleNamespace
) -> None:
    Person.objects.filter(pk=cast.lev.pk).update(is_active=False)
    at = [MONDAY + n * MINUTE for n in (31, 61, 62, 300)]
    assert look(*at) == [1, 0, 0, 0]
    assert passed_up() == [(cast.vera.pk, 1, 0)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_each_step_once(inquiry: Inquiry, cast: SimpleNamespace) -> None:
    watch.look_at_all(now=MONDAY + 31 * MINUTE)
    for n in (31, 61):
        forget_all()
        together = Barrier(2)
        passed: list[int] = []

        def run(n: int = n, together: Barrier = together, passed: list[int] = passed) -> None:
            try:
                together.wait(timeout=10)
                passed.append(escalate(now=MONDAY + n * MINUTE))
            finally:
                connections.close_all()

        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert sorted(passed) == [0, 1]
    assert [step for _to, step, _stood in passed_up()] == [1, 2]
