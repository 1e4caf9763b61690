"""The list behind each figure, summed up anew from its rows alone, gives the figure."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.steps import set_step
from voronka.calls.recording import NewCall, record_call
from voronka.control import watch
from voronka.control.strangers import strangers
from voronka.deals.models import Deal, Funnel
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal, win_deal
from voronka.foundation.worktime import russian_calendar
from voronka.inquiries.intake import (
    NewInquiry,
    answer_inquiry,
    classify_inquiry,
    register_inquiry,
)
from voronka.inquiries.registering import register_stranger
from voronka.journal.viewer import Viewer
from voronka.kpi import registry, source, stage_conversion, standing
from voronka.kpi.conventions import Figure, Row, month_of
from voronka.people.settings import DEFAULTS

CALENDAR = russian_calendar()
MARCH = month_of(date(2026, 3, 2), CALENDAR)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 10 * DAY
Rows = Sequence[Row]
SELLERS = ("olga", "oleg", "lev")


def middle(rows: Rows) -> float:
    values = sorted(row.value for row in rows)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def added(rows: Rows) -> float:
    return sum(row.value for row in rows)


def part(rows: Rows) -> float:
    return sum(row.value for row in rows) / len(rows)


SUMMED: dict[str, Callable[[Rows], float]] = {
    "K1": added, "K1B": part, "K2": part, "K3": part, "K4": middle, "K5": added,
    "K6": part, "K7": middle,
    "K13": added, "K15": part,
    "K16": middle, "K18": added, "K24": part, "K25": added,
}  # fmt: skip


@pytest.fixture
def small(
    cast: SimpleNamespace, make_deal: Callable[..., Deal], funnel: Funnel,
    reasons: SimpleNamespace,
) -> None:  # fmt: skip
    """Three sellers with something in every figure, each with other amounts and times."""
    for n, who in enumerate(SELLERS, start=1):
        by, person = cast.see(who), getattr(cast, who)
        deals = [make_deal(who, amount=n * 1000 + k) for k in range(6)]
        for k, deal in enumerate(deals[:3]):
            win_deal(deal_id=deal.pk, by=by, at=MONDAY + (n + k) * HOUR)
        reopen_deal(deal_id=deals[0].pk, by=by, at=MONDAY + DAY)
        lose_deal(deal_id=deals[3].pk, reason_id=reasons.dear.pk, by=by, at=MONDAY + DAY)
        second = funnel.stages.order_by("place")[1]
        move_deal(deal_id=deals[4].pk, to_stage_id=second.pk, by=by, at=MONDAY + DAY)
        due = MONDAY + n * DAY
        set_step(kind="task", title="а", due_at=due, deal_id=deals[4].pk, by=by, at=MONDAY)
        for k, state in enumerate(("targeted", "not_targeted", "spam", "")):
            _inquire(by, person.pk, state, MONDAY + k * HOUR, n)
        call = NewCall(
            started_at=MONDAY, direction="in", phone=f"+7900000945{n}", manager_id=person.pk,
            is_answered=False, wait_seconds=10 * n,
        )  # fmt: skip
        record_call(call, by=by)
        back = NewCall(
            started_at=MONDAY + n * 7 * timedelta(minutes=1), direction="out",
            phone=call.phone, manager_id=person.pk, is_answered=True, talk_seconds=30,
        )  # fmt: skip
        record_call(back, by=by)
        for k in range(1, 3):
            talk = NewCall(
                started_at=MONDAY, direction="in", phone=f"+7900000{k}45{n}",
                manager_id=person.pk, is_answered=True, talk_seconds=90,
            )  # fmt: skip
            record_call(talk, by=by)
    watch.look_at_all(now=MONDAY + DAY)
    for who in SELLERS:
        _write_down(cast.see(who))
    watch.catch_up(now=MONDAY + DAY + HOUR)


def _write_down(by: Viewer) -> None:
    """Register one of the viewer's strangers."""
    found = strangers(viewer=by, now=MONDAY + DAY, calendar=CALENDAR, settings=DEFAULTS)
    register_stranger(found[0], by=by)


def _inquire(by: Any, manager_id: int, state: str, at: Any, n: int) -> None:
    new = NewInquiry(channel="form", name="Имя", manager_id=manager_id)
    pk = register_inquiry(new, by=by, at=at).pk
    if state != "spam":
        answer_inquiry(inquiry_id=pk, by=by, at=at + n * timedelta(minutes=7))
    if state:
        classify_inquiry(inquiry_id=pk, state=state, reason="так", by=by, at=at)


def figure_and_rows(code: str, cast: SimpleNamespace, who: str) -> tuple[Figure, Rows]:
    viewer = cast.see(who)
    if code not in registry.FROM_JOURNAL:
        figure = standing.both(viewer=viewer, now=NOW)[code]
        return figure, registry.standing_rows(code, viewer=viewer, now=NOW)
    material = source.read(
        viewer=viewer, period=MARCH, now=NOW, calendar=CALENDAR, settings=DEFAULTS
    )
    made = registry.FROM_JOURNAL[code](material)
    return made, made.rows


def test_every_figure_is_looked_at_here() -> None:
    assert set(SUMMED) == set(registry.FROM_JOURNAL) | {"K24", "K25"}
    with pytest.raises(KeyError):
        registry.standing_rows("K99", viewer=None, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", SUMMED)
def test_the_list_behind_a_figure_sums_up_to_it(
    cast: SimpleNamespace, small: None, code: str
) -> None:
    values = {}
    for who in ("vera", "lev", "olga", "oleg"):
        figure, rows = figure_and_rows(code, cast, who)
        assert figure.value == pytest.approx(SUMMED[code](rows)), who
        wins = [row for row in rows if row.label == "deal.won"]
        assert figure.n == len(wins if code == "K13" else rows), who
        values[who] = rows
    # Nobody's row is counted twice, and nobody's is lost.
    whole = sorted(map(repr, values["vera"]))
    lead = [row for row in values["vera"] if row.owner_id != cast.oleg.pk]
    assert whole == sorted(map(repr, [*lead, *values["oleg"]]))
    assert sorted(map(repr, lead)) == sorted(map(repr, values["lev"]))
    assert {row.owner_id for row in values["olga"]} == {cast.olga.pk}


def test_the_list_behind_a_stage_sums_up_to_its_conversion(
    cast: SimpleNamespace, small: None, funnel: Funnel
) -> None:
    for who in ("vera", "olga"):
        viewer = cast.see(who)
        flows = stage_conversion.flows(viewer=viewer, period=MARCH, funnel_id=funnel.pk)
        assert flows[0].entered == (21 if who == "vera" else 7)
        for flow in flows:
            rows = stage_conversion.stage_rows(
                viewer=viewer, period=MARCH, stage_id=flow.stage_id
            )
            labels = [row.label for row in rows]
            assert (len(rows), added(rows)) == (flow.entered, flow.passed)
            assert (labels.count("lost"), labels.count("still")) == (flow.lost, flow.still)
