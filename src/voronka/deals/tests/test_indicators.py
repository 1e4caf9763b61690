"""The figure of a stage: typed, recorded in time or late, demanded like the rest."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.agenda import bulk
from voronka.clients.custom_fields import BadFieldValueError
from voronka.deals import demands, indicators
from voronka.deals.indicators import put_indicator, record_indicator
from voronka.deals.models import Deal, Demand, Stage
from voronka.deals.recorded_figures import is_recorded, recorded
from voronka.deals.replay import what_if
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
MakeDeal = Callable[..., Deal]
Put = Callable[..., Stage]
HOUR = timedelta(hours=1)


@pytest.fixture
def put(cast: SimpleNamespace, funnel: object) -> Put:
    """Give a figure to the stage on `place`."""

    def made(
        name: str = "Установок", kind: str = "number", *, place: int = 1, **more: object
    ) -> Stage:
        stage = Stage.objects.get(place=place)
        by = cast.see(str(more.pop("who", "vera")))
        return put_indicator(
            stage_id=stage.pk, name=name, kind=kind, by=by, at=MONDAY,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    return made


def record(
    deal: Deal, cast: SimpleNamespace, text: str, place: int = 1, who: str = "olga"
) -> Deal:
    stage = Stage.objects.get(place=place)
    return record_indicator(
        deal_id=deal.pk, stage_id=stage.pk, text=text, by=cast.see(who), at=MONDAY + HOUR
    )


def move(deal: Deal, cast: SimpleNamespace, place: int, **more: object) -> Deal:
    stage = Stage.objects.get(place=place)
    return move_deal(
        deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see("olga"), at=MONDAY + 2 * HOUR,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "choices", "text", "value"),
    [
        ("number", (), "1 250,5", 1250.5),
        ("number", (), "12", 12),
        ("money", (), "1 240 000,50", 124_000_050),
        ("date", (), "2026-03-09", "2026-03-09"),
        ("choice", ("Да", "Нет"), "Нет", "Нет"),
        ("flag", (), "нет", False),
    ],
)
def test_each_kind_keeps_its_value_on_the_deal_and_in_the_journal(
    kind: str, choices: tuple[str, ...], text: str, value: object, cast: SimpleNamespace,
    put: Put, make_deal: MakeDeal,
) -> None:  # fmt: skip
    deal, stage = make_deal(), put("Итог", kind, choices=choices)
    record(deal, cast, text)
    deal.refresh_from_db()
    row = recorded(deal.indicators)[stage.pk]
    assert (row.value, row.kind, row.is_late, row.attempt) == (value, kind, False, 1)
    fact = Fact.objects.get(kind="deal.indicator_recorded")
    assert (fact.body["value"], fact.body["stage_id"]) == (value, stage.pk)
    assert (fact.by_id, fact.deal_id) == (cast.olga.pk, deal.pk)
    record(deal, cast, text)
    assert Fact.objects.filter(kind="deal.indicator_recorded").count() == 1


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "много"), ("date", "завтра"), ("choice", "Может быть")]
)
def test_what_does_not_fit_the_kind_leaves_no_trace(
    kind: str, text: str, cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    deal = make_deal()
    put("Итог", kind, choices=("Да", "Нет"))
    facts = Fact.objects.count()
    with pytest.raises(BadFieldValueError):
        record(deal, cast, text)
    deal.refresh_from_db()
    assert (deal.indicators, Fact.objects.count()) == (None, facts)


def test_recorded_after_the_stage_was_left_is_late(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    deal, stage, second = make_deal(), put(), put("Сумма КП", "money", place=2)
    move(deal, cast, 2)
    record(deal, cast, "7")
    record(deal, cast, "100", place=2)
    deal.refresh_from_db()
    rows = recorded(deal.indicators)
    assert (rows[stage.pk].is_late, rows[second.pk].is_late) == (True, False)
    lose_deal(
        deal_id=deal.pk, reason_id=reasons.dear.pk, by=cast.see("olga"), at=MONDAY + 3 * HOUR
    )
    record(deal, cast, "200", place=2)
    deal.refresh_from_db()
    assert recorded(deal.indicators)[second.pk].is_late
    late = Fact.objects.filter(kind="deal.indicator_recorded", body__is_late=True)
    assert late.count() == 2


def test_a_required_figure_stops_a_move_until_it_is_recorded(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    deal, stage = make_deal(), put()
    row = demands.put_demand(
        stage_id=stage.pk, kind="indicator", what="", least=0, level="require",
        since=date(2026, 1, 1), by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    assert row.what == str(stage.pk)
    third = Stage.objects.get(place=3)
    assert len(demands.unmet(deal, to_stage_id=third.pk, day=date(2026, 3, 2))) == 1
    with pytest.raises(demands.DemandUnmetError) as raised:
        move(deal, cast, 3, reason="потом")
    assert raised.value.details["demands"] == [("indicator", str(stage.pk), 0)]
    record(deal, cast, "0")
    assert move(deal, cast, 2).stage.place == 2


def test_an_edit_of_many_deals_is_held_to_it_too(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    bare, whole, stage = make_deal(), make_deal(), put()
    record(whole, cast, "7")
    demands.put_demand(
        stage_id=stage.pk, kind="indicator", what="", least=0, level="warn",
        since=date(2026, 1, 1), by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    wanted = bulk.Wanted(act="stage", stage_id=Stage.objects.get(place=2).pk)
    planned = bulk.plan(
        deal_ids=[whole.pk, bare.pk], wanted=wanted, by=cast.see("vera"), at=MONDAY
    )
    assert {one.deal_id: one.why_not for one in planned} == {whole.pk: "", bare.pk: "demands"}


def test_a_new_attempt_is_asked_anew_and_the_old_value_stays(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    deal, stage, by = make_deal(), put(), cast.see("olga")
    record(deal, cast, "7")
    lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=MONDAY + HOUR)
    deal = reopen_deal(deal_id=deal.pk, by=by, at=MONDAY + 2 * HOUR)
    assert not is_recorded(deal, stage.pk)
    assert recorded(deal.indicators)[stage.pk].value == 7
    deal = record(deal, cast, "7")
    assert is_recorded(deal, stage.pk)
    deal = record(deal, cast, "")
    assert not is_recorded(deal, stage.pk)
    assert Fact.objects.filter(kind="deal.indicator_recorded").count() == 3


def test_only_who_rules_sets_it_and_only_who_may_change_the_deal_records(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    with pytest.raises(PermissionError):
        put(who="olga")
    deal = make_deal()
    put()
    for who in ("oleg", "audit"):
        with pytest.raises(Deal.DoesNotExist):
            record(deal, cast, "7", who=who)
    assert not Fact.objects.filter(kind="deal.indicator_recorded").exists()
    with pytest.raises(indicators.NoIndicatorError):
        record(deal, cast, "7", place=3)


def test_a_figure_that_goes_takes_its_demand_along(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    deal, stage = make_deal(), put()
    demands.put_demand(
        stage_id=stage.pk, kind="indicator", what="", least=0, level="require",
        since=date(2026, 1, 1), by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    put("", "")
    assert not Demand.objects.filter(retired_at=None).exists()
    assert move(deal, cast, 2).stage.place == 2
    told = Fact.objects.filter(kind="setting.changed", case=f"stage:{stage.pk}:indicator")
    assert [one.body["after"] for one in told.order_by("pk")] == ["Установок, number", ""]
    with pytest.raises(demands.BadDemandError):
        demands.put_demand(
            stage_id=stage.pk, kind="indicator", what="", least=0, level="warn",
            since=date(2026, 1, 1), by=cast.see("vera"), at=MONDAY,
        )  # fmt: skip


def test_a_kind_is_known_and_a_choice_has_two(put: Put) -> None:
    for kind, choices in (("text", ()), ("choice", ("Да", "Да"))):
        with pytest.raises(indicators.BadIndicatorError):
            put("Итог", kind, choices=choices)
    assert not Fact.objects.filter(kind="setting.changed").exists()


def test_the_replay_looks_at_what_was_recorded_before_leaving(
    cast: SimpleNamespace, put: Put, make_deal: MakeDeal
) -> None:
    stage, in_time, late = put(), make_deal(), make_deal()
    record(in_time, cast, "3")
    for deal in (in_time, late):
        move(deal, cast, 2)
    later = MONDAY + 3 * HOUR
    record_indicator(
        deal_id=late.pk, stage_id=stage.pk, text="4", by=cast.see("olga"), at=later
    )
    demands.put_demand(
        stage_id=stage.pk, kind="indicator", what="", least=0, level="off",
        since=date(2026, 1, 1), by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    (row,) = demands.demands_of([stage.pk])
    found = what_if(row, at=MONDAY + timedelta(days=1))
    assert (found.passed, found.flagged, found.deals) == (2, 1, (late.pk,))
