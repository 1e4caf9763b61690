"""Zadarma and Novofon: notifications make calls; those without a signature do not."""

import base64
import hashlib
import hmac
import random
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.models import Call
from voronka.calls.providers.zadarma import door
from voronka.calls.reducing import reduce
from voronka.calls.tests.hooked import START, event, fixtures, heard, reduced, shown, told_by

CALLS = fixtures("zadarma")
TIMES = 300
SECRET = "the-secret-of-the-cabinet"
DOOR = AtDoor(
    id=1, kind="zadarma", path_key="k", secret=SECRET, zone="Europe/Moscow", options={}
)


def events_of(name: str) -> list[CallEvent]:
    return [event(after, fields) for after, fields in CALLS[name]["says"]]


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    record = reduced("zadarma", events_of(name))
    assert shown(record) == CALLS[name]["call"]
    assert record is not None
    assert record.wait_seconds == CALLS[name]["wait"]
    assert record.started_at - START == CALLS[name]["started"]
    assert record.is_closed


@pytest.mark.parametrize("name", CALLS)
def test_any_order_and_repetition_make_the_same_record(name: str) -> None:
    rng = random.Random(name)
    events = events_of(name)
    whole = reduced("zadarma", events)
    for _ in range(TIMES):
        told = events + rng.choices(events, k=4)
        rng.shuffle(told)
        assert reduced("zadarma", told) == whole


@pytest.mark.parametrize("name", CALLS)
def test_mixed_up_on_the_way_within_two_seconds_it_is_the_same_call(name: str) -> None:
    """Only the start has a time of its own: those of arrival count, and the order is wrong."""
    rng = random.Random(name)
    says = CALLS[name]["says"]
    for _ in range(TIMES):
        events = [event(after + rng.uniform(0, 2), said) for after, said in says]
        told = shown(reduced("zadarma", events))
        # Of a call that was handed over the two talks are known by their arrival alone.
        is_moved = len(CALLS[name]["call"]["talked"]) > 1
        if is_moved:
            told["talk_seconds"] = 60.0 if abs(told["talk_seconds"] - 60) <= 2 else None
        assert told == CALLS[name]["call"]


def test_the_start_is_told_in_the_zone_of_the_cabinet() -> None:
    said = {
        "event": "NOTIFY_START", "call_start": "2026-03-02 14:00:00", "pbx_call_id": "in_9",
        "caller_id": "79001112233", "called_did": "74950000001",
    }  # fmt: skip
    for zone, start in (("Asia/Yekaterinburg", START), ("Europe/Moscow", START + 60)):
        exchange = Exchange(kind="zadarma", zone=zone)
        record = reduce(told_by(exchange, [event(60, said)]), answers_are_talk=True)
        assert record is not None
        # Told in Moscow's it lies ahead, where no call can begin: the arrival counts.
        assert record.started_at == start


def test_our_own_people_among_themselves_are_no_clients() -> None:
    said = {
        "event": "NOTIFY_OUT_START", "call_start": "2026-03-02 12:00:00",
        "pbx_call_id": "out_9", "internal": "101", "destination": "102",
    }  # fmt: skip
    record = reduced("zadarma", [event(0, said)])
    assert record is not None
    assert record.direction == "internal"


def signed(fields: dict[str, str], *, secret: str = SECRET, is_hex: bool = True) -> Hook:
    said = "".join(fields.get(name, "") for name in door.SIGNED.get(fields["event"], ()))
    made = hmac.new(secret.encode(), said.encode(), hashlib.sha1)
    digest = made.hexdigest().encode() if is_hex else made.digest()
    return hook(fields, base64.b64encode(digest).decode())


def hook(fields: dict[str, str], signature: str | None = None) -> Hook:
    headers = {} if signature is None else {"signature": signature}
    body = urlencode(fields).encode()
    return Hook(method="POST", suffix="", at=MONDAY, headers=headers, body=body)


SAYS = [fields for name in CALLS for _, fields in CALLS[name]["says"]]


@pytest.mark.parametrize("fields", SAYS)
def test_what_is_signed_is_taken_in_either_writing(fields: dict[str, str]) -> None:
    for is_hex in (True, False):
        taken = door.take(DOOR, signed(fields, is_hex=is_hex))
        assert (taken.ref, taken.keeps) == (fields["pbx_call_id"], True)


@pytest.mark.parametrize("fields", SAYS)
def test_what_is_forged_is_refused(fields: dict[str, str]) -> None:
    good = signed(fields).headers["signature"]
    last = door.SIGNED[fields["event"]][-1]
    forged = [
        (hook(fields), 401),
        (hook(fields, ""), 401),
        (hook(fields, "AAAA"), 403),
        (signed(fields, secret="another"), 403),
        (signed(fields, secret=""), 403),
        (hook(fields | {last: fields[last] + "1"}, good), 403),
        (signed({"event": fields["event"]}), 401),
    ]
    for one, status in forged:
        with pytest.raises(ForgedError) as refused:
            door.take(DOOR, one)
        assert refused.value.status == status
    bare = AtDoor(id=1, kind="zadarma", path_key="k", secret="", zone="UTC", options={})
    with pytest.raises(ForgedError):
        door.take(bare, signed(fields, secret=""))


def test_the_cabinet_tries_the_address_and_hears_its_own_word() -> None:
    def tried(query: str, method: str = "GET") -> str:
        return door.take(DOOR, Hook(method=method, suffix="", at=MONDAY, query=query)).text

    assert tried("zd_echo=a1b2.c-d") == "a1b2.c-d"
    assert tried("zd_echo=<script>") == ""
    assert tried("zd_echo=" + "a" * 129) == ""
    assert tried("zd_echo=a1", "POST") == ""
    assert not door.take(DOOR, hook({"event": "SMS", "text": "hello"})).keeps


@pytest.mark.parametrize("body", [b'{"event": "NOTI', b"<html>", b"[1]"])
def test_what_nobody_can_read_proves_nothing(body: bytes) -> None:
    with pytest.raises(ForgedError):
        door.take(DOOR, Hook(method="POST", suffix="", at=MONDAY, body=body))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"disposition": "exploded"}, "unknown_status"),
        ({"pbx_call_id": ""}, "no_call"),
        ({"caller_id": "7" * 40}, "long_number"),
    ],
)
def test_what_is_strange_stands_there_for_a_person(
    more: dict[str, str], problem: str, db: None
) -> None:
    exchange = Exchange.objects.create(
        kind="zadarma", name="Zadarma", path_key="k", created_at=MONDAY
    )
    end = dict(CALLS["nobody answers"]["says"][-1][1])
    ok = CALLS["only the end came"]["says"][0][1]
    told = heard(exchange, door.take, DOOR, [signed(end | more), signed(ok)])
    assert told == [("unread", problem), ("done", "")]
    call = Call.objects.get(call_ref="in_6")
    assert (call.outcome, call.talk_seconds, call.is_final) == ("answered", 60, True)
    assert call.started_at == datetime.fromtimestamp(START, UTC)
