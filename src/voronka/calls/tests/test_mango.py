"""Mango Office: its events make calls, in any order; nothing without its signature does."""

import hashlib
import json
import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.hooks.silence import close_silent
from voronka.calls.models import Call
from voronka.calls.providers.mango import door
from voronka.calls.rebuilding import read_waiting
from voronka.calls.tests.hooked import START, event, fixtures, heard, reduced, shown

CALLS = fixtures("mango")
TIMES = 300
KEY, SALT = "the-key-of-the-exchange", "the-salt-of-the-exchange"
DOOR = AtDoor(
    id=1, kind="mango", path_key="k", secret=SALT, zone="Europe/Moscow", options={"login": KEY}
)


def json_of(said: dict[str, Any]) -> str:
    moments = ("timestamp", "create_time", "forward_time", "talk_time", "end_time")
    is_end = "call_direction" in said
    told = {
        name: int(START) + value
        if name in moments and (value or not is_end or name == "create_time")
        else value
        for name, value in said.items()
    }
    return json.dumps(told)


def form(text: str, key: str = KEY, salt: str = SALT) -> dict[str, str]:
    sign = hashlib.sha256(f"{key}{text}{salt}".encode()).hexdigest()
    return {"vpbx_api_key": key, "sign": sign, "json": text}


def events_of(name: str) -> list[CallEvent]:
    says = CALLS[name]["says"]
    return [event(after, form(json_of(said)), suffix) for after, suffix, said in says]


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    record = reduced("mango", events_of(name))
    assert shown(record) == CALLS[name]["call"]
    assert record is not None
    assert record.wait_seconds == CALLS[name]["wait"]
    assert record.is_closed


@pytest.mark.parametrize("name", CALLS)
def test_any_order_delay_and_repetition_make_the_same_record(name: str) -> None:
    """Each event has a time of its own: when it comes to us changes nothing."""
    rng = random.Random(name)
    whole = reduced("mango", events_of(name))
    for _ in range(TIMES):
        says = list(CALLS[name]["says"])
        says += rng.choices(says, k=4)
        rng.shuffle(says)
        told = [
            event(rng.uniform(0, 900), form(json_of(said)), suffix) for _, suffix, said in says
        ]
        assert reduced("mango", told) == whole


def test_without_a_summary_the_talk_is_known_and_the_call_goes_on() -> None:
    events = events_of("a menu, then a group rings and one answers")[:8]
    record = reduced("mango", events)
    assert record is not None
    assert (record.talk_seconds, record.is_closed) == (60, False)


def test_the_count_within_a_leg_is_truer_than_a_clock_that_went_back() -> None:
    events = []
    for seq, state, at in ((1, "Appeared", 0), (2, "Connected", 5), (3, "Disconnected", 3)):
        said = {
            "entry_id": "E", "call_id": "B", "timestamp": at, "seq": seq, "call_state": state,
            "location": "abonent", "from": {"number": "79001112233"}, "to": {"extension": "1"},
        }  # fmt: skip
        events.append(event(at, form(json_of(said)), "events/call"))
    record = reduced("mango", events)
    assert record is not None
    assert (record.talk_seconds, record.legs[0].ended_at) == (0, START + 5)


def ordered(**more: Any) -> dict[str, Any]:
    return {
        "entry_id": "E", "call_id": "B", "timestamp": 0, "seq": 1, "call_state": "Appeared",
        "location": "abonent", "from": {"number": "79001112233"}, "to": {"extension": "101"},
    } | more  # fmt: skip


def test_a_call_that_was_ordered_goes_out_though_it_looks_as_coming_in() -> None:
    for more in ({"callback_initiator": "API"}, {"command_id": "c1"}, {"task_id": 5}):
        record = reduced("mango", [event(0, form(json_of(ordered(**more))), "events/call")])
        assert record is not None
        assert (record.direction, record.client) == ("out", "79001112233")
    moved = {"number": "79001112233", "taken_from_call_id": "A"}
    routed = json_of(ordered(command_id="c1", **{"from": moved}))
    record = reduced("mango", [event(0, form(routed), "events/call")])
    assert record is not None
    assert record.direction == "in"


