"""MegaFon and its like: events, the contact it asks for, and its record of calls."""

import random
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.models import Call
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.megafon import door
from voronka.calls.providers.megafon.history import history
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.tests.hooked import event, fixtures, heard, reduced, shown
from voronka.calls.tests.listening import Asked, provider
from voronka.foundation.sealing import seal

CALLS = fixtures("megafon")
TIMES = 300
TOKEN, KEY = "the-token-of-the-crm", "the-key-of-the-exchange"
DOOR = AtDoor(
    id=1, kind="megafon", path_key="k", secret=f"{TOKEN} {KEY}", zone="UTC", options={}
)


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    record = reduced("megafon", [event(after, said) for after, said in CALLS[name]["says"]])
    assert shown(record) == CALLS[name]["call"]
    assert record is not None
    assert record.wait_seconds == CALLS[name]["wait"]
    assert record.is_closed


@pytest.mark.parametrize("name", CALLS)
def test_any_order_and_repetition_make_the_same_record(name: str) -> None:
    rng = random.Random(name)
    events = [event(after, said) for after, said in CALLS[name]["says"]]
    whole = reduced("megafon", events)
    for _ in range(TIMES):
        told = events + rng.choices(events, k=4)
        rng.shuffle(told)
        assert reduced("megafon", told) == whole


def hook(fields: dict[str, str]) -> Hook:
    return Hook(method="POST", suffix="", at=MONDAY, body=urlencode(fields).encode())


SAID = {"cmd": "event", "type": "INCOMING", "callid": "m9", "phone": "79001112233"}


def test_with_the_token_in_the_body_it_is_taken() -> None:
    assert door.take(DOOR, hook(SAID | {"crm_token": TOKEN})).ref == "m9"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 401),
        ({"crm_token": ""}, 401),
        ({"crm_token": "wrong"}, 403),
        ({"crm_token": KEY}, 403),
        ({"crm_token": f"{TOKEN} {KEY}"}, 403),
    ],
)
def test_what_is_forged_is_refused(more: dict[str, str], status: int) -> None:
    with pytest.raises(ForgedError) as refused:
        door.take(DOOR, hook(SAID | more))
    assert refused.value.status == status


@pytest.mark.django_db
def test_of_a_number_nobody_knows_it_hears_an_empty_object_and_nothing_is_stored(
    db: None,
) -> None:
    asked = {"cmd": "contact", "phone": "79009998877", "crm_token": TOKEN}
    taken = door.take(DOOR, hook(asked))
    assert taken.look is not None
    assert (taken.look().said, taken.look().keeps, taken.keeps) == ({}, False, False)


@pytest.mark.django_db
def test_what_nobody_can_read_stands_there_for_a_person(db: None) -> None:
    exchange = Exchange.objects.create(
        kind="megafon", name="МегаФон", path_key="k", created_at=MONDAY
    )
    strange = [
        SAID | {"crm_token": TOKEN, "callid": ""},
        SAID | {"crm_token": TOKEN, "type": "EXPLODED"},
        SAID | {"crm_token": TOKEN},
    ]
    told = heard(exchange, door.take, DOOR, [hook(fields) for fields in strange])
    assert told == [("unread", "no_call"), ("unread", "unknown_event"), ("done", "")]


ROWS = [
    {"uid": "h1", "type": "in", "client": "79001112233", "user": "oleg", "wait": 5,
     "diversion": "79260000001", "start": "2026-03-02T09:00:00Z", "duration": 40,
     "record": "https://vats.example/h1.mp3", "status": "success"},
    {"uid": "h2", "type": "missed", "client": "79001112244", "user": "olga", "wait": 30,
     "diversion": "79260000001", "start": "20260302T091000Z", "duration": 0,
     "record": "", "status": "missed"},
    {"uid": "", "type": "in"}, "no row",
]  # fmt: skip


def answering(asked: Asked) -> tuple[int, Any]:
    if asked.headers.get("x-api-key") != KEY:
        return 403, {}
    if asked.path == "/crmapi/v1/users":
        return 200, [{"login": "oleg", "ext": "102"}, {"login": "olga", "ext": "101"}]
    return 200, ROWS


def always(status: int, said: Any, _: Asked) -> tuple[int, Any]:
    return status, said


def joined(address: str, secret: str = f"{TOKEN} {KEY}") -> Exchange:
    return Exchange.objects.create(
        kind="megafon", name="МегаФон", path_key="k", secret=seal(secret),
        options={"host": address}, created_at=MONDAY,
    )  # fmt: skip


@pytest.mark.django_db
def test_calls_of_an_outage_are_read_from_its_record_once(db: None) -> None:
    until = MONDAY + timedelta(hours=3)
    with provider(answering) as here:
        exchange = joined(here.address)
        for _ in range(2):
            keep_events(history(exchange, MONDAY - timedelta(days=10), until))
            read_waiting(now=until)
    assert here.asked[0].path == "/crmapi/v1/history/json"
    assert here.asked[0].fields["end"] == until.strftime("%Y%m%dT%H%M%SZ")
    assert CallEvent.objects.filter(source="history", state="done").count() == 2
    first, second = Call.objects.order_by("started_at")
    assert (first.outcome, first.talk_seconds, first.wait_seconds) == ("answered", 40, 5)
    assert (second.outcome, second.phone, second.direction) == ("missed", "+79001112244", "in")
    assert [leg.extension for leg in first.legs.all()] == ["102"]
    assert first.is_final
    assert second.is_final


@pytest.mark.django_db
def test_an_event_and_the_record_of_the_same_call_are_one_call(db: None) -> None:
    name = "a missed call of which only the history came"
    with provider(answering) as here:
        exchange = joined(here.address)
        pushed = event(0, CALLS[name]["says"][0][1] | {"callid": "h2"}, exchange=exchange)
        keep_events([pushed, *history(exchange, MONDAY, MONDAY + timedelta(hours=3))])
    read_waiting(now=MONDAY)
    assert Call.objects.filter(call_ref="h2").count() == 1


@pytest.mark.django_db
def test_why_there_is_no_record_is_told_by_a_code(db: None) -> None:
    def code_of(exchange: Exchange) -> str:
        with pytest.raises(AskingError) as failed:
            history(exchange, MONDAY, MONDAY)
        exchange.delete()
        return failed.value.code

    for status, said, code in (
        (500, {}, "unreachable"), (429, {}, "too_many"), (404, {}, "wrong_answer"),
        (200, b"<html>", "wrong_answer"), (200, {"error": 1}, "wrong_answer"),
        (302, {}, "wrong_answer"), (403, {}, "refused"),
    ):  # fmt: skip
        with provider(partial(always, status, said)) as here:
            assert code_of(joined(here.address)) == code
            assert len(here.asked) == 1
    assert code_of(joined(here.address)) == "unreachable"
    assert code_of(joined("")) == "no_key"
    assert code_of(joined("vats.example", secret=TOKEN)) == "no_key"
