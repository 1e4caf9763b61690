"""The measured chance of a stage is what sums are weighed and slips are priced with."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.control import watch
from voronka.control.models import Slip
from voronka.control.rules import RULES
from voronka.deals import queries
from voronka.deals.chances import refresh_chances
from voronka.deals.models import Deal, Funnel, Stage
from voronka.deals.stage_moves import lose_deal, win_deal

pytestmark = pytest.mark.django_db


def test_boards_lists_and_money_at_risk_take_the_measured_chance(
    cast: SimpleNamespace,
    funnel: Funnel,
    make_deal: Callable[..., Deal],
    reasons: SimpleNamespace,
) -> None:
    by, at = cast.see("olga"), MONDAY + timedelta(hours=1)
    for n in range(30):
        deal = make_deal()
        if n < 12:
            win_deal(deal_id=deal.pk, by=by, at=at)
        else:
            lose_deal(deal_id=deal.pk, reason_id=reasons.dear.pk, by=by, at=at)
    make_deal(amount=100_000_00)
    assert refresh_chances(now=at + timedelta(hours=1)) == 3
    first = Stage.objects.get(place=1)
    # (12 won + 20 × 0.4 of the funnel) / (30 + 20); all 30 had entered the stage.
    assert (first.win_permille, first.win_n) == (400, 30)
    column = queries.board(viewer=by, funnel_id=funnel.pk)[0]
    assert (column.amount_kopecks, column.weighted_kopecks) == (100_000_00, 40_000_00)
    totals = queries.list_totals(viewer=by, conditions={})
    assert totals.weighted_kopecks == 40_000_00
    watch.look_at_all(now=at + timedelta(hours=2))
    slip = Slip.objects.get(rule="no_step")
    assert slip.evidence["chance"] == 400
    assert slip.money_kopecks == round(40_000 * RULES["no_step"].prior_drop) * 100
