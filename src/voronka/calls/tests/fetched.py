"""A history asked of a server that runs here: fetched, stored, read, told twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.adapters import HISTORIES
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.histories import HistoryProblemError
from voronka.calls.models import Call
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.listening import Answering, provider
from voronka.calls.tests.told_by import event_of, hook_of_told
from voronka.people.viewers import SYSTEM

Asking = Callable[[], list[CallEvent]]
SHOWN = (
    "call_ref", "direction", "phone", "line", "outcome", "is_answered", "is_final", "state",
    "started_at", "answered_at", "ended_at", "talk_seconds", "wait_seconds", "hold_seconds",
    "menu_seconds",
)  # fmt: skip


def joined_kind(kind: str, secret: str, zone: str = "UTC", **options: Any) -> Exchange:
    """Join an exchange as the administrator does: its key is sealed."""
    new = NewExchange(kind=kind, name="АТС", secret=secret, zone=zone, options=options)
    return add_exchange(new, by=SYSTEM, at=MONDAY)


def fetched(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for a history as days are compared; give its events in their order."""
    past = HISTORIES[exchange.kind](exchange, since, until)
    return [event for events in past.events.values() for event in events]


def calls_made(exchange: Exchange) -> list[dict[str, Any]]:
    """Give the calls of an exchange as they stand, with their telephones."""
    found = []
    for call in Call.objects.filter(exchange=exchange).order_by("started_at", "call_ref"):
        one = {name: getattr(call, name) for name in SHOWN}
        legs = call.legs.order_by("extension", "began_at")
        one["legs"] = list(legs.values_list("extension", "outcome", "talk_seconds"))
        found.append(one)
    return found


def made_of(exchange: Exchange, *tellings: Sequence[CallEvent]) -> list[dict[str, Any]]:
    """Tell events one lot after another, reading in between; give the calls, then clear all."""
    for events in tellings:
        keep_events(events)
        read_waiting(now=MONDAY)
    made = calls_made(exchange)
    CallEvent.objects.filter(exchange=exchange).delete()
    for call in Call.objects.filter(exchange=exchange):
        call.legs.all().delete()
        call.delete()
    return made


def heard_of(exchange: Exchange, name: str, says: Any = None) -> list[CallEvent]:
    """Give what its web hooks say of one of the calls written beside its adapter."""
    said = fixtures(exchange.kind)[name]["says"] if says is None else says
    return [
        event_of(hook_of_told(exchange.kind, after, told), exchange=exchange, source_key=str(n))
        for n, (after, told) in enumerate(said)
    ]


def demand_one_call(exchange: Exchange, heard: Asking, past: Asking) -> None:
    """A call heard and a call of the history are one: in each order, and told twice."""
    by_ear = made_of(exchange, heard())
    assert len(by_ear) == 1
    assert by_ear[0]["is_final"]
    for lots in (
        (heard(), past()),
        (past(), heard()),
        (past(), heard(), past(), heard()),
        ([*past(), *heard()],),
    ):
        assert made_of(exchange, *lots) == by_ear


def why_not(exchange: Exchange, since: datetime, until: datetime) -> str:
    """Give why a history could not be had."""
    with pytest.raises(HistoryProblemError) as failed:
        HISTORIES[exchange.kind](exchange, since, until)
    return str(failed.value.details["why"]).removeprefix("asked_")


def demand_codes(
    joined: Callable[[str], Exchange], answers: Iterable[tuple[int, Any, str]]
) -> None:
    """Each of these answers to whatever is asked makes this code, without a call stored."""
    for status, said, code in answers:

        def answering(_: Any, status: int = status, said: Any = said) -> tuple[int, Any]:
            return status, said

        given: Answering = answering
        with provider(given) as here:
            assert (said, why_not(joined(here.address), MONDAY, MONDAY.replace(hour=23))) == (
                said, code,
            )  # fmt: skip
    assert not Call.objects.exists()
