"""K29: the share recorded before leaving, its spread, its link with wins, late ones apart."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.deals.indicators import put_indicator, record_indicator
from voronka.deals.models import Deal, Stage
from voronka.deals.stage_moves import lose_deal, move_deal, win_deal
from voronka.foundation.shares import wilson
from voronka.foundation.worktime import WorkCalendar
from voronka.kpi.conventions import month_of
from voronka.kpi.stage_indicator import StageIndicator, stage_indicator
from voronka.people import settings

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Course = Callable[..., Deal]


@pytest.fixture
def course(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], reasons: SimpleNamespace
) -> Course:
    """Take a deal of olga's from the first stage on, recording a value (or `late`)."""

    def go(value: str = "", *, late: str = "", end: str = "", moves: bool = True) -> Deal:
        deal, by = make_deal(), cast.see("olga")
        first, second = Stage.objects.order_by("place")[:2]

        def record(text: str, at: datetime) -> None:
            record_indicator(deal_id=deal.pk, stage_id=first.pk, text=text, by=by, at=at)

        if value:
            record(value, MONDAY + HOUR)
        if moves:
            move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=by, at=MONDAY + 2 * HOUR)
        if late:
            record(late, MONDAY + 3 * HOUR)
        at = MONDAY + 4 * HOUR
        if end == "won":
            win_deal(deal_id=deal.pk, by=by, at=at)
        elif end == "lost":
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=at)
        return deal

    return go


def seen(cast: SimpleNamespace, who: str = "vera", month: int = 3) -> StageIndicator:
    calendar: WorkCalendar = settings.calendar(settings.all_settings())
    first = Stage.objects.get(place=1)
    period = month_of(date(2026, month, 1), calendar)
    return stage_indicator(viewer=cast.see(who), period=period, stage_id=first.pk)


def put(cast: SimpleNamespace, kind: str, *choices: str) -> None:
    stage = Stage.objects.get(place=1)
    put_indicator(
        stage_id=stage.pk, name="Итог", kind=kind, choices=choices, by=cast.see("vera"),
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def test_share_spread_and_link_with_wins(
    cast: SimpleNamespace, funnel: object, course: Course
) -> None:
    put(cast, "number")
    for value, end in (("1", "lost"), ("2", "lost"), ("3", "won"), ("4", "won"), ("10", "")):
        course(value, end=end)
    late, none = course(late="999", end="won"), course()
    course("5", moves=False)
    course("5", moves=False, end="lost")
    found = seen(cast)
    assert (found.figure.n, found.figure.parts["part"]) == (7, 5)
    assert (found.late, found.missing) == (1, 1)
    assert sum(row.value for row in found.figure.rows) == 5
    labels = {one.row.deal_id: one.row.label for one in found.left}
    assert (labels[late.pk], labels[none.pk]) == ("late", "missing")
    assert (found.middle, found.p80) == (3, 4)
    low, high = found.groups
    assert (low.what, low.n, low.won, low.ended) == ("low", 3, 1, 3)
    assert (high.what, high.n, high.won, high.ended) == ("high", 2, 1, 1)
    assert (low.low, low.high) == wilson(1, 3)
    assert low.is_few


def test_choices_are_counted_and_a_win_from_the_stage_itself_leaves_it(
    cast: SimpleNamespace, funnel: object, course: Course
) -> None:
    put(cast, "choice", "Да", "Нет")
    for value, end in (("Да", "won"), ("Да", "lost"), ("Нет", "")):
        course(value, end=end)
    course("Да", moves=False, end="won")
    found = seen(cast)
    assert (found.figure.n, found.middle, found.p80) == (4, None, None)
    told = [(one.value, one.n, one.won, one.ended) for one in found.groups]
    assert told == [("Да", 3, 2, 3), ("Нет", 1, 0, 0)]


def test_days_have_a_middle_too(cast: SimpleNamespace, funnel: object, course: Course) -> None:
    put(cast, "date")
    for day in ("2026-03-10", "2026-03-12", "2026-03-20"):
        course(day)
    found = seen(cast)
    assert (found.middle, found.p80) == ("2026-03-12", "2026-03-20")
    assert [one.n for one in found.groups] == [2, 1]


def test_others_see_none_of_it_and_another_month_is_empty(
    cast: SimpleNamespace, funnel: object, course: Course
) -> None:
    put(cast, "number")
    course("1")
    assert seen(cast, "olga").figure.n == 1
    assert seen(cast, "oleg").figure.n == 0
    assert seen(cast, month=4).figure.value is None


def test_going_on_twice_counts_once_with_the_value_of_the_last_time(
    cast: SimpleNamespace, funnel: object, course: Course
) -> None:
    put(cast, "number")
    deal, by = course("1"), cast.see("olga")
    first, second = Stage.objects.order_by("place")[:2]
    at = MONDAY + 5 * HOUR
    move_deal(deal_id=deal.pk, to_stage_id=first.pk, by=by, at=at)
    record_indicator(deal_id=deal.pk, stage_id=first.pk, text="8", by=by, at=at)
    move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=by, at=at + HOUR)
    (one,) = seen(cast).left
    assert (one.value, one.is_late, one.row.at) == (8, False, at + HOUR)
