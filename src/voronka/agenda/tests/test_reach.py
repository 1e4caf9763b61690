"""Who may set, move, do and cancel a step, and who sees it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.agenda import queries
from voronka.agenda.models import Step
from voronka.agenda.steps import cancel_step, finish_step, move_step, set_step
from voronka.agenda.tests.conftest import DUE, refused
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.journal.models import Fact

DAY = timedelta(days=1)
MakeDeal = Callable[..., Deal]
REFUSALS = (Step.DoesNotExist, Deal.DoesNotExist, PermissionError)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("vera", True), ("lev", True), ("olga", True), ("anna", True),
        ("oleg", False), ("audit", False),
    ],
)  # fmt: skip
def test_who_may(
    cast: SimpleNamespace, planned: Callable[..., Step], who: str, may: bool
) -> None:
    steps, by = [planned(title=str(n)) for n in range(3)], cast.see(who)
    acts: list[Callable[[], Any]] = [
        lambda: move_step(step_id=steps[0].pk, due_at=DUE + DAY, by=by, at=MONDAY),
        lambda: finish_step(step_id=steps[1].pk, outcome="", by=by, at=DUE),
        lambda: cancel_step(step_id=steps[2].pk, reason="", by=by, at=DUE),
        lambda: planned(who, title="Ещё"),
    ]
    before = Fact.objects.count()
    for act in acts:
        if may:
            act()
        else:
            refused(REFUSALS, act)
    assert Fact.objects.count() - before == (4 if may else 0)


def test_a_step_with_a_client_without_a_deal(
    cast: SimpleNamespace, make_client: Callable[..., Client]
) -> None:
    client = make_client()
    wanted: dict[str, Any] = {"kind": "task", "title": "Письмо", "due_at": DUE, "at": MONDAY}
    step = set_step(client_id=client.pk, by=cast.see("vera"), **wanted)
    assert (step.person_id, step.deal_id) == (cast.olga.pk, None)
    fact = Fact.objects.latest("pk")
    assert (fact.case, fact.client_id) == (f"client:{client.pk}", client.pk)
    refused(
        Client.DoesNotExist,
        lambda: set_step(client_id=client.pk, by=cast.see("oleg"), **wanted),
    )
    refused(
        PermissionError, lambda: set_step(client_id=client.pk, by=cast.see("audit"), **wanted)
    )


def test_everybody_sees_the_steps_within_reach(
    cast: SimpleNamespace, make_deal: MakeDeal, planned: Callable[..., Step]
) -> None:
    planned()
    planned("oleg", deal_id=make_deal("oleg").pk)
    seen = {who: len(queries.open_steps(viewer=cast.see(who))) for who in ("vera", "lev")}
    seen |= {who: len(queries.open_steps(viewer=cast.see(who))) for who in ("olga", "audit")}
    assert seen == {"vera": 2, "lev": 1, "olga": 1, "audit": 2}
