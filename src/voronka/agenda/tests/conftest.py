"""A deal of olga's to plan steps in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda.models import Step
from voronka.agenda.steps import set_step
from voronka.deals.models import Deal
from voronka.journal.models import Fact

DUE = MONDAY + timedelta(days=1)
Errors = type[Exception] | tuple[type[Exception], ...]


@pytest.fixture
def deal(make_deal: Callable[..., Deal]) -> Deal:
    return make_deal()


@pytest.fixture
def planned(cast: SimpleNamespace, deal: Deal) -> Callable[..., Step]:
    """Set a step in olga's deal (olga unless said)."""

    def plan(who: str = "olga", due_at: datetime = DUE, **more: Any) -> Step:
        wanted: dict[str, Any] = {
            "kind": "meeting",
            "title": " Показ ",
            "deal_id": deal.pk,
        } | more
        return set_step(due_at=due_at, by=cast.see(who), at=MONDAY, **wanted)

    return plan


def refused(
    error: type[Exception] | tuple[type[Exception], ...], act: Callable[[], Any]
) -> None:
    """Try the act; check that the refusal changed no row and wrote no fact."""
    before, facts = list(Step.objects.order_by("pk").values()), Fact.objects.count()
    with pytest.raises(error):
        act()
    assert list(Step.objects.order_by("pk").values()) == before
    assert Fact.objects.count() == facts
