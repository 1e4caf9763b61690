"""Providers by their papers: the written calls, in any order, torn, and from strangers."""

import random
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.adapters import CHOOSERS, DOORS, READERS
from voronka.calls.exchange_models import CallEvent
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.hooks.request import Hook
from voronka.calls.hooks.silence import close_silent
from voronka.calls.models import Call, InternalCall
from voronka.calls.providers import DOCUMENTED, KINDS
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.told_by import (
    OPTIONS,
    PROVIDERS,
    brought,
    call_of,
    event_of,
    hook_of_told,
    mixed_up,
    shown_with_wait,
    xsi,
)
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

CALLS = [(kind, name) for kind in PROVIDERS for name in fixtures(kind)]
TIMES = 300


@pytest.mark.parametrize(("kind", "name"), CALLS)
def test_each_written_call_is_read_as_written(kind: str, name: str) -> None:
    written = fixtures(kind)[name]
    events = [event_of(hook_of_told(kind, after, one)) for after, one in written["says"]]
    assert shown_with_wait(call_of(kind, events)) == written["call"]


@pytest.mark.parametrize(("kind", "name"), CALLS)
def test_late_mixed_up_and_told_twice_it_is_the_same_call(kind: str, name: str) -> None:
    rng = random.Random(f"{kind} {name}")
    written = fixtures(kind)[name]
    for _ in range(TIMES):
        events = mixed_up(kind, written["says"], rng)
        assert shown_with_wait(call_of(kind, events)) == written["call"]


@pytest.mark.parametrize("kind", PROVIDERS)
def test_a_kind_by_its_papers_says_so(kind: str) -> None:
    (one,) = [one for one in KINDS if one.kind == kind]
    assert one.status == DOCUMENTED
    assert all(kind in registry for registry in (READERS, CHOOSERS, DOORS))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PROVIDERS)
def test_all_of_it_becomes_rows(cast: SimpleNamespace, kind: str) -> None:
    for person, extension in ((cast.olga, "101"), (cast.oleg, "102")):
        Person.objects.filter(pk=person.pk).update(extension=extension)
    new = NewExchange(kind=kind, name="АТС", options=OPTIONS.get(kind, {}))
    exchange = add_exchange(new, by=SYSTEM, at=MONDAY)
    written = fixtures(kind)
    for nth, name in enumerate(written):
        for n, (after, one) in enumerate(written[name]["says"]):
            event = event_of(
                hook_of_told(kind, after, one),
                exchange=exchange, source_key=f"{name} {n}"[:120], call_ref=f"call {nth}",
            )  # fmt: skip
            keep_events([event])
    now = MONDAY + timedelta(minutes=5)
    read_waiting(now=now)
    close_silent(now=now, is_whole=True)
    read_waiting(now=now)
    assert not CallEvent.objects.exclude(state="done").exists()
    calls = [one["call"] for one in written.values()]
    inner = sum(one["direction"] == "internal" for one in calls)
    assert (InternalCall.objects.count(), Call.objects.count()) == (inner, len(calls) - inner)
    told = Call.objects.values_list("direction", "outcome", "phone").order_by("pk")
    wanted = [
        (one["direction"], one["outcome"], "+" + one["client"].lstrip("+"))
        for one in calls
        if one["direction"] != "internal"
    ]
    assert sorted(told) == sorted(wanted)
    group = Call.objects.get(call_ref="call 0")
    assert (group.manager_id, group.talk_seconds, group.wait_seconds) == (cast.oleg.pk, 60, 7)


def bomb(kind: str) -> bytes:
    """Write one with entities that grow, and a file of the machine."""
    entities = (
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">'
    )
    return xsi(kind, "<callId>&b;&f;</callId>", f"<!DOCTYPE Event [{entities}]>")


TORN: list[tuple[str, dict[str, Any], str]] = [
    ("sipuni", {"body": b'{"event": "1", "call_'}, "torn"),
    ("sipuni", {"query": "event=1&src_num=79001112233"}, "no_call"),
    ("sipuni", {"query": "event=9&call_id=c9&src_num=79001112233"}, "unknown_event"),
    (
        "sipuni",
        {"query": "event=2&call_id=c9&src_num=79001112233&dst_num=101&status=EXPLODED"},
        "unknown_status",
    ),
    ("sipuni", {"query": "event=1&call_id=c9&dst_num=101&src_num=" + "7" * 40}, "long_number"),
    ("onlinepbx", {"body": b"<html></html>"}, "torn"),
    ("onlinepbx", {"body": b'{"event": "call_start", "caller": "101"}'}, "no_call"),
    ("onlinepbx", {"body": b'{"event": "call_eaten", "uuid": "u9"}'}, "unknown_event"),
    (
        "onlinepbx",
        {"body": b'{"event": "call_start", "uuid": "u9", "caller": "%s"}' % (b"7" * 40)},
        "long_number",
    ),
    ("telphin", {"body": b'["dial-in"]'}, "torn"),
    ("telphin", {"body": b"EventType=dial-in&CallerIDNum=79001112233"}, "no_call"),
    ("telphin", {"body": b"EventType=dial-up&CallID=c9"}, "unknown_event"),
    ("telphin", {"body": b"EventType=hangup&CallID=c9&CallStatus=EATEN"}, "unknown_status"),
    (
        "mts",
        {"body": b'{"CallID": "m9", "From": "9001112233", "EventType": "EndCall"}'},
        "torn",
    ),
    ("mts", {"body": b'{"CallID": "m9", "From": {"ANI": "90011'}, "torn"),
    ("mts", {"body": b'{"EventType": "EndCall", "From": {}}'}, "no_call"),
    ("mts", {"body": b'{"CallID": "m9", "EventType": "CallEaten"}'}, "unknown_event"),
    ("beeline", {"body": b"<xsi:Event><xsi:eventData"}, "torn"),
    ("beeline", {"body": b"callid=b9"}, "torn"),
    ("beeline", {"body": bomb("CallReceivedEvent")}, "torn"),
    ("beeline", {"body": b"<a>" * 60 + b"</a>" * 60}, "torn"),
    ("beeline", {"body": xsi("CallReceivedEvent", "")}, "no_call"),
    ("beeline", {"body": xsi("CallEatenEvent", "<callId>b9</callId>")}, "unknown_event"),
    ("beeline", {"body": xsi("SubscriptionTerminatedEvent", "")}, "subscription_over"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "what", "problem"), TORN)
def test_what_nobody_can_read_is_kept_for_a_person(
    kind: str, what: dict[str, Any], problem: str
) -> None:
    exchange = add_exchange(NewExchange(kind=kind, name="АТС"), by=SYSTEM, at=MONDAY)
    hook = Hook(method="POST", suffix="", at=MONDAY, **what)
    taken = brought(kind, hook)
    assert (taken.keeps, taken.status) == (True, 200)
    keep_events([event_of(hook, exchange=exchange, source_key="1", call_ref=taken.ref)])
    read_waiting(now=MONDAY)
    event = CallEvent.objects.get()
    assert (event.state, event.problem) == ("unread", problem)
