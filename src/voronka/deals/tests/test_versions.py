"""Versions of a regulation: drafted, previewed with the open deals, in force, brought back."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.steps import finish_step, set_step
from voronka.deals import drafts, versions
from voronka.deals.demands import change_demand, demands_of, put_demand
from voronka.deals.funnels import put_hint, put_stage, retire_stage
from voronka.deals.indicators import put_indicator, record_indicator
from voronka.deals.models import Deal, Demand, Funnel, Stage, Version
from voronka.deals.move_rules import put_move_rule
from voronka.deals.queries import funnels, stages
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal
from voronka.deals.versions import MapMissingError, Way, preview, publish
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
MakeDeal = Callable[..., Deal]
DAY = timedelta(days=1)
SINCE = date(2026, 1, 1)


@pytest.fixture
def say(cast: SimpleNamespace) -> dict[str, Any]:
    return {"by": cast.see("vera"), "at": MONDAY}


def own(draft: Funnel, name: str) -> int:
    return Stage.objects.get(funnel=draft, name=name, retired_at=None).pk


def names(funnel_id: int) -> list[str]:
    return [stage.name for stage in stages(funnel_id)]


def test_a_draft_changes_nothing_until_it_is_published(
    funnel: Funnel, say: dict[str, Any]
) -> None:
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    assert drafts.open_draft(funnel_id=funnel.pk, **say).pk == draft.pk
    put_stage(
        funnel_id=draft.pk, stage_id=own(draft, "Расчёт"), name="КП", norm_seconds=7, **say
    )
    put_stage(funnel_id=draft.pk, stage_id=None, name="Оплата", norm_seconds=None, **say)
    put_demand(
        stage_id=own(draft, "КП"),
        kind="talk",
        what="",
        least=60,
        level="warn",
        since=SINCE,
        **say,
    )
    put_move_rule(funnel_id=draft.pk, move="back", role="manager", level="no", **say)
    assert names(funnel.pk) == ["Новая", "Расчёт", "Договор"]
    assert [name for _pk, name in funnels()] == ["Продажи"]
    assert demands_of([one.id for one in stages(funnel.pk)]) == []
    assert [one.win_permille for one in stages(draft.pk)] == [300, 300, 300, 250]
    ids = [one.id for one in stages(funnel.pk)]
    version = publish(funnel_id=funnel.pk, plan={}, note="проба", **say)
    assert names(funnel.pk) == ["Новая", "КП", "Договор", "Оплата"]
    assert [one.id for one in stages(funnel.pk)][:3] == ids
    assert demands_of(ids)[0].least == 60
    assert Funnel.objects.get().moves == {"back": {"manager": "no"}}
    assert (version.number, version.moved, version.note) == (2, 0, "проба")
    told = {(one["what"], one["stage"]) for one in version.changes}
    assert told == {
        ("name", "КП"), ("norm_seconds", "КП"), ("demand_new", "КП"),
        ("stage_new", "Оплата"), ("move", ""),
    }  # fmt: skip
    assert [one.number for one in versions.versions_of(funnel.pk)] == [2, 1]
    assert Fact.objects.get(kind="regulation.published").body["number"] == 2


def test_open_deals_of_a_stage_that_goes_need_a_way_and_take_it(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any],
    reasons: SimpleNamespace,
) -> None:  # fmt: skip
    first, second, third = Stage.objects.order_by("place")
    going, closed, staying = make_deal(), make_deal(), make_deal()
    for deal in (going, closed):
        move_deal(deal_id=deal.pk, to_stage_id=second.pk, **say)
    lose_deal(deal_id=closed.pk, reason_id=reasons.dear.pk, **say)
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Расчёт"), **say)
    told = {one.name: (one.n, one.goes) for one in preview(draft=draft, plan={})}
    assert told == {"Новая": (1, False), "Расчёт": (1, True), "Договор": (0, False)}
    facts = Fact.objects.count()
    with pytest.raises(MapMissingError) as raised:
        publish(funnel_id=funnel.pk, plan={}, **say)
    assert raised.value.details == {"stage": "Расчёт"}
    assert (Fact.objects.count(), names(funnel.pk)) == (facts, ["Новая", "Расчёт", "Договор"])
    plan = {second.pk: Way(own(draft, "Договор"))}
    version = publish(funnel_id=funnel.pk, plan=plan, by=cast.see("vera"), at=MONDAY + DAY)
    assert version.moved == 1
    assert [Deal.objects.get(pk=one.pk).stage_id for one in (going, closed, staying)] == [
        third.pk, second.pk, first.pk
    ]  # fmt: skip
    moved = Deal.objects.get(pk=going.pk)
    assert moved.stage_since == MONDAY + DAY
    last = Fact.objects.filter(kind="deal.stage_entered", deal_id=going.pk).latest("pk")
    assert (last.body["from_stage_id"], last.measure) == (second.pk, 86_400)
    assert names(funnel.pk) == ["Новая", "Договор"]


def test_a_way_may_part_deals_by_a_fact(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any]
) -> None:
    met, other = make_deal(), make_deal()
    step = set_step(
        kind="meeting", title="", due_at=MONDAY, deal_id=met.pk, by=cast.see("olga"), at=MONDAY
    )
    finish_step(step_id=step.pk, outcome="", by=cast.see("olga"), at=MONDAY)
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Новая"), **say)
    first = Stage.objects.get(funnel=funnel, place=1)
    way = Way(own(draft, "Расчёт"), ("done", "meeting", 0), own(draft, "Договор"))
    shown = next(one for one in preview(draft=draft, plan={first.pk: way}) if one.goes)
    assert (shown.n, shown.split) == (2, 1)
    publish(funnel_id=funnel.pk, plan={first.pk: way}, **say)
    where = [Deal.objects.get(pk=one.pk).stage.name for one in (met, other)]
    assert where == ["Договор", "Расчёт"]


def test_an_older_version_comes_back_with_its_stages_hints_and_demands(
    funnel: Funnel, say: dict[str, Any]
) -> None:
    first = Stage.objects.get(place=1)
    put_hint(stage_id=first.pk, text="Спросить бюджет", **say)
    row = put_demand(
        stage_id=first.pk,
        kind="done",
        what="quote",
        least=0,
        level="require",
        since=SINCE,
        **say,
    )
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Расчёт"), **say)
    own_row = drafts.demand_in_draft(draft, row.pk)
    change_demand(demand_id=own_row, level="off", since=SINCE, **say)
    put_hint(stage_id=own(draft, "Новая"), text="", **say)
    second = Stage.objects.get(funnel=funnel, place=2).pk
    publish(funnel_id=funnel.pk, plan={second: Way(own(draft, "Договор"))}, **say)
    assert demands_of([first.pk])[0].level == "off"
    old = Version.objects.get(number=1)
    drafts.draft_version(version_id=old.pk, **say)
    publish(funnel_id=funnel.pk, plan={}, **say)
    assert names(funnel.pk) == ["Новая", "Расчёт", "Договор"]
    (back,) = demands_of([first.pk])
    assert (back.id, back.level) == (row.pk, "require")
    assert stages(funnel.pk)[0].hint == "Спросить бюджет"
    assert stages(funnel.pk)[1].id == second
    assert Version.objects.get(number=3).text == old.text


def test_a_draft_can_wait_for_its_day_and_an_edit_calls_it_off(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any]
) -> None:
    deal = make_deal()
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Новая"), **say)
    later: dict[str, Any] = {"funnel_id": funnel.pk, "when": MONDAY + DAY, **say}
    with pytest.raises(MapMissingError):
        versions.publish_later(plan={}, **later)
    first = Stage.objects.get(funnel=funnel, place=1)
    plan = {first.pk: Way(own(draft, "Расчёт"))}
    versions.publish_later(plan=plan, **later)
    drafts.open_draft(funnel_id=funnel.pk, **say)
    assert versions.publish_due(now=MONDAY + DAY) == 0
    versions.publish_later(plan=plan, **later)
    assert versions.publish_due(now=MONDAY) == 0
    assert versions.publish_due(now=MONDAY + DAY) == 1
    assert versions.publish_due(now=MONDAY + DAY) == 0
    assert names(funnel.pk) == ["Расчёт", "Договор"]
    assert Deal.objects.get(pk=deal.pk).stage.name == "Расчёт"
    assert Version.objects.get(number=2).by_id == cast.vera.pk


def test_a_draft_of_chosen_stages_keeps_the_demands_of_those_that_stay(
    funnel: Funnel, say: dict[str, Any]
) -> None:
    first, second, _third = Stage.objects.order_by("place")
    put_demand(
        stage_id=second.pk, kind="next_step", what="", least=0, level="warn", since=SINCE, **say
    )
    chosen = [(second.pk, "Новая", 60), (None, "Замер", None), (first.pk, "Расчёт", 70)]
    draft = drafts.draft_stages(funnel_id=funnel.pk, stages=chosen, **say)
    assert Demand.objects.filter(stage__funnel=draft).get().stage.name == "Новая"
    third = Stage.objects.get(funnel=funnel, name="Договор")
    publish(funnel_id=funnel.pk, plan={third.pk: Way(own(draft, "Замер"))}, **say)
    assert [(one.name, one.norm_seconds) for one in stages(funnel.pk)] == [
        ("Новая", 60), ("Замер", None), ("Расчёт", 70)
    ]  # fmt: skip
    assert [one.id for one in stages(funnel.pk)][::2] == [second.pk, first.pk]


def test_who_comes_to_a_stage_does_not_go_on_with_those_who_stood_there(
    funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any]
) -> None:
    first, second, _third = Stage.objects.order_by("place")
    coming, there = make_deal(), make_deal()
    move_deal(deal_id=there.pk, to_stage_id=second.pk, **say)
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Новая"), **say)
    plan = {first.pk: Way(own(draft, "Расчёт")), second.pk: Way(own(draft, "Договор"))}
    assert publish(funnel_id=funnel.pk, plan=plan, **say).moved == 2
    where = [Deal.objects.get(pk=one.pk).stage.name for one in (coming, there)]
    assert where == ["Расчёт", "Договор"]


def test_a_deal_opened_again_never_stands_on_a_stage_that_is_no_more(
    funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any], reasons: SimpleNamespace
) -> None:
    deal = make_deal()
    move_deal(deal_id=deal.pk, to_stage_id=Stage.objects.get(place=2).pk, **say)
    lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, **say)
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    retire_stage(stage_id=own(draft, "Расчёт"), **say)
    publish(funnel_id=funnel.pk, plan={}, **say)
    assert reopen_deal(deal_id=deal.pk, **say).stage.name == "Договор"


def test_a_way_may_part_by_the_figure_of_the_stage(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, say: dict[str, Any]
) -> None:
    first = Stage.objects.get(place=1)
    put_indicator(stage_id=first.pk, name="Площадь", kind="number", **say)
    with_figure, _other = make_deal(), make_deal()
    record_indicator(deal_id=with_figure.pk, stage_id=first.pk, text="40", **say)
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    way = Way(own(draft, "Расчёт"), ("indicator", "", 0), own(draft, "Договор"))
    shown = preview(draft=draft, plan={first.pk: way})[0]
    assert (shown.n, shown.split) == (2, 1)


def test_a_stage_that_a_file_brought_meanwhile_stays(
    funnel: Funnel, say: dict[str, Any]
) -> None:
    draft = drafts.open_draft(funnel_id=funnel.pk, **say)
    put_hint(stage_id=own(draft, "Новая"), text="Поздороваться", **say)
    Stage.objects.create(funnel=funnel, name="Из файла", place=9)
    assert [one.name for one in preview(draft=draft, plan={})] == ["Новая", "Расчёт", "Договор"]
    assert [one["what"] for one in versions.difference(draft)] == ["hint"]
    publish(funnel_id=funnel.pk, plan={}, **say)
    assert names(funnel.pk) == ["Новая", "Расчёт", "Договор", "Из файла"]


def test_only_who_rules_drafts_and_nothing_new_is_no_version(
    cast: SimpleNamespace, funnel: Funnel, say: dict[str, Any]
) -> None:
    for name in ("olga", "lev", "audit"):
        with pytest.raises(PermissionError):
            drafts.open_draft(funnel_id=funnel.pk, by=cast.see(name), at=MONDAY)
    drafts.open_draft(funnel_id=funnel.pk, **say)
    with pytest.raises(versions.NothingToPublishError):
        publish(funnel_id=funnel.pk, plan={}, **say)
    with pytest.raises(PermissionError):
        publish(funnel_id=funnel.pk, plan={}, by=cast.see("lev"), at=MONDAY)
    drafts.drop_draft(funnel_id=funnel.pk, **say)
    with pytest.raises(versions.NothingToPublishError):
        publish(funnel_id=funnel.pk, plan={}, **say)
    assert not Funnel.objects.exclude(pk=funnel.pk).exists()
    assert Stage.objects.count() == 3
