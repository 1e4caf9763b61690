"""The door for exchanges: proven first, then stored, then acknowledged."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from tests.web.exchange_world import TOKEN, Asked, ask, joined, only
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.keeping import Keeper
from voronka.calls.hooks.request import hook_of
from voronka.clients.models import Client, Phone
from voronka.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
RING = {
    "cmd": "event",
    "type": "INCOMING",
    "callid": "c1",
    "phone": "79161112233",
    "ext": "101",
}


def at(exchange: Exchange, suffix: str = "") -> str:
    return f"/telephony/{exchange.path_key}/{suffix}"


def test_what_is_acknowledged_is_stored_raw_without_the_token(db: None) -> None:
    exchange = joined()
    told = only(ask(Asked(at(exchange, "x/y"), RING | {"token": TOKEN}, query="a=1")))
    assert (told.status, told.said) == (200, {})
    event = CallEvent.objects.get()
    kept = json.loads(event.body)
    assert (event.source, event.call_ref, event.state) == ("hook", "c1", "waiting")
    assert (kept["method"], kept["suffix"], kept["query"]) == ("POST", "x/y", "a=1")
    assert kept["body"].startswith("cmd=event&type=INCOMING&callid=c1&phone=79161112233")
    assert TOKEN not in event.body
    assert exchange.path_key not in event.body


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({}, {}, 401),
        ({"token": ""}, {}, 401),
        ({"token": TOKEN + "x"}, {}, 403),
        ({"crm_token": TOKEN[:-1]}, {}, 403),
        ({}, {"authorization": "Bearer wrong"}, 403),
        ({}, {"x-api-key": "нет".encode().decode("latin-1")}, 403),
    ],
)
def test_a_forged_request_is_refused_counted_and_stored_nowhere(
    fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    exchange = joined()
    told = ask(
        Asked(at(exchange), RING | fields, headers=headers),
        Asked(at(exchange), {"cmd": "contact", "phone": "79161112233"} | fields),
    )
    assert told[0].status == status
    assert told[1].status in (401, 403)
    assert told[1].said == {"error": "wrong_token"}
    assert CallEvent.objects.count() == 0
    exchange.refresh_from_db()
    assert (exchange.refused, exchange.heard_at) == (2, None)
    assert exchange.refused_at is not None


def test_an_exchange_without_a_token_lets_nobody_in() -> None:
    exchange = joined(secret="")
    told = ask(Asked(at(exchange), RING), Asked(at(exchange), RING | {"token": ""}))
    assert [one.status for one in told] == [401, 401]
    assert CallEvent.objects.count() == 0


@pytest.mark.parametrize(
    "proof",
    [{"authorization": f"Bearer {TOKEN}"}, {"x-api-key": TOKEN}, {"x-crm-token": TOKEN}],
)
def test_the_token_may_come_in_a_header(proof: dict[str, str]) -> None:
    exchange = joined()
    assert only(ask(Asked(at(exchange), RING, headers=proof))).status == 200
    assert CallEvent.objects.count() == 1


def test_an_unknown_key_and_an_exchange_that_is_off_are_not_found() -> None:
    exchange = joined()
    asterisk = joined("asterisk")
    Exchange.objects.filter(pk=exchange.pk).update(is_on=False)
    told = ask(
        Asked(at(exchange), RING | {"token": TOKEN}),
        Asked(at(asterisk), RING | {"token": TOKEN}),
        Asked("/telephony/unknown/", RING | {"token": TOKEN}),
        Asked("/telephony/", RING),
        Asked("/rest/", RING),
    )
    assert {one.status for one in told} == {404}
    assert CallEvent.objects.count() == 0


def test_the_same_again_is_acknowledged_and_has_no_effect() -> None:
    exchange = joined()
    same = Asked(at(exchange), RING | {"token": TOKEN})
    told = ask(same, same, same, at_once=True) + ask(same)
    assert [one.status for one in told] == [200] * 4
    assert CallEvent.objects.count() == 1


def test_too_many_within_a_second_hear_429_and_none_that_heard_200_is_lost() -> None:
    exchange = joined(per_second=20)
    requests = [
        Asked(at(exchange), RING | {"token": TOKEN, "callid": f"c{n}"}) for n in range(200)
    ]
    told = ask(*requests, at_once=True)
    statuses = [one.status for one in told]
    assert set(statuses) == {200, 429}
    assert all(one.headers["retry-after"] == "1" for one in told if one.status == 429)
    acknowledged = {f"c{n}" for n, status in enumerate(statuses) if status == 200}
    assert set(CallEvent.objects.values_list("call_ref", flat=True)) == acknowledged


def test_a_full_queue_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = joined()
    monkeypatch.setattr(Keeper, "is_full", property(lambda self: True))
    told = only(ask(Asked(at(exchange), RING | {"token": TOKEN})))
    assert (told.status, told.headers["retry-after"]) == (429, "1")


def test_a_body_over_the_limit_and_another_method_are_refused() -> None:
    exchange = joined()
    told = ask(
        Asked(at(exchange), body=b"x" * (256 * 1024 + 1), headers={"x-api-key": TOKEN}),
        Asked(at(exchange), RING | {"token": TOKEN}, method="DELETE"),
        Asked(at(exchange), body=b"\xff" * (256 * 1024), headers={"x-api-key": TOKEN}),
    )
    assert [one.status for one in told] == [413, 405, 200]
    assert CallEvent.objects.count() == 1


def test_what_nobody_can_read_is_kept_all_the_same(db: None) -> None:
    exchange = joined()
    bodies = [
        b'{"cmd": "event", "type": "INCO',
        b"\xff\xfe\0",
        b"<html>502</html>",
        b"[" * 9000,
    ]
    requests = [
        Asked(at(exchange), body=body, headers={"authorization": f"Bearer {TOKEN}"})
        for body in bodies
    ]
    assert [one.status for one in ask(*requests)] == [200] * 4
    kept = [hook_of(one.body, at=one.at).body for one in CallEvent.objects.order_by("pk")]
    assert kept == bodies


def test_the_exchange_asks_who_calls_and_whom_to_ring(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.olga.pk).update(extension="101")
    client = Client.objects.create(name="ООО «Ромашка»", manager=cast.olga, created_at=MONDAY)
    Phone.objects.create(client=client, e164="+79161112233")
    exchange = joined()
    known: dict[str, Any] = {"cmd": "contact", "phone": "89161112233", "token": TOKEN}
    told = ask(
        Asked(at(exchange), known),
        Asked(at(exchange), known | {"phone": "79160000000"}),
        Asked(at(exchange), known | {"phone": "<b>"}),
        Asked(at(exchange, "contact"), query=f"phone=79161112233&token={TOKEN}", method="GET"),
        Asked(at(exchange), {"cmd": "ping", "token": TOKEN}),
    )
    whole = {"contact_name": "ООО «Ромашка»", "responsible": "101"}
    assert [one.said for one in told] == [whole, {}, {}, whole, {"status": "ok"}]
    assert CallEvent.objects.count() == 0


def test_a_cabinet_that_tries_the_address_hears_its_word_as_plain_text(db: None) -> None:
    exchange = joined("zadarma")
    told = ask(Asked(at(exchange), method="GET", query="zd_echo=4f6a.b-c"))
    assert only(told).status == 200
    assert only(told).said == "4f6a.b-c"
    assert only(told).headers["content-type"] == "text/plain; charset=utf-8"
    assert not CallEvent.objects.exists()


PROOFS = ("sign", "token", "crm_token")
FORGED: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "mango": ("events/call", {"vpbx_api_key": "k", "sign": "0" * 64, "json": "{}"}, {}),
    "zadarma": (
        "",
        {"event": "NOTIFY_START", "pbx_call_id": "in_1", "caller_id": "79001112233"},
        {"signature": "AAAA"},
    ),
    "uis": ("", {"event": "talk", "call_session_id": "1", "token": "wrong"}, {}),
    "megafon": ("", RING | {"crm_token": "wrong"}, {}),
    "twilio": ("", {"CallSid": "CA1"}, {"host": "x.example", "x-twilio-signature": "AAAA"}),
}


@pytest.mark.parametrize("kind", FORGED)
def test_of_each_provider_what_is_forged_is_refused_counted_and_stored_nowhere(
    kind: str,
) -> None:
    exchange = joined(kind)
    suffix, fields, headers = FORGED[kind]
    bare = {name: value for name, value in fields.items() if name not in PROOFS}
    told = ask(
        Asked(at(exchange, suffix), fields, headers=headers),
        Asked(at(exchange, suffix), bare),
    )
    assert [one.status for one in told] == [403, 401]
    assert not CallEvent.objects.exists()
    assert Exchange.objects.get().refused == 2


def test_a_signed_event_is_stored_without_the_salt_it_was_signed_by(db: None) -> None:
    exchange = joined("mango")
    said = json.dumps({"entry_id": "E1", "note": TOKEN})
    sign = hashlib.sha256(f"key{said}{TOKEN}".encode()).hexdigest()
    fields = {"vpbx_api_key": "key", "sign": sign, "json": said}
    told = ask(*[Asked(at(exchange, "events/call"), fields)] * 2)
    assert [one.status for one in told] == [200, 200]
    event = CallEvent.objects.get()
    assert event.call_ref == "E1"
    assert TOKEN not in event.body
