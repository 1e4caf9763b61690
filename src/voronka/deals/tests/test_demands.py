"""The regulation of a stage: off, warn, require; proven by facts; the same at every door."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda import bulk
from voronka.agenda.steps import finish_step, set_step
from voronka.calls.recording import NewCall, record_call
from voronka.clients.custom_fields import define_field
from voronka.clients.people_at_client import put_contact
from voronka.deals import demands, regulation
from voronka.deals.dealing import change_deal
from voronka.deals.funnels import put_hint
from voronka.deals.models import Deal, Demand, Stage
from voronka.deals.queries import stages
from voronka.deals.replay import what_if
from voronka.deals.stage_moves import lose_deal, move_deal, win_deal
from voronka.journal.models import Fact

pytestmark = pytest.mark.django_db
MakeDeal = Callable[..., Deal]
HOUR = timedelta(hours=1)
SINCE = date(2026, 1, 1)


@pytest.fixture
def rule(cast: SimpleNamespace, funnel: object) -> Callable[..., Demand]:
    """Put a demand on the first stage (or on `place`)."""

    def put(kind: str, what: str = "", *, level: str = "require", **more: object) -> Demand:
        stage = Stage.objects.get(place=int(str(more.pop("place", 1))))
        given = {"least": 0, "since": SINCE} | more
        return demands.put_demand(
            stage_id=stage.pk, kind=kind, what=what, level=level,
            by=cast.see("vera"), at=MONDAY, **given,  # type: ignore[arg-type]
        )  # fmt: skip

    return put


def forward(deal: Deal, cast: SimpleNamespace, place: int = 2, **more: object) -> Deal:
    stage = Stage.objects.get(place=place)
    return move_deal(
        deal_id=deal.pk, to_stage_id=stage.pk, by=cast.see("olga"), at=MONDAY + HOUR,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_required_field_stops_a_move_and_lets_it_once_filled(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal = make_deal(amount=None)
    rule("field", "amount_kopecks")
    facts = Fact.objects.count()
    with pytest.raises(demands.DemandUnmetError) as raised:
        forward(deal, cast, reason="очень надо")
    assert raised.value.details["demands"] == [("field", "amount_kopecks", 0)]
    assert Fact.objects.count() == facts
    fields = {"amount_kopecks": 5_000_00}
    change_deal(deal_id=deal.pk, fields=fields, by=cast.see("olga"), at=MONDAY)
    assert forward(deal, cast).stage.place == 2


def test_a_talk_counts_from_so_many_seconds_on(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal = make_deal()
    put_contact(
        client_id=deal.client_id, contact_id=None, name="Анна", post="", decides="",
        phones=["+79120000001"], mails=[], by=cast.see("olga"), at=MONDAY,
    )  # fmt: skip
    rule("talk", least=30)
    for seconds, is_enough in ((29, False), (30, True)):
        new = NewCall(
            direction="out", phone="+79120000001", started_at=MONDAY + HOUR / 2,
            is_answered=True, wait_seconds=3, talk_seconds=seconds, manager_id=cast.olga.pk,
        )  # fmt: skip
        record_call(new, by=cast.see("olga"))
        if not is_enough:
            with pytest.raises(demands.DemandUnmetError):
                forward(deal, cast)
    assert forward(deal, cast).stage.place == 2


def test_a_step_counts_when_it_is_done_not_when_it_is_set(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal, by = make_deal(), cast.see("olga")
    rule("done", "meeting")
    step = set_step(
        kind="meeting", title="", due_at=MONDAY + HOUR, deal_id=deal.pk, by=by, at=MONDAY
    )
    with pytest.raises(demands.DemandUnmetError):
        forward(deal, cast)
    finish_step(step_id=step.pk, outcome="да", by=by, at=MONDAY)
    assert forward(deal, cast).stage.place == 2


def test_a_soft_demand_lets_pass_with_a_reason_that_the_journal_keeps(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal, soft = make_deal(), rule("next_step", level="warn")
    with pytest.raises(demands.ReasonWantedError):
        forward(deal, cast, reason="  ")
    forward(deal, cast, reason="клиент сам перезвонит")
    fact = Fact.objects.get(kind="deal.demand_passed")
    assert (fact.body["reason"], fact.body["demand_id"]) == ("клиент сам перезвонит", soft.pk)
    assert fact.by_id == cast.olga.pk
    asked: dict[str, Any] = {"funnel_id": deal.funnel_id, "at": MONDAY + 2 * HOUR}
    counted = regulation.passed_over(viewer=cast.see("vera"), **asked)
    assert counted == [regulation.PassedOver("next_step", "", 0, cast.olga.pk, 1)]
    assert regulation.passed_over(viewer=cast.see("oleg"), **asked) == []


def test_off_and_not_yet_demand_nothing_and_back_is_always_free(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal = make_deal(amount=None)
    rule("field", "amount_kopecks", level="off")
    rule("field", "note", since=date(2026, 12, 1))
    forward(deal, cast)
    rule("field", "note", place=2)
    assert forward(deal, cast, place=1).stage.place == 1


def test_skipping_answers_for_what_is_skipped(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    rule("field", "note", place=2)
    deal = make_deal()
    with pytest.raises(demands.DemandUnmetError):
        forward(deal, cast, place=3)
    assert forward(deal, cast, place=2).stage.place == 2


def test_winning_answers_for_the_stages_left_losing_for_none(
    cast: SimpleNamespace,
    rule: Callable[..., Demand],
    make_deal: MakeDeal,
    reasons: SimpleNamespace,
) -> None:
    rule("field", "note", place=3)
    by, at = cast.see("olga"), MONDAY + HOUR
    with pytest.raises(demands.DemandUnmetError):
        win_deal(deal_id=make_deal().pk, by=by, at=at)
    lost = lose_deal(deal_id=make_deal().pk, reason_id=reasons.dear.pk, by=by, at=at)
    assert lost.outcome == "lost"


def test_a_custom_field_and_the_client_s_card_can_be_demanded(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    deal, vera = make_deal(), cast.see("vera")
    area = define_field(scope="deal", name="Площадь", kind="number", by=vera, at=MONDAY)
    rule("field", area.key)
    rule("field", "city")
    met = regulation.checked(viewer=vera, deal_id=deal.pk, to_place=2, at=MONDAY)
    assert [one.is_met for one in met] == [False, False]
    given = {"custom": {area.key: "350"}}
    change_deal(deal_id=deal.pk, fields=given, by=vera, at=MONDAY)
    type(deal.client).objects.filter(pk=deal.client_id).update(city="-")
    met = regulation.checked(viewer=vera, deal_id=deal.pk, to_place=2, at=MONDAY)
    assert [one.is_met for one in met] == [True, False]


def test_an_edit_of_many_deals_leaves_those_out_that_lack_something(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    whole, bare = make_deal(), make_deal(amount=None)
    rule("field", "amount_kopecks")
    wanted = bulk.Wanted(act="stage", stage_id=Stage.objects.get(place=2).pk)
    planned = bulk.plan(
        deal_ids=[whole.pk, bare.pk], wanted=wanted, by=cast.see("vera"), at=MONDAY
    )
    assert [one.why_not for one in planned] == ["", "demands"]


def test_what_if_replays_the_past(
    cast: SimpleNamespace, rule: Callable[..., Demand], make_deal: MakeDeal
) -> None:
    by = cast.see("olga")
    for n in range(4):
        deal = make_deal()
        if n == 0:
            step = set_step(
                kind="meeting",
                title="",
                due_at=MONDAY + HOUR,
                deal_id=deal.pk,
                by=by,
                at=MONDAY,
            )
            finish_step(step_id=step.pk, outcome="", by=by, at=MONDAY)
        forward(deal, cast)
        if n == 1:
            win_deal(deal_id=deal.pk, by=by, at=MONDAY + 2 * HOUR)
    demand = rule("done", "meeting", level="off")
    (row,) = demands.demands_of([demand.stage_id])
    found = what_if(row, at=MONDAY + 3 * HOUR)
    assert (found.passed, found.flagged, found.won, found.lost) == (4, 3, 1, 0)
    assert (found.met_won, found.met_lost) == (0, 0)
    assert Deal.objects.get(pk=found.deals[0]).outcome == "won"


def test_only_who_rules_changes_the_rules(
    cast: SimpleNamespace, rule: Callable[..., Demand]
) -> None:
    put = rule("talk", least=30)
    for who in ("olga", "lev", "audit"):
        with pytest.raises(PermissionError):
            demands.drop_demand(demand_id=put.pk, by=cast.see(who), at=MONDAY)
    with pytest.raises(demands.BadDemandError):
        rule("field", "password")
    demands.change_demand(
        demand_id=put.pk, level="warn", since=SINCE, by=cast.see("vera"), at=MONDAY
    )
    assert demands.demands_of([put.stage_id])[0].level == "warn"


def test_a_hint_is_written_by_who_rules_and_stands_in_the_journal(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    stage = make_deal().stage
    with pytest.raises(PermissionError):
        put_hint(stage_id=stage.pk, text="Спросить бюджет", by=cast.see("olga"), at=MONDAY)
    for text in ("Спросить бюджет\r\nНазвать срок", "Спросить бюджет\nНазвать срок"):
        put_hint(stage_id=stage.pk, text=text, by=cast.see("vera"), at=MONDAY)
    known = {one.id: one.hint for one in stages(stage.funnel_id)}
    assert known[stage.pk] == "Спросить бюджет\nНазвать срок"
    case = f"stage:{stage.pk}:hint"
    assert Fact.objects.filter(kind="setting.changed", case=case).count() == 1


@pytest.mark.parametrize("what", ["note", "city"])
def test_a_field_that_is_switched_off_is_replayed_as_if_it_were_on(
    what: str,
    cast: SimpleNamespace,
    rule: Callable[..., Demand],
    make_deal: MakeDeal,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for n in range(12):
        deal = make_deal()
        if n < 2:
            Deal.objects.filter(pk=deal.pk).update(note="Всё обсудили")
            type(deal.client).objects.filter(pk=deal.client_id).update(city="Самара")
        forward(deal, cast)
    demand = rule("field", what, level="off", since=date(2030, 1, 1))
    (row,) = demands.demands_of([demand.stage_id])
    with django_assert_max_num_queries(10):
        found = what_if(row, at=MONDAY + 3 * HOUR)
    assert (found.passed, found.flagged) == (12, 10)


@pytest.mark.parametrize(
    ("counts", "points_at"),
    [([4, 2], "work"), ([2, 2, 1, 1], "rule"), ([3, 3], ""), ([4], ""), ([], "")],
)
def test_what_was_passed_over_points_at_the_rule_or_at_one_person(
    counts: list[int], points_at: str
) -> None:
    assert regulation.points_at(counts) == points_at