def hook(fields: dict[str, str], suffix: str = "events/call") -> Hook:
    return Hook(method="POST", suffix=suffix, at=MONDAY, body=urlencode(fields).encode())


SIGNED = form('{"entry_id": "E1", "a": "Привет, мир/&="}')


def test_what_is_signed_is_taken_and_named_by_its_call() -> None:
    assert door.take(DOOR, hook(SIGNED)).ref == "E1"
    assert door.take(DOOR, hook(SIGNED, "events/summary")).keeps
    for other in ("events/sms", "events/dtmf", "result/stat", "events/record/tagged", ""):
        assert not door.take(DOOR, hook(SIGNED, other)).keeps


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 401),
        ({"json": SIGNED["json"], "vpbx_api_key": KEY}, 401),
        (SIGNED | {"sign": ""}, 401),
        (SIGNED | {"vpbx_api_key": ""}, 401),
        (SIGNED | {"sign": "0" * 64}, 403),
        (SIGNED | {"json": SIGNED["json"] + " "}, 403),
        (SIGNED | {"json": SIGNED["json"].replace("E1", "E2")}, 403),
        (form(SIGNED["json"], salt="another-salt"), 403),
        (form(SIGNED["json"], salt=""), 403),
        (form(SIGNED["json"], key="another-key"), 403),
    ],
)
def test_what_is_forged_is_refused(fields: dict[str, str], status: int) -> None:
    with pytest.raises(ForgedError) as refused:
        door.take(DOOR, hook(fields))
    assert refused.value.status == status


def test_an_exchange_without_a_salt_lets_nobody_in() -> None:
    bare = AtDoor(id=1, kind="mango", path_key="k", secret="", zone="Europe/Moscow", options={})
    for fields in (form('{"entry_id": "E1"}', salt=""), SIGNED):
        with pytest.raises(ForgedError):
            door.take(bare, hook(fields))


TORN = {
    "torn json": ('{"entry_id": "E1", "call_', "events/call", "torn"),
    "no object": ("[1, 2]", "events/call", "torn"),
    "nested": ("[" * 60_000, "events/call", "torn"),
    "no call": ('{"seq": 1}', "events/call", "no_call"),
    "unknown state": ('{"entry_id": "E9", "call_state": "Exploded"}', "events/call",
                      "unknown_event"),
    "parts of another kind": ('{"entry_id": "E9", "from": 5}', "events/call", "torn"),
    "a number of forty digits": (
        json_of(ordered(entry_id="E9", **{"from": {"number": "7" * 40}})), "events/call",
        "long_number",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", TORN)
def test_what_nobody_can_read_stands_there_for_a_person(name: str, db: None) -> None:
    text, suffix, problem = TORN[name]
    exchange = Exchange.objects.create(
        kind="mango", name="Манго", path_key="k", options={"login": KEY}, created_at=MONDAY
    )
    said = json_of(ordered(entry_id="ok"))
    told = heard(exchange, door.take, DOOR, [hook(form(text), suffix), hook(form(said))])
    assert told == [("unread", problem), ("done", "")]
    assert Call.objects.filter(call_ref="ok").count() == 1


@pytest.mark.django_db
def test_a_pause_of_a_queue_between_two_telephones_is_not_the_end(db: None) -> None:
    exchange = Exchange.objects.create(
        kind="mango", name="Манго", path_key="k", options={"login": KEY}, created_at=MONDAY
    )
    states = (("Appeared", 1), ("Disconnected", 2))
    says = [form(json_of(ordered(call_state=state, seq=seq))) for state, seq in states]
    heard(exchange, door.take, DOOR, [hook(fields) for fields in says])
    assert Call.objects.get().is_final is False
    later = MONDAY + timedelta(seconds=110)
    assert close_silent(now=later, is_whole=False) == 0
    assert close_silent(now=later + timedelta(seconds=11), is_whole=False) == 1
    read_waiting(now=later)
    assert (Call.objects.get().is_final, Call.objects.get().outcome) == (True, "missed")
