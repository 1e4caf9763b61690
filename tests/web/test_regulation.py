"""The page of the regulation: who reads, who changes, and what the replay tells."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from voronka.agenda.steps import finish_step, set_step
from voronka.deals.demands import demands_of, put_demand
from voronka.deals.drafts import open_draft
from voronka.deals.funnels import put_hint
from voronka.deals.models import Deal, Funnel, Stage, Version
from voronka.deals.queries import stages
from voronka.deals.stage_moves import lose_deal, move_deal, win_deal
from voronka.deals.versions import publish, publish_due

pytestmark = pytest.mark.django_db


def test_edits_go_into_a_draft_and_only_who_rules_makes_them(
    funnel: Funnel, enter: Callable[..., Client]
) -> None:
    stage, vera = Stage.objects.get(place=1), enter("vera")
    form = {
        "act": "demand", "funnel": funnel.pk, "stage": stage.pk, "kind": "talk:", "least": "45",
        "level": "warn", "since": "2026-01-01",
    }  # fmt: skip
    assert enter("olga").post("/regulation/put/", form).status_code == 404
    assert vera.post("/regulation/put/", form).status_code == 303
    assert demands_of([stage.pk]) == []
    page = vera.get("/regulation/").content.decode()
    assert "черновик версии 2" in page
    assert "Разговор от 45" in page
    assert "Разговор от 45" not in vera.get("/regulation/?now=1").content.decode()
    assert "Разговор от 45" not in enter("olga").get("/regulation/").content.decode()
    vera.post("/regulation/publish/", {"funnel": funnel.pk, "note": "Звоним всегда"})
    (row,) = demands_of([stage.pk])
    assert (row.kind, row.least, row.level) == ("talk", 45, "warn")
    page = enter("olga").get("/regulation/").content.decode()
    assert "Разговор от 45" in page
    assert "Добавить требование" not in page
    assert "Звоним всегда" in page
    level = {
        "act": "level", "funnel": funnel.pk, "stage": stage.pk, "demand": row.id,
        "level": "require", "since": "2026-02-01",
    }  # fmt: skip
    vera.post("/regulation/put/", level)
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    assert demands_of([stage.pk])[0].level == "require"
    vera.post("/regulation/put/", level | {"drop": "1"})
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    assert demands_of([stage.pk]) == []


def test_a_stage_goes_with_a_map_that_is_asked_for_and_shown_first(
    funnel: Funnel, make_deal: Callable[..., Deal], enter: Callable[..., Client]
) -> None:
    deal, vera = make_deal(), enter("vera")
    first, second, _third = Stage.objects.order_by("place")
    put = {"funnel": funnel.pk, "stage": first.pk}
    vera.post("/regulation/put/", put | {"act": "drop-stage"})
    new = {"act": "stage", "funnel": funnel.pk, "name": "Замер", "days": "1,5", "hint": "Адрес"}
    vera.post("/regulation/put/", new)
    page = vera.get("/regulation/").content.decode()
    assert "этап уходит" in page
    assert "без этапа 1" in page
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    assert Deal.objects.get().stage_id == first.pk
    target = Stage.objects.get(origin=second)
    way = {"funnel": funnel.pk, f"t{first.pk}": target.pk}
    assert "без этапа 0" in vera.post("/regulation/plan/", way).content.decode()
    parted = way | {f"f{first.pk}": "done:meeting"}
    assert "0 сделок" in vera.post("/regulation/plan/", parted).content.decode()
    vera.post("/regulation/publish/", way)
    assert Deal.objects.get(pk=deal.pk).stage_id == second.pk
    assert [s.name for s in stages(funnel.pk)] == ["Расчёт", "Договор", "Замер"]
    assert stages(funnel.pk)[2].norm_seconds == 48_600


def test_a_version_is_read_by_all_and_brought_back_by_who_rules(
    funnel: Funnel, enter: Callable[..., Client]
) -> None:
    vera, first = enter("vera"), Stage.objects.get(place=1)
    put = {"funnel": funnel.pk, "stage": first.pk}
    vera.post("/regulation/put/", put | {"act": "drop-stage"})
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    version = Version.objects.get(number=2)
    page = enter("olga").get(f"/regulation/versions/{version.pk}/").content.decode()
    assert "этап уходит" in page
    assert "Вернуть в черновик" not in page
    old = Version.objects.get(number=1)
    assert "Вернуть" in vera.get(f"/regulation/versions/{old.pk}/").content.decode()
    vera.post("/regulation/draft/", {"funnel": funnel.pk, "version": old.pk})
    assert "новый этап" in vera.get("/regulation/").content.decode()
    vera.post("/regulation/draft/", {"funnel": funnel.pk})
    assert Funnel.objects.count() == 1


def test_a_draft_set_for_a_day_waits_and_a_past_day_is_refused(
    funnel: Funnel, enter: Callable[..., Client]
) -> None:
    vera, stage = enter("vera"), Stage.objects.get(place=1)
    form = {"act": "stage", "funnel": funnel.pk, "stage": stage.pk, "name": "Первая"}
    vera.post("/regulation/put/", form)
    for when, is_set in (("2020-01-01T09:00", False), ("x", False), ("", False)):
        vera.post("/regulation/publish/", {"funnel": funnel.pk, "later": "1", "when": when})
        assert (Funnel.objects.get(draft_of=funnel).publish_at is not None) is is_set
    soon = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    vera.post("/regulation/publish/", {"funnel": funnel.pk, "later": "1", "when": soon})
    assert "вступит в силу" in vera.get("/regulation/").content.decode()
    assert Stage.objects.get(funnel=funnel, place=1).name == "Новая"
    publish_due(now=datetime.now(UTC) + timedelta(days=4))
    assert Stage.objects.get(funnel=funnel, place=1).name == "Первая"


def test_the_table_of_moves_is_written_and_obeyed_in_words(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    enter: Callable[..., Client],
) -> None:
    deal, vera, olga = make_deal(), enter("vera"), enter("olga")
    first, second, _third = Stage.objects.order_by("place")
    form = {
        "act": "moves", "funnel": funnel.pk, "back:manager": "no", "skip:manager": "reason",
        f"{second.pk}:lead": "no",
    }  # fmt: skip
    vera.post("/regulation/put/", form)
    vera.post("/regulation/put/", form | {"back:manager": "maybe"})
    vera.post("/regulation/publish/", {"funnel": funnel.pk})
    olga.post(f"/deals/{deal.pk}/move/", {"stage": second.pk})
    answer = olga.post(f"/deals/{deal.pk}/move/", {"stage": first.pk}, follow=True)
    assert "По регламенту вам этого нельзя: Назад" in answer.content.decode()
    assert Deal.objects.get().stage_id == second.pk
    vera.post(f"/deals/{deal.pk}/move/", {"stage": first.pk})
    third = Stage.objects.get(place=3)
    answer = olga.post(f"/deals/{deal.pk}/move/", {"stage": third.pk}, follow=True)
    assert "Причина: Через этап" in answer.content.decode()
    olga.post(f"/deals/{deal.pk}/move/", {"stage": third.pk, "reason": "Срочно"})
    assert Deal.objects.get().stage_id == third.pk
    assert "Причина: Через этап" in vera.get("/regulation/").content.decode()


def test_figures_before_and_after_a_version(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    reasons: SimpleNamespace,
    enter: Callable[..., Client],
) -> None:
    by, now = cast.see("olga"), datetime.now(UTC)
    for n in range(40):
        deal, at = make_deal(), now - timedelta(days=10 if n < 20 else 2)
        if n < 16 if n < 20 else n < 24:
            win_deal(deal_id=deal.pk, by=by, at=at)
        else:
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=at)
    say: dict[str, Any] = {"by": cast.see("vera"), "at": now - timedelta(days=6)}
    draft = open_draft(funnel_id=funnel.pk, **say)
    put_hint(stage_id=Stage.objects.get(funnel=draft, place=1).pk, text="Спросить", **say)
    version = publish(funnel_id=funnel.pk, plan={}, **say)
    page = enter("vera").get(f"/regulation/versions/{version.pk}/").content.decode()
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "80 %" in text
    assert "20 %" in text
    assert "Выигрывать стали реже, и это не случай" in text


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
