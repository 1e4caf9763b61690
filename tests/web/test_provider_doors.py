"""Providers at the real door: who is a stranger is stored nowhere and counted."""

import base64
from typing import Any

import pytest

from tests.web.exchange_world import TOKEN, Asked, ask, joined, only
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.told_by import PROVIDERS, hook_of_told

pytestmark = pytest.mark.django_db(transaction=True)
BASIC = "Basic " + base64.b64encode(f"voronka:{TOKEN}".encode()).decode()


def told_at(exchange: Exchange, suffix: str = "", **more: Any) -> Asked:
    """Make the first request of the first written call of this kind."""
    after, one = next(iter(fixtures(exchange.kind).values()))["says"][0]
    hook = hook_of_told(exchange.kind, after, one)
    return Asked(
        f"/telephony/{exchange.path_key}/{suffix}",
        body=hook.body, query=hook.query, method=hook.method, **more,
    )  # fmt: skip


@pytest.mark.parametrize("kind", PROVIDERS)
def test_one_who_proves_himself_is_stored_and_others_are_counted(kind: str) -> None:
    exchange = joined(kind, login="voronka", senders=["203.0.113.0/24"])
    shown = {"headers": {"authorization": BASIC}} if kind == "mts" else {"suffix": TOKEN}
    forged = ask(
        told_at(exchange),
        told_at(exchange, suffix="wrong", headers={"authorization": "Basic d3Jvbmc6d3Jvbmc="}),
        told_at(exchange, **shown, sender="198.51.100.1"),
        Asked(f"/telephony/{exchange.path_key}x/{TOKEN}", {"a": "b"}),
    )
    assert [one.status for one in forged] == [401, 403, 403, 404]
    assert CallEvent.objects.count() == 0
    exchange.refresh_from_db()
    assert exchange.refused == 3
    told = ask(told_at(exchange, **shown), told_at(exchange, **shown))
    assert [one.status for one in told] == [200, 200]
    event = CallEvent.objects.get()
    assert event.call_ref
    assert TOKEN not in event.body


def test_sipuni_hears_success_at_the_door() -> None:
    exchange = joined("sipuni", secret="")
    assert only(ask(told_at(exchange))).said == {"success": True}
