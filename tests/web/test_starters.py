"""Starter funnels by trade: each can be begun with, and has its words on the page."""

from types import SimpleNamespace

import pytest

from conftest import MONDAY
from voronka.deals.models import RefusalReason, Stage
from voronka.deals.starters import STARTERS, start_with
from voronka.web.words import TRADES


def test_there_are_eight_trades_and_one_for_the_rest_each_with_words() -> None:
    assert len(STARTERS) >= 9
    assert set(TRADES) == set(STARTERS)


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(STARTERS))
def test_a_trade_makes_its_stages_with_norms_and_reasons(
    code: str, cast: SimpleNamespace
) -> None:
    funnel = start_with(code, by=cast.see("vera"), at=MONDAY)
    stages = list(Stage.objects.filter(funnel=funnel).order_by("place"))
    assert [stage.name for stage in stages] == [name for name, _ in STARTERS[code].stages]
    assert all((stage.norm_seconds or 0) > 0 for stage in stages)
    assert all(stage.indicator_name and stage.indicator_kind for stage in stages)
    reasons = RefusalReason.objects.filter(group__isnull=False)
    assert reasons.count() == sum(map(len, STARTERS[code].reasons.values()))
    assert start_with(code, by=cast.see("vera"), at=MONDAY).pk == funnel.pk
