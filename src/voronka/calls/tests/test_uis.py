"""UIS, CoMagic, CallGear: notifications of our own templates make calls."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls import providers
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.models import Call
from voronka.calls.providers.uis import door
from voronka.calls.providers.uis.parser import EVENTS
from voronka.calls.reducing import reduce
from voronka.calls.tests.hooked import fixtures, heard, posted, shown, told_by

CALLS = fixtures("uis")
TIMES = 300
TOKEN = "a-token-of-our-templates"
PEOPLE = {"people": {"11": "101", "12": "102"}}
EXCHANGE = Exchange(kind="uis", zone="Europe/Moscow", options=PEOPLE)
DOOR = AtDoor(
    id=1, kind="uis", path_key="k", secret=TOKEN, zone="Europe/Moscow", options=PEOPLE
)


def told(after: float, said: dict[str, Any]) -> CallEvent:
    return posted(after, json.dumps(said).encode(), {"content-type": "application/json"})


def events_of(name: str) -> list[CallEvent]:
    return [told(after, said) for after, said in CALLS[name]["says"]]


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    record = reduce(told_by(EXCHANGE, events_of(name)), answers_are_talk=True)
    assert shown(record) == CALLS[name]["call"]
    assert record is not None
    assert record.wait_seconds == CALLS[name]["wait"]
    assert record.is_closed


@pytest.mark.parametrize("name", CALLS)
def test_any_order_delay_and_repetition_make_the_same_record(name: str) -> None:
    rng = random.Random(name)
    whole = reduce(told_by(EXCHANGE, events_of(name)), answers_are_talk=True)
    for _ in range(TIMES):
        says = CALLS[name]["says"]
        says = says + rng.choices(says, k=4)
        rng.shuffle(says)
        late = [told(rng.uniform(0, 900), said) for _, said in says]
        assert reduce(told_by(EXCHANGE, late), answers_are_talk=True) == whole


def test_an_employee_nobody_gave_an_extension_stands_under_his_number() -> None:
    bare = Exchange(kind="uis", zone="Europe/Moscow")
    record = reduce(told_by(bare, events_of("only the end came")), answers_are_talk=True)
    assert record is not None
    assert record.answered_by == "12"


def test_the_templates_of_the_page_are_read_once_the_provider_has_filled_them_in() -> None:
    page = (Path(providers.__file__).parent / "uis" / "README.md").read_text()
    templates = re.findall(r"^\{\"token\".*\}$", page, re.MULTILINE)
    filled = {
        "notification_time": "2026-03-02 12:00:00", "call_session_id": 7, "direction": "in",
        "employee_ids": [11], "employee_id": 11, "file_link": "https://x.example/1",
        "contact_phone_number": "79001112233", "virtual_phone_number": "74950000001",
        "talk_time_duration": 1, "wait_time_duration": 2, "total_time_duration": 3,
    }  # fmt: skip
    seen = []
    for template in templates:
        text = re.sub(r"\{\{(\w+)\}\}", lambda found: json.dumps(filled[found[1]]), template)
        said = json.loads(text.replace("YOUR-TOKEN", TOKEN))
        assert door.take(DOOR, hook(json.dumps(said).encode())).ref == "7"
        assert told_by(EXCHANGE, [told(0, said)])
        seen.append(said["event"])
    assert seen == list(EVENTS)


def hook(body: bytes, query: str = "") -> Hook:
    headers = {"content-type": "application/json"}
    return Hook(method="POST", suffix="", at=MONDAY, headers=headers, query=query, body=body)


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [
        (b'{"call_session_id": 1}', "", 401),
        (b'{"call_session_id": 1, "token": ""}', "", 401),
        (b'{"call_session_id": 1, "token": "wrong"}', "", 403),
        (b'{"call_session_id": 1, "token": null}', "", 401),
        (b'{"call_session_id": {{call_session_id}}}', "", 401),
        (b'{"call_session_id": {{call_session_id}}}', "token=wrong", 403),
    ],
)
def test_what_is_forged_is_refused(body: bytes, query: str, status: int) -> None:
    with pytest.raises(ForgedError) as refused:
        door.take(DOOR, hook(body, query))
    assert refused.value.status == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'{"event": "talk", "call_session_id": {{call_session_id}}}', "torn"),
        (b'{"event": "talk"}', "no_call"),
        (b'{"event": "exploded", "call_session_id": 5}', "unknown_event"),
        (b'{"event": "incoming", "call_session_id": 5, "contact_phone_number": "%s"}'
         % (b"7" * 40), "long_number"),
    ],
)  # fmt: skip
def test_what_nobody_can_read_stands_there_for_a_person(
    body: bytes, problem: str, db: None
) -> None:
    exchange = Exchange.objects.create(
        kind="uis", name="UIS", path_key="k", options=PEOPLE, created_at=MONDAY
    )
    ok = json.dumps(CALLS["only the end came"]["says"][0][1]).encode()
    query = f"token={TOKEN}"
    seen = heard(exchange, door.take, DOOR, [hook(body, query), hook(ok, query)])
    assert seen == [("unread", problem), ("done", "")]
    assert Call.objects.get(call_ref="2006").talk_seconds == 30
