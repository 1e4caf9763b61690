"""K5 to K7 by hand: who rang in vain, who was lost, and how soon the others were rung."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from conftest import MONDAY
from voronka.calls.call_backs import settle
from voronka.calls.conditions import Conditions, calls_where
from voronka.calls.day_sums import norms_of
from voronka.calls.models import Call
from voronka.calls.queries import Returns, returns
from voronka.calls.recording import NewCall, record_call
from voronka.foundation.worktime import russian_calendar
from voronka.journal import actions as journal
from voronka.journal.kinds import CallEnded
from voronka.kpi import registry, source
from voronka.kpi.conventions import Figure, month_of
from voronka.people.settings import DEFAULTS
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
CALENDAR = russian_calendar()
MARCH = month_of(date(2026, 3, 2), CALENDAR)
MINUTE = timedelta(minutes=1)


def figure(code: str, cast: SimpleNamespace, minutes: int = 600, who: str = "vera") -> Figure:
    material = source.read(
        viewer=cast.see(who), period=MARCH, now=MONDAY + minutes * MINUTE, calendar=CALENDAR,
        settings=DEFAULTS,
    )  # fmt: skip
    return registry.FROM_JOURNAL[code](material)


def missed(number: int, minutes: float, person_id: int) -> Call:
    return record_call(
        NewCall(
            started_at=MONDAY + minutes * MINUTE - timedelta(seconds=20), direction="in",
            phone=f"+7900000100{number}", manager_id=person_id, is_answered=False,
            wait_seconds=20,
        ),
        by=SYSTEM,
    )  # fmt: skip


def talk(number: int, minutes: float, person_id: int, direction: str = "out") -> Call:
    return record_call(
        NewCall(
            started_at=MONDAY + minutes * MINUTE, direction=direction,
            phone=f"+7900000100{number}", manager_id=person_id, is_answered=True,
            talk_seconds=30,
        ),
        by=SYSTEM,
    )  # fmt: skip


@pytest.fixture
def calls(cast: SimpleNamespace) -> Call:
    """One rung back in 10 minutes, one in 20, one rang again himself, one never, and two in
    the evening: one of them rung next morning.
    """
    olga, oleg = cast.olga.pk, cast.oleg.pk
    for n in range(1, 5):
        missed(n, 0, olga)
    missed(1, 4, olga)
    first = talk(1, 10, olga)
    talk(2, 20, oleg)
    talk(3, 5, oleg, "in")
    # Nine in the evening in Moscow; rung at 9:12.
    missed(5, 540, olga)
    talk(5, 1260 + 12, olga)
    missed(6, 595, oleg)
    return first


def test_lost_is_who_was_not_talked_with_by_the_deadline(
    cast: SimpleNamespace, calls: Call
) -> None:
    k6 = figure("K6", cast, 1300)
    # Numbers 1 to 6; 2 was rung too late, 4 and 6 never.
    assert (k6.parts["part"], k6.parts["whole"]) == (3, 6)
    assert (k6.parts["waiting"], k6.parts["never"]) == (0, 2)
    early = figure("K6", cast, 600)
    # Both that rang in the evening are due in the morning.
    assert (early.parts["part"], early.parts["whole"], early.parts["waiting"]) == (2, 4, 2)
    assert figure("K6", cast, 14).parts["waiting"] == 2


def test_a_number_counts_once_and_lost_if_it_ever_was(
    cast: SimpleNamespace, calls: Call
) -> None:
    missed(1, 30, cast.olga.pk)
    k6 = figure("K6", cast, 1300)
    assert (k6.parts["part"], k6.parts["whole"]) == (4, 6)


def test_how_soon_we_ring_back_and_who_rang_again_himself_apart(
    cast: SimpleNamespace, calls: Call
) -> None:
    k7 = figure("K7", cast, 1300)
    # 10, 20 and 12 minutes; two were not rung to this day.
    assert (k7.value, k7.n, k7.parts["p90"]) == (12 * 60, 3, 20 * 60)
    assert (k7.parts["they"], k7.parts["they_median"]) == (1, 5 * 60)
    assert (k7.parts["in_norm"], k7.parts["still"], k7.parts["norm"]) == (2 / 5, 2, 900)
    assert {row.label for row in k7.rows} == {"we", "other"}


def test_each_sees_the_own_ones(cast: SimpleNamespace, calls: Call) -> None:
    assert figure("K6", cast, 1300, "oleg").parts["whole"] == 1
    assert figure("K6", cast, 1300, "olga").parts["whole"] == 5


def page(cast: SimpleNamespace, who: str = "vera") -> Returns:
    """What the page of calls says of March; its list is as long as its figure says."""
    asked = Conditions(start=MARCH.start, end=MARCH.end, kind="not_returned")
    found = returns(viewer=cast.see(who), asked=asked)
    rows = calls_where(cast.see(who), asked, norms_of(DEFAULTS))
    assert rows.count() == found.lost
    return found


def agree(cast: SimpleNamespace, who: str = "vera") -> bool:
    """Say whether the page says what K6 and K7 say, once all deadlines have passed."""
    told = page(cast, who)
    k6, k7 = (figure(code, cast, 60 * 24 * 20, who) for code in ("K6", "K7"))
    lost, ours = k6.parts["never"], k7.n
    whole = lost + ours + k7.parts["they"]
    they, value = k7.parts["they"], k7.value
    return (told.whole, told.lost, told.by_client, told.median_seconds) == (
        whole, lost, they, value,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["vera", "lev", "olga", "oleg"])
def test_the_page_of_calls_says_the_same_to_everybody(
    cast: SimpleNamespace, calls: Call, who: str
) -> None:
    assert agree(cast, who)


def test_the_page_of_calls_says_the_same_of_what_is_told_late(
    cast: SimpleNamespace, calls: Call
) -> None:
    olga = cast.olga.pk
    assert (page(cast).whole, page(cast).lost) == (6, 2)
    # Of number 4 a talk is told after all else, and of 2 that she had rung before.
    talk(4, 3, olga)
    missed(2, -10, olga)
    missed(1, 30, olga)
    assert (page(cast).whole, page(cast).lost) == (7, 2)
    assert agree(cast)
    Call.objects.filter(pk=calls.pk).update(removed_at=MONDAY + 700 * MINUTE)
    settle(now=MONDAY + 700 * MINUTE)
    assert agree(cast)


def test_a_talk_taken_back_makes_the_number_lost_again(
    cast: SimpleNamespace, calls: Call
) -> None:
    Call.objects.filter(pk=calls.pk).update(removed_at=MONDAY + 700 * MINUTE)
    settle(now=MONDAY + 700 * MINUTE)
    assert figure("K6", cast, 1300).parts["never"] == 3
    assert figure("K7", cast, 1300).n == 2


def test_the_menu_and_a_busy_line_are_told_apart_from_giving_up(cast: SimpleNamespace) -> None:
    with transaction.atomic():
        for n, (outcome, wait, menu) in enumerate(
            (
                ("missed", 30, True),
                ("busy", 1, False),
                ("missed", 1, False),
                ("missed", 9, False),
            )
        ):
            body = CallEnded(
                call_id=n, direction="in", is_answered=False, wait_seconds=wait, talk_seconds=0,
                phone="+79000001000", in_hours=True, outcome=outcome, is_menu_only=menu,
            )  # fmt: skip
            about = journal.About(case=f"call:{n}", owner_id=cast.olga.pk)
            journal.record(body, about=about, by_id=None, at=MONDAY)
    k5 = figure("K5", cast)
    assert (k5.value, k5.parts["given_up"], k5.parts["menu"]) == (2, 1, 1)
