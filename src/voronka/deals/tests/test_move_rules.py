"""Who may move deals how: each cell of the table, and who may put a deal on a stage."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda import bulk
from voronka.deals import move_rules
from voronka.deals.dealing import hand_over_deal
from voronka.deals.demands import DemandUnmetError, ReasonWantedError, put_demand
from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.move_rules import MoveForbiddenError
from voronka.deals.stage_moves import lose_deal, move_deal, reopen_deal, win_deal
from voronka.journal.models import Fact
from voronka.people.settings import change_setting

pytestmark = pytest.mark.django_db
MakeDeal = Callable[..., Deal]
WHO = {"manager": "olga", "lead": "lev", "head": "vera"}
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def act(
    cast: SimpleNamespace, reasons: SimpleNamespace, make_deal: MakeDeal
) -> Callable[[str, str, str], Deal]:
    """Make a move of a kind, as somebody, on a fresh deal on the middle stage."""

    def made(move: str, who: str, reason: str = "") -> Deal:
        deal = make_deal()
        start = {"skip": 1, "reopen": 2}.get(move, 2)
        stage = Stage.objects.get(place=start, funnel__draft_of=None)
        Deal.objects.filter(pk=deal.pk).update(stage=stage)
        say: dict[str, Any] = {"deal_id": deal.pk, "by": cast.see(who), "at": LATER}
        if move in ("forward", "skip", "back"):
            place = {"forward": 3, "skip": 3, "back": 1}[move]
            to = Stage.objects.get(place=place, funnel__draft_of=None)
            return move_deal(to_stage_id=to.pk, reason=reason, **say)
        if move == "win":
            return win_deal(reason=reason, **say)
        if move == "hand_over":
            return hand_over_deal(to_id=cast.oleg.pk, **say)
        if move == "lose":
            return lose_deal(reason_id=reasons.dear.pk, **say)
        Deal.objects.filter(pk=deal.pk).update(outcome="won", closed_at=LATER)
        return reopen_deal(**say)

    return made


def put(cast: SimpleNamespace, move: str, role: str, level: str) -> None:
    move_rules.put_move_rule(
        funnel_id=Funnel.objects.get().pk, move=move, role=role, level=level,
        by=cast.see("anna"), at=MONDAY,
    )  # fmt: skip


@pytest.mark.parametrize("role", move_rules.ROLES)
@pytest.mark.parametrize("move", move_rules.MOVES)
def test_every_cell_forbids_its_own_move_to_its_own_role_alone(
    cast: SimpleNamespace, act: Callable[..., Deal], move: str, role: str
) -> None:
    act(move, WHO[role])
    put(cast, move, role, "no")
    with pytest.raises(MoveForbiddenError) as raised:
        act(move, WHO[role])
    assert raised.value.details == {"move": move, "stage": ""}
    for other in set(move_rules.ROLES) - {role}:
        act(move, WHO[other])
    if move != "forward":
        act("forward", WHO[role])
    put(cast, move, role, "yes")
    act(move, WHO[role])


@pytest.mark.parametrize("move", move_rules.WITH_REASON)
def test_a_reason_lets_a_move_through_and_stands_in_the_journal(
    cast: SimpleNamespace, act: Callable[..., Deal], move: str
) -> None:
    put(cast, move, "manager", "reason")
    with pytest.raises(ReasonWantedError) as raised:
        act(move, "olga")
    assert raised.value.details == {"demands": [("move", move, 0)]}
    act(move, "olga", "клиент передумал")
    (fact,) = Fact.objects.filter(kind="deal.demand_passed")
    assert (fact.body["what"], fact.body["reason"]) == (move, "клиент передумал")


def test_in_trial_mode_a_rule_only_warns(
    cast: SimpleNamespace, act: Callable[..., Deal]
) -> None:
    change_setting(name="trial_mode", value=True, by=cast.see("anna"), at=MONDAY)
    put(cast, "back", "manager", "no")
    put(cast, "lose", "manager", "no")
    second = Stage.objects.get(place=2)
    put_demand(
        stage_id=second.pk, kind="field", what="note", least=0, level="require",
        since=MONDAY.date(), by=cast.see("vera"), at=MONDAY,
    )  # fmt: skip
    for move in ("back", "forward"):
        with pytest.raises(ReasonWantedError):
            act(move, "olga")
        act(move, "olga", "пробуем")
    act("lose", "olga")
    change_setting(name="trial_mode", value=False, by=cast.see("anna"), at=MONDAY)
    with pytest.raises(DemandUnmetError):
        act("forward", "olga", "пробуем")


def test_a_stage_may_be_closed_to_a_role(
    cast: SimpleNamespace, act: Callable[..., Deal]
) -> None:
    last = Stage.objects.get(place=3)
    move_rules.put_entry_rule(
        stage_id=last.pk, role="manager", level="no", by=cast.see("vera"), at=MONDAY
    )
    with pytest.raises(MoveForbiddenError) as raised:
        act("forward", "olga")
    assert raised.value.details == {"move": "enter", "stage": "Договор"}
    assert act("forward", "lev").stage_id == last.pk
    act("back", "olga")


def test_a_move_is_taken_back_whatever_the_table_says(
    cast: SimpleNamespace, act: Callable[..., Deal]
) -> None:
    moved = act("forward", "olga")
    put(cast, "back", "manager", "no")
    before = Stage.objects.get(place=2)
    back = move_deal(
        deal_id=moved.pk, to_stage_id=before.pk, by=cast.see("olga"), at=LATER, is_undo=True
    )
    assert back.stage_id == before.pk


def test_only_the_own_latest_move_is_taken_back_so(
    cast: SimpleNamespace, act: Callable[..., Deal]
) -> None:
    moved = act("forward", "olga")
    put(cast, "back", "manager", "no")
    first, second = Stage.objects.order_by("place")[:2]
    undo: dict[str, Any] = {"deal_id": moved.pk, "at": LATER, "is_undo": True}
    with pytest.raises(MoveForbiddenError):
        move_deal(to_stage_id=first.pk, by=cast.see("olga"), **undo)
    put(cast, "back", "lead", "no")
    with pytest.raises(MoveForbiddenError):
        move_deal(to_stage_id=second.pk, by=cast.see("lev"), **undo)
    move_deal(to_stage_id=second.pk, by=cast.see("olga"), **undo)


def test_a_list_edit_tells_of_the_rule_before_it_writes(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    deal, last = make_deal(), Stage.objects.get(place=3)
    put(cast, "skip", "manager", "reason")
    wanted = bulk.Wanted(act="stage", stage_id=last.pk)
    say: dict[str, Any] = {"deal_ids": [deal.pk], "wanted": wanted, "at": LATER}
    (one,) = bulk.plan(by=cast.see("olga"), **say)
    assert one.why_not == "move_rule"
    assert bulk.plan(by=cast.see("lev"), **say)[0].why_not == ""


@pytest.mark.parametrize(
    ("move", "role", "level"),
    [
        ("fly", "head", "no"),
        ("back", "auditor", "no"),
        ("lose", "manager", "reason"),
        ("back", "head", "x"),
    ],
)
def test_only_what_is_in_the_table_can_be_said(
    cast: SimpleNamespace, funnel: Funnel, move: str, role: str, level: str
) -> None:
    with pytest.raises(move_rules.BadMoveRuleError):
        put(cast, move, role, level)
    with pytest.raises(PermissionError):
        move_rules.put_move_rule(
            funnel_id=funnel.pk, move="back", role="head", level="no",
            by=cast.see("olga"), at=MONDAY,
        )  # fmt: skip
