"""A real talk answers whoever waits under its number; nothing else does."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.recording import NewCall, record_call
from voronka.control.models import Slip
from voronka.control.watch import catch_up, look_at_all
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.models import Inquiry
from voronka.journal.models import Fact
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
PHONE = "8 912 000-11-22"
Arrive = Callable[..., Inquiry]


@pytest.fixture
def arrive(cast: SimpleNamespace) -> Arrive:
    def made(**more: Any) -> Inquiry:
        wanted = {"channel": "form", "phone": PHONE, "manager_id": cast.olga.pk} | more
        return register_inquiry(NewInquiry(**wanted), by=SYSTEM, at=MONDAY)

    return made


def ring(minutes: int, **more: Any) -> None:
    wanted: dict[str, Any] = {
        "direction": "out", "phone": PHONE, "manager_id": None, "is_answered": True,
        "talk_seconds": 60,
    } | more  # fmt: skip
    record_call(NewCall(started_at=MONDAY + minutes * MINUTE, **wanted), by=SYSTEM)


def test_a_talk_answers_and_the_slip_closes_by_itself(
    cast: SimpleNamespace, arrive: Arrive
) -> None:
    made = arrive()
    look_at_all(now=MONDAY + 40 * MINUTE)
    slip = Slip.objects.get(rule="unanswered")
    ring(50, manager_id=cast.olga.pk, wait_seconds=20, external_id="c1")
    ring(50, manager_id=cast.olga.pk, wait_seconds=20, external_id="c1")
    made.refresh_from_db()
    assert made.answered_at == MONDAY + 50 * MINUTE + 20 * SECOND
    assert made.answer_seconds == 50 * 60 + 20
    fact = Fact.objects.get(kind="inquiry.answered")
    assert (fact.by_id, fact.owner_id, fact.body["channel"]) == (
        cast.olga.pk, cast.olga.pk, "call",
    )  # fmt: skip
    catch_up(now=MONDAY + 52 * MINUTE)
    slip.refresh_from_db()
    assert (slip.how, slip.closing) == (
        "evidence", {"fact_id": fact.pk, "kind": "inquiry.answered"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        {"talk_seconds": 9},
        {"talk_seconds": 0, "is_answered": False},
        {"direction": "in", "talk_seconds": 0, "is_answered": False, "wait_seconds": 40},
        {"direction": "in", "talk_seconds": 9},
        {"phone": "8 912 000-11-23"},
    ],
)
def test_a_short_a_missed_and_another_number_s_call_answer_nobody(
    call: dict[str, Any], arrive: Arrive
) -> None:
    made = arrive()
    look_at_all(now=MONDAY + 40 * MINUTE)
    ring(50, **call)
    made.refresh_from_db()
    assert made.answered_at is None
    catch_up(now=MONDAY + 55 * MINUTE)
    assert Slip.objects.get(rule="unanswered").closed_at is None


def test_ten_seconds_are_a_talk_in_either_direction(arrive: Arrive) -> None:
    for n, direction in enumerate(("in", "out"), start=1):
        phone = f"8 912 000-11-2{n}"
        made = arrive(phone=phone)
        ring(5, direction=direction, talk_seconds=10, phone=phone)
        made.refresh_from_db()
        assert made.answer_seconds == 300


def test_a_talk_before_it_came_answers_nothing_and_one_it_fell_into_answers_at_once(
    arrive: Arrive,
) -> None:
    made = arrive()
    ring(-10, talk_seconds=599)
    made.refresh_from_db()
    assert made.answered_at is None
    ring(-10, talk_seconds=900)
    made = Inquiry.objects.get()
    assert (made.answered_at, made.answer_seconds) == (MONDAY, 0)


def test_all_that_wait_under_the_number_are_answered_and_whoever_talked_takes_what_is_free(
    cast: SimpleNamespace, arrive: Arrive
) -> None:
    hers, free = arrive(), arrive(manager_id=None)
    ring(5, direction="in", manager_id=cast.oleg.pk)
    for one in (hers, free):
        one.refresh_from_db()
    assert (hers.manager_id, free.manager_id) == (cast.olga.pk, cast.oleg.pk)
    assert not Inquiry.objects.waiting().exists()
    facts = Fact.objects.filter(kind="inquiry.answered").order_by("pk")
    assert [fact.by_id for fact in facts] == [cast.oleg.pk, cast.oleg.pk]
    ring(9)
    assert facts.count() == 2
