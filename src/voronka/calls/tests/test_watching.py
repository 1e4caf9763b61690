"""An exchange that says nothing of calls in working hours is noticed, and forgiven."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange, switch_exchange
from voronka.calls.operator import _note_problem
from voronka.calls.watching import look_for_silence
from voronka.people.models import Notice
from voronka.people.settings import change_setting
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def exchange(cast: SimpleNamespace) -> Exchange:
    return add_exchange(NewExchange(kind="generic", name="Офис"), by=SYSTEM, at=MONDAY)


def problem(exchange: Exchange) -> str:
    exchange.refresh_from_db()
    return exchange.problem


def heard(exchange: Exchange, after: timedelta) -> None:
    CallEvent.objects.create(
        exchange=exchange, source="hook", source_key=str(after), at=MONDAY + after, body="{}"
    )


def test_silence_of_four_working_hours_is_told_once(
    exchange: Exchange, cast: SimpleNamespace
) -> None:
    noon = MONDAY + DAY
    heard(exchange, DAY)
    assert look_for_silence(now=noon + 4 * HOUR - timedelta(minutes=1)) == 0
    assert look_for_silence(now=noon + 4 * HOUR) == 1
    assert problem(exchange) == "silent"
    assert exchange.problem_since == noon + 4 * HOUR
    assert look_for_silence(now=noon + 5 * HOUR) == 0
    told = Notice.objects.get(kind="exchange.silent")
    assert (told.person_id, told.about["name"]) == (cast.anna.pk, "Офис")
    heard(exchange, DAY + 5 * HOUR)
    assert look_for_silence(now=noon + 5 * HOUR) == 0
    assert problem(exchange) == ""
    assert Exchange.objects.get().problem_since is None


def test_a_list_that_we_asked_for_is_no_word_of_the_exchange(exchange: Exchange) -> None:
    heard(exchange, DAY)
    CallEvent.objects.create(
        exchange=exchange, source="history", source_key="1", at=MONDAY + DAY + 3 * HOUR,
        body="{}",
    )  # fmt: skip
    assert look_for_silence(now=MONDAY + DAY + 4 * HOUR) == 1


def test_a_night_is_no_silence(exchange: Exchange) -> None:
    heard(exchange, 8 * HOUR)
    assert look_for_silence(now=MONDAY + DAY) == 0
    assert problem(exchange) == ""


def test_one_just_switched_on_has_time_and_one_that_is_off_has_no_problem(
    exchange: Exchange,
) -> None:
    later = MONDAY + 8 * DAY
    switch_exchange(exchange_id=exchange.pk, is_on=False, by=SYSTEM, at=MONDAY)
    assert look_for_silence(now=later) == 0
    switch_exchange(exchange_id=exchange.pk, is_on=True, by=SYSTEM, at=later)
    assert look_for_silence(now=later + HOUR) == 0
    assert look_for_silence(now=later + DAY) == 1
    switch_exchange(exchange_id=exchange.pk, is_on=False, by=SYSTEM, at=later + DAY)
    assert look_for_silence(now=later + DAY) == 0
    assert problem(exchange) == ""


def test_another_problem_stays_and_zero_hours_switch_the_watch_off(exchange: Exchange) -> None:
    later = MONDAY + 2 * DAY
    Exchange.objects.filter(pk=exchange.pk).update(problem="unreachable")
    assert look_for_silence(now=later) == 0
    assert problem(exchange) == "unreachable"
    Exchange.objects.filter(pk=exchange.pk).update(problem="silent")
    change_setting(name="silent_hours", value=0, by=SYSTEM, at=later)
    assert look_for_silence(now=later) == 0
    assert problem(exchange) == ""


def test_a_line_that_comes_up_again_does_not_end_the_silence(exchange: Exchange) -> None:
    for was, code, now_is in (
        ("silent", "", "silent"), ("unreachable", "", ""), ("silent", "gone", "gone"),
    ):  # fmt: skip
        Exchange.objects.filter(pk=exchange.pk).update(problem=was)
        _note_problem(exchange.pk, code)
        assert problem(exchange) == now_is
