"""The page of the regulation: who reads, who changes, and what the replay tells."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from voronka.agenda.steps import finish_step, set_step
from voronka.deals.demands import demands_of, put_demand
from voronka.deals.models import Deal, Demand, Funnel, Stage
from voronka.deals.stage_moves import lose_deal, move_deal, win_deal

pytestmark = pytest.mark.django_db


def test_a_manager_reads_and_only_who_rules_changes(
    funnel: Funnel, enter: Callable[..., Client]
) -> None:
    stage = Stage.objects.get(place=1)
    form = {
        "funnel": funnel.pk, "stage": stage.pk, "kind": "talk:", "least": "45",
        "level": "warn", "since": "2026-01-01",
    }  # fmt: skip
    assert enter("olga").post("/regulation/put/", form).status_code == 404
    assert enter("vera").post("/regulation/put/", form).status_code == 303
    (row,) = demands_of([stage.pk])
    assert (row.kind, row.least, row.level) == ("talk", 45, "warn")
    page = enter("olga").get("/regulation/").content.decode()
    assert "Разговор от 45" in page
    assert "Добавить требование" not in page
    form = {"funnel": funnel.pk, "demand": row.id, "level": "require", "since": "2026-02-01"}
    enter("vera").post("/regulation/put/", form)
    assert Demand.objects.get().level == "require"
    enter("vera").post("/regulation/put/", {"demand": row.id, "drop": "1"})
    assert demands_of([stage.pk]) == []


def test_the_replay_compares_who_met_it_with_who_did_not(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    reasons: SimpleNamespace,
    enter: Callable[..., Client],
) -> None:
    by, at = cast.see("olga"), datetime.now(UTC) - timedelta(days=5)
    first, second = Stage.objects.filter(funnel=funnel).order_by("place")[:2]
    for n in range(24):
        deal = make_deal()
        if n < 12:
            step = set_step(kind="meeting", title="", due_at=at, deal_id=deal.pk, by=by, at=at)
            finish_step(step_id=step.pk, outcome="", by=by, at=at)
        move_deal(deal_id=deal.pk, to_stage_id=second.pk, by=by, at=at + timedelta(hours=1))
        if n < 12:
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=at)
        else:
            win_deal(deal_id=deal.pk, by=by, at=at + timedelta(hours=2))
    row = put_demand(
        stage_id=first.pk, kind="done", what="meeting", least=0, level="off",
        since=date(2026, 1, 1), by=cast.see("vera"), at=at,
    )  # fmt: skip
    told = enter("vera").get(f"/regulation/{row.pk}/what-if/").content.decode()
    assert "Отступившие выигрывают чаще" in told
    assert "n = 12" in told
    assert enter("olga").get(f"/regulation/{row.pk}/what-if/").status_code in (403, 404)
