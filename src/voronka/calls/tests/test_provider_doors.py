"""Providers at the door: who gets in, what they hear, what is kept nowhere."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.hooks.contract import ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.told_by import (
    PROVIDERS,
    SECRET,
    brought,
    call_of,
    event_of,
    hook_of_told,
    xsi,
)
from voronka.clients.cards import NewClient, add_client
from voronka.people.models import Person

BY_ADDRESS = ["sipuni", "onlinepbx", "telphin", "beeline"]


@pytest.mark.parametrize("kind", BY_ADDRESS)
def test_a_set_secret_has_to_stand_in_the_address(kind: str) -> None:
    after, one = next(iter(fixtures(kind).values()))["says"][0]
    plain = hook_of_told(kind, after, one)
    assert brought(kind, plain).keeps
    for suffix, query, status in (("", "", 401), ("wrong", "", 403), ("", "&token=wrong", 403)):
        forged = changed(plain, suffix=suffix, query=plain.query + query)
        with pytest.raises(ForgedError) as told:
            brought(kind, forged, SECRET)
        assert told.value.status == status
    assert brought(kind, changed(plain, suffix=SECRET), SECRET).keeps
    shown = f"{plain.query}&token={SECRET}"
    assert brought(kind, changed(plain, query=shown), SECRET).keeps


@pytest.mark.parametrize("kind", PROVIDERS)
def test_with_a_list_of_senders_others_are_turned_away(kind: str) -> None:
    after, one = next(iter(fixtures(kind).values()))["says"][0]
    allowed = ["203.0.113.0/28", "2001:db8::1"]
    for sender, is_welcome in (
        ("203.0.113.7", True),
        ("2001:db8::1", True),
        ("203.0.113.77", False),
        ("", False),
    ):
        hook = changed(hook_of_told(kind, after, one), sender=sender)
        if is_welcome:
            assert brought(kind, hook, senders=allowed).keeps
        else:
            with pytest.raises(ForgedError):
                brought(kind, hook, senders=allowed)
    with pytest.raises(ForgedError):
        brought(kind, hook_of_told(kind, after, one, sender="203.0.113.7"), senders=["what"])


def changed(hook: Hook, **more: Any) -> Hook:
    """Give the request with something else in it."""
    values = {name: getattr(hook, name) for name in Hook.__dataclass_fields__}
    return Hook(**values | more)


def test_sipuni_hears_success_and_its_trial_is_kept_nowhere() -> None:
    hook = Hook(method="GET", suffix="", at=MONDAY, query="event=1&call_id=c1")
    assert brought("sipuni", hook).said == {"success": True}
    trial = brought("sipuni", Hook(method="GET", suffix="", at=MONDAY))
    assert (trial.keeps, trial.said) == (False, {"success": True})


@pytest.mark.django_db
def test_sipuni_asks_which_branch_to_take(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    add_client(
        NewClient(name="Ромашка", phones=["+79001112233"]), by=cast.see("olga"), at=MONDAY
    )
    for number, choice in (("79001112233", 3), ("79009998877", 9)):
        query = f"fromnum={number}&tonum=74950000001&label=1&time=1772442000"
        hook = Hook(method="GET", suffix="", at=MONDAY, query=query)
        asked = brought("sipuni", hook, choices={"101": 3}, choice_otherwise=9)
        assert asked.look is not None
        assert not asked.keeps
        answer = asked.look()
        assert (answer.keeps, answer.said) == (False, {"choice": choice})


def test_messages_of_telphin_are_kept_nowhere() -> None:
    body = b"EventType=message-in&CallID=c1&CallerIDNum=79001112233"
    assert not brought("telphin", Hook(method="POST", suffix="", at=MONDAY, body=body)).keeps


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 401),
        ("Bearer " + SECRET, 403),
        ("Basic " + base64.b64encode(f"voronka:{SECRET}x".encode()).decode(), 403),
        ("Basic " + base64.b64encode(f"other:{SECRET}".encode()).decode(), 403),
        ("Basic ***", 403),
        ("Basic /w==", 403),
        ("Basic " + base64.b64encode(f"voronka:{SECRET}".encode()).decode(), 200),
    ],
)
def test_mts_shows_a_name_and_a_password(header: str, status: int) -> None:
    after, one = next(iter(fixtures("mts").values()))["says"][0]
    headers = {"authorization": header} if header else {}
    hook = hook_of_told("mts", after, one, headers=headers)
    if status == 200:
        assert brought("mts", hook, SECRET, login="voronka").keeps
        return
    with pytest.raises(ForgedError) as told:
        brought("mts", hook, SECRET, login="voronka")
    assert told.value.status == status


@pytest.mark.parametrize("kind", ["HookStatusEvent", "SubscriptionEvent"])
def test_what_beeline_tells_of_no_call_is_kept_nowhere(kind: str) -> None:
    hook = Hook(method="POST", suffix="", at=MONDAY, body=xsi(kind, ""))
    assert not brought("beeline", hook).keeps


def test_while_beeline_holds_the_line_nobody_talks() -> None:
    told = fixtures("beeline")["a client is called and talks"]["says"]
    held, resumed = (
        (after, told[1][1].replace("CallAnsweredEvent", kind))
        for after, kind in ((15, "CallHeldEvent"), (25, "CallRetrievedEvent"))
    )
    says = [*told, held, resumed]
    call = call_of("beeline", [event_of(hook_of_told("beeline", *one)) for one in says])
    assert call is not None
    assert (call.talk_seconds, call.hold_seconds) == (20, 10)
