"""Each figure against a small department counted by hand; each list sums up to its figure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.calls.recording import NewCall, record_call
from voronka.deals.models import Deal, Funnel
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal, win_deal
from voronka.foundation.worktime import russian_calendar
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    assign_inquiry,
    classify_inquiry,
    register_inquiry,
)
from voronka.kpi import conventions, registry, source, stage_conversion, standing
from voronka.people.settings import DEFAULTS

CALENDAR = russian_calendar()
MARCH = conventions.month_of(date(2026, 3, 2), CALENDAR)
DAY = timedelta(days=1)
MakeDeal = Callable[..., Deal]


def material(cast: SimpleNamespace, who: str = "vera", days: int = 10) -> source.Material:
    return source.read(
        viewer=cast.see(who),
        period=MARCH,
        now=MONDAY + days * DAY,
        calendar=CALENDAR,
        settings=DEFAULTS,
    )


def figure(code: str, cast: SimpleNamespace, who: str = "vera") -> conventions.Figure:
    return registry.FROM_JOURNAL[code](material(cast, who))


@pytest.fixture
def inquiries(cast: SimpleNamespace) -> None:
    by = cast.see("olga")
    states = ("targeted", "targeted", "not_targeted", "duplicate", "")
    for n, state in enumerate(states):
        new = NewInquiry(channel="form", name=f"Имя {n}", source="сайт")
        inquiry = register_inquiry(new, by=by, at=MONDAY)
        if n < 3:
            at = MONDAY + timedelta(minutes=10 * (n + 1))
            answer_inquiry(inquiry_id=inquiry.pk, by=by, at=at)
        if state:
            classify_inquiry(
                inquiry_id=inquiry.pk, state=state, reason="так", by=by, at=MONDAY + DAY
            )


def test_arrived_counts_all_and_unique(cast: SimpleNamespace, inquiries: None) -> None:
    k1 = figure("K1", cast)
    assert (k1.value, k1.parts, len(k1.rows)) == (5, {"unique": 4}, 5)


def test_targeted_leaves_the_unclassified_apart(cast: SimpleNamespace, inquiries: None) -> None:
    k2 = figure("K2", cast)
    assert (k2.n, k2.parts["part"], k2.parts["unclassified"]) == (3, 2, 1)
    assert k2.value == pytest.approx(2 / 3)
    assert k2.parts["is_few"]


def test_the_share_replied_counts_those_due_by_now(
    cast: SimpleNamespace, inquiries: None
) -> None:
    k3 = figure("K3", cast)
    # Three of four are answered; the duplicate is left out.
    assert (k3.value, k3.n, k3.parts["part"]) == (0.75, 4, 3)
    late = [row.label for row in k3.rows if not row.value]
    assert late == ["unanswered"]
    # What came a minute ago is not due yet.
    now = MONDAY + 10 * DAY
    register_inquiry(NewInquiry(channel="form", text="?"), by=cast.see("olga"), at=now)
    assert figure("K3", cast).n == 4


def test_both_clocks_of_who_still_waits_run_until_now(cast: SimpleNamespace) -> None:
    by, minute = cast.see("vera"), timedelta(minutes=1)
    made = [
        register_inquiry(NewInquiry(channel="form", text="?"), by=by, at=MONDAY)
        for _ in range(2)
    ]
    for n, one in enumerate(made, start=1):
        at = MONDAY + n * 10 * minute
        assign_inquiry(inquiry_id=one.pk, to_id=cast.olga.pk, by=by, at=at)
    at = MONDAY + 40 * minute
    assign_inquiry(inquiry_id=made[1].pk, to_id=cast.oleg.pk, by=by, at=at)
    answer_inquiry(inquiry_id=made[0].pk, by=cast.see("olga"), at=MONDAY + 30 * minute)
    k4 = registry.FROM_JOURNAL["K4"](replace(material(cast), now=MONDAY + 60 * minute))
    # The one was answered after 30 minutes, 20 of hers; the other waits 60, 20 of his.
    assert (k4.value, k4.parts["person"], k4.parts["unanswered"]) == (45 * 60, 20 * 60, 1)
    parts = [k4.parts[name] for name in ("assign", "notify", "react")]
    assert parts == [10 * 60, 20 * 60, 0]


def test_the_unanswered_make_the_wait_longer(cast: SimpleNamespace, inquiries: None) -> None:
    k4 = figure("K4", cast)
    # 10, 20 and 30 minutes, and one that waits until now.
    assert (k4.n, k4.value, k4.parts["unanswered"]) == (4, 25 * 60, 1)
    assert k4.parts["in_norm"] == 0.75


def test_missed_calls_without_those_given_up_at_once(cast: SimpleNamespace) -> None:
    by = cast.see("vera")
    for wait, answered, direction, hour in (
        (41, False, "in", 1), (3, False, "in", 1), (60, False, "in", 12), (9, True, "in", 1),
        (30, False, "out", 1),
    ):  # fmt: skip
        record_call(
            NewCall(
                started_at=MONDAY + timedelta(hours=hour),
                direction=direction,
                phone="+79000001452",
                manager_id=cast.olga.pk,
                is_answered=answered,
                wait_seconds=wait,
                talk_seconds=60 if answered else 0,
            ),
            by=by,
        )
    k5 = figure("K5", cast)
    assert (k5.value, k5.parts) == (2, {"off_hours": 1, "given_up": 1, "menu": 0, "short": 5})


def test_money_is_taken_back_on_the_day_of_reopening(
    cast: SimpleNamespace, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    by = cast.see("olga")
    first, second, third = make_deal(), make_deal(amount=50_000_00), make_deal()
    win_deal(deal_id=first.pk, by=by, at=MONDAY + DAY)
    win_deal(deal_id=second.pk, by=by, at=MONDAY + 3 * DAY)
    reopen_deal(deal_id=second.pk, by=by, at=MONDAY + 4 * DAY)
    lose_deal(deal_id=third.pk, reason_id=reasons.other.pk, by=by, at=MONDAY + DAY)
    k13 = figure("K13", cast)
    assert (k13.value, k13.parts["wins"], k13.parts["median"]) == (100_000_00, 2, 75_000_00)
    assert conventions.total(k13.rows) == k13.value
    k15 = figure("K15", cast)
    assert (k15.parts["part"], k15.parts["whole"]) == (2, 3)
    k16 = figure("K16", cast)
    assert (k16.value, k16.n) == (2 * 86400, 2)
    k18 = figure("K18", cast)
    assert k18.parts["reasons"] == [("Цена → Другое", 1, 100_000_00)]
    assert k18.parts["other_is_too_much"]


def test_passed_lost_and_open_sum_to_entered(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    by, (_, second, third) = cast.see("olga"), list(funnel.stages.order_by("place"))
    deals = [make_deal() for _ in range(5)]
    move_deal(
        deal_id=deals[0].pk, to_stage_id=third.pk, by=by, at=MONDAY + DAY
    )  # a skip passes
    move_deal(deal_id=deals[1].pk, to_stage_id=second.pk, by=by, at=MONDAY + DAY)
    lose_deal(deal_id=deals[2].pk, reason_id=reasons.dear.pk, by=by, at=MONDAY + DAY)
    win_deal(deal_id=deals[3].pk, by=by, at=MONDAY + DAY)
    flows = stage_conversion.flows(viewer=cast.see("vera"), period=MARCH, funnel_id=funnel.pk)
    counts = [(flow.entered, flow.passed, flow.lost, flow.still) for flow in flows]
    assert counts == [(5, 3, 1, 1), (1, 0, 0, 1), (1, 0, 0, 1)]


def test_what_stands_now_and_its_lists(cast: SimpleNamespace, make_deal: MakeDeal) -> None:
    for _ in range(3):
        make_deal()
    viewer = cast.see("vera")
    k24 = standing.both(viewer=viewer, now=MONDAY)["K24"]
    rows = standing.without_step_rows(viewer=viewer)
    assert (k24.parts["part"], k24.parts["whole"]) == (3, 3)
    assert (conventions.total(rows), len(rows)) == (3, 3)
    assert standing.both(viewer=cast.see("oleg"), now=MONDAY)["K24"].n == 0
    assert standing.both(viewer=viewer, now=MONDAY)["K25"].value == 0


def test_a_manager_sees_only_their_own_figures(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    win_deal(deal_id=make_deal().pk, by=cast.see("olga"), at=MONDAY + DAY)
    win_deal(deal_id=make_deal("oleg").pk, by=cast.see("oleg"), at=MONDAY + DAY)
    sums = [figure("K13", cast, who).value for who in ("vera", "lev", "olga", "oleg", "audit")]
    assert sums == [200_000_00, 100_000_00, 100_000_00, 100_000_00, 200_000_00]


def test_a_past_report_comes_out_the_same_when_drawn_again(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    by, deal = cast.see("olga"), make_deal()
    win_deal(deal_id=deal.pk, by=by, at=MONDAY + DAY)
    reopen_deal(deal_id=deal.pk, by=by, at=MONDAY + 5 * DAY)

    def money(days: int) -> float | None:
        return registry.FROM_JOURNAL["K13"](material(cast, days=days)).value

    assert [money(2), money(6), money(2)] == [100_000_00, 0, 100_000_00]
