"""Product lines and sums, saved views, and a deal that is opened again."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conftest import MONDAY
from voronka.deals import queries
from voronka.deals.dealing import BadAmountError, Line, change_deal, put_lines
from voronka.deals.models import Deal, Funnel
from voronka.deals.saved_views import MOST, BadViewError, drop_view, keep_view
from voronka.deals.stage_moves import ReasonMissingError, lose_deal, move_deal, reopen_deal
from voronka.journal.models import Fact

DAY = timedelta(days=1)
MakeDeal = Callable[..., Deal]


def test_the_sum_of_a_deal_is_that_of_its_lines_to_the_kopeck(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    deal, by = make_deal(), cast.see("olga")
    lines = [
        # 3 × 33.33 less 10 % = 89.991, rounded half up: 89.99.
        Line(name="Кресло", price_kopecks=3333, quantity_milli=3000, discount_hundredths=1000),
        # 1.5 × 0.01 = 0.015, rounded half up: 0.02.
        Line(name="Винт", price_kopecks=1, quantity_milli=1500, vat_percent=0),
        Line(name=" ", price_kopecks=10**9),
    ]
    put_lines(deal_id=deal.pk, lines=lines, by=by, at=MONDAY)
    card = queries.deal(viewer=by, deal_id=deal.pk)
    assert [line.total_kopecks for line in card.lines] == [8999, 2]
    assert [line.vat_percent for line in card.lines] == [20, 0]
    assert card.row.amount_kopecks == sum(line.total_kopecks for line in card.lines) == 9001
    changed = change_deal(deal_id=deal.pk, by=by, at=MONDAY, fields={"amount_kopecks": 5})
    assert changed.amount_kopecks == 9001
    facts = Fact.objects.filter(kind="deal.changed")
    assert facts.get().body["changes"]["amount_kopecks"] == [100_000_00, 9001]


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_kopecks": -1}, {"quantity_milli": 0}, {"quantity_milli": -1},
        {"discount_hundredths": 10_001}, {"discount_hundredths": -1},
        {"price_kopecks": 10**15, "quantity_milli": 2000},
    ],
)  # fmt: skip
def test_lines_that_cannot_be_change_nothing(
    cast: SimpleNamespace, make_deal: MakeDeal, wrong: dict[str, Any]
) -> None:
    deal, by = make_deal(), cast.see("olga")
    good = Line(name="Кресло", price_kopecks=100)
    put_lines(deal_id=deal.pk, lines=[good], by=by, at=MONDAY)
    facts = Fact.objects.count()
    fields: dict[str, Any] = {"name": "Стол", "price_kopecks": 100} | wrong
    bad = Line(**fields)
    with pytest.raises(BadAmountError):
        put_lines(deal_id=deal.pk, lines=[good, good, bad], by=by, at=MONDAY)
    deal.refresh_from_db()
    assert (deal.amount_kopecks, deal.lines.count(), Fact.objects.count()) == (100, 1, facts)


def test_a_shared_view_shows_each_reader_only_their_own_rows(
    cast: SimpleNamespace, make_deal: MakeDeal
) -> None:
    for who in ("olga", "oleg"):
        make_deal(who, amount=200_00)
        make_deal(who, amount=100_00)
    conditions = {"min_kopecks": 150_00, "colour": "red", "stage": None}
    say = {"owner_id": cast.vera.pk, "conditions": conditions}
    view = keep_view(name="Крупные", is_shared=True, **say)
    keep_view(name="Мои", is_shared=False, **say)
    assert view.conditions == {"min_kopecks": 150_00}
    seen = {}
    for who in ("vera", "olga", "oleg"):
        viewer = cast.see(who)
        mine = queries.saved_views(person_id=viewer.person_id)
        shared = next(found for pk, _, found, _ in mine if pk == view.pk)
        rows = queries.deal_list(viewer=viewer, conditions=shared)
        totals = queries.list_totals(viewer=viewer, conditions=shared)
        seen[who] = (len(mine), len(rows), totals.amount_kopecks)
    assert seen == {"vera": (2, 2, 400_00), "olga": (1, 1, 200_00), "oleg": (1, 1, 200_00)}


def test_a_view_is_replaced_by_name_and_dropped_by_its_owner(cast: SimpleNamespace) -> None:
    say: dict[str, Any] = {"owner_id": cast.olga.pk, "is_shared": False}
    first = keep_view(name="А", conditions={"q": "а"}, **say)
    assert keep_view(name=" А ", conditions={"q": "б"}, **say).pk == first.pk
    drop_view(owner_id=cast.oleg.pk, view_id=first.pk)
    for n in range(MOST - 1):
        keep_view(name=f"В{n}", conditions={}, **say)
    for name in ("Ещё", " "):
        with pytest.raises(BadViewError):
            keep_view(name=name, conditions={}, **say)
    drop_view(owner_id=cast.olga.pk, view_id=first.pk)
    views = queries.saved_views(person_id=cast.olga.pk)
    assert (len(views), "А" in [name for _, name, _, _ in views]) == (MOST - 1, False)


def test_a_lost_deal_is_opened_again_as_a_new_attempt_on_its_stage(
    cast: SimpleNamespace, funnel: Funnel, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    deal, second, by = make_deal(), funnel.stages.order_by("place")[1], cast.see("olga")
    say: dict[str, Any] = {"deal_id": deal.pk, "by": by}
    move_deal(to_stage_id=second.pk, at=MONDAY, **say)
    lose_deal(reason_id=reasons.dear.pk, detail="дорого", at=MONDAY + DAY, **say)
    for _ in range(2):
        again = reopen_deal(at=MONDAY + 2 * DAY, **say)
    assert (again.attempt, again.attempt_since, again.stage_id) == (
        2, MONDAY + 2 * DAY, second.pk,
    )  # fmt: skip
    assert (again.refusal_reason_id, again.refusal_detail, again.closed_at) == (None, "", None)
    facts = Fact.objects.filter(deal_id=deal.pk, at=MONDAY + 2 * DAY).order_by("pk")
    assert [(f.kind, f.body["attempt"]) for f in facts] == [
        ("deal.reopened", 2), ("deal.opened", 2), ("deal.stage_entered", 2),
    ]  # fmt: skip
    # A refusal takes no money back.
    assert facts[0].measure == 0
    assert Fact.objects.get(kind="deal.lost").body["attempt"] == 1


def test_no_way_leads_to_a_refusal_without_a_reason(
    cast: SimpleNamespace, make_deal: MakeDeal, reasons: SimpleNamespace
) -> None:
    deal, by = make_deal(), cast.see("olga")
    type(reasons.dear).objects.filter(pk=reasons.dear.pk).update(retired_at=MONDAY)
    facts = Fact.objects.count()
    for reason_id in (None, 999_999, reasons.group.pk, reasons.dear.pk):
        with pytest.raises(ReasonMissingError):
            lose_deal(deal_id=deal.pk, reason_id=reason_id, by=by, at=MONDAY)
    with pytest.raises(IntegrityError, match="deal_lost_has_a_reason"), transaction.atomic():
        Deal.objects.filter(pk=deal.pk).update(outcome="lost", closed_at=MONDAY)
    deal.refresh_from_db()
    assert (deal.outcome, Fact.objects.count()) == ("", facts)
