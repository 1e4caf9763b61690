"""What exchanges send to a well-known CRM: registered, finished, with its recording."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError, Taken
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.models import Call
from voronka.calls.providers.external_call.door import take
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.clients.cards import NewClient, add_client
from voronka.journal.models import Fact
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
NUMBER = "79161112233"
IN = {
    "PHONE_NUMBER": NUMBER,
    "TYPE": "2",
    "USER_PHONE_INNER": "101",
    "LINE_NUMBER": "74950000001",
}


@pytest.fixture
def exchange(cast: SimpleNamespace) -> Exchange:
    for person, extension in ((cast.olga, "101"), (cast.oleg, "102")):
        Person.objects.filter(pk=person.pk).update(extension=extension)
    return add_exchange(NewExchange(kind="external_call", name="АТС"), by=SYSTEM, at=MONDAY)


def at_door(exchange: Exchange, secret: str = "") -> AtDoor:
    return AtDoor(
        id=exchange.pk,
        kind=exchange.kind,
        path_key=exchange.path_key,
        secret=secret,
        zone=exchange.zone,
        options={},
    )


def bring(
    exchange: Exchange,
    act: str,
    fields: dict[str, Any],
    after: float = 0,
    secret: str = "",
    **more: Any,
) -> Taken:
    """Bring a request to the door and store it as the porter does."""
    from urllib.parse import urlencode  # noqa: PLC0415

    moment = MONDAY + timedelta(seconds=after)
    suffix = more.get("suffix", f"rest/telephony.externalCall.{act}.json")
    hook = Hook(method="POST", suffix=suffix, at=moment, body=urlencode(fields).encode())
    taken = take(at_door(exchange, secret), hook)
    if taken.look:
        taken = taken.look()
    if taken.keeps:
        event = CallEvent(
            exchange=exchange,
            source="hook",
            source_key=taken.key or f"{act} {after} {sorted(fields.items())}"[:120],
            at=moment,
            call_ref=taken.ref,
            body=stored(hook, secrets=()),
        )
        keep_events([event])
    return taken


def registered(exchange: Exchange, fields: dict[str, Any], after: float = 0) -> str:
    taken = bring(exchange, "register", fields, after)
    assert taken.status == 200
    return str(taken.said["result"]["CALL_ID"])


def test_a_call_registered_and_finished_is_one_call(
    cast: SimpleNamespace, exchange: Exchange
) -> None:
    client = add_client(
        NewClient(name="ООО «Ромашка»", phones=[f"+{NUMBER}"]), by=cast.see("olga"), at=MONDAY
    )
    start = {"CALL_START_DATE": "2026-03-02T12:00:00+03:00"}
    taken = bring(exchange, "register", IN | start, 1)
    said = taken.said["result"]
    assert said["CRM_ENTITY_TYPE"] == "CONTACT"
    assert (said["CRM_ENTITY_ID"], said["CRM_CREATED_LEAD"]) == (client.pk, None)
    ref = said["CALL_ID"]
    done = {"CALL_ID": ref, "USER_PHONE_INNER": "102", "DURATION": "30", "STATUS_CODE": "200"}
    finished = bring(exchange, "finish", done, 40).said["result"]
    assert (finished["PHONE_NUMBER"], finished["CALL_DURATION"]) == (NUMBER, 30)
    link = "https://exchange.example/1.mp3"
    assert (
        bring(exchange, "attachRecord", {"CALL_ID": ref, "RECORD_URL": link}, 50).status == 200
    )
    read_waiting(now=MONDAY)
    call = Call.objects.get()
    assert (call.phone, call.direction, call.outcome) == (f"+{NUMBER}", "in", "answered")
    assert (call.talk_seconds, call.manager_id, call.client_id) == (30, cast.oleg.pk, client.pk)
    assert call.started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert [leg.outcome for leg in call.legs.order_by("extension")] == ["not_first", "talked"]
    assert Fact.objects.filter(kind="call.ended").count() == 1


@pytest.mark.parametrize(
    ("kind", "code", "outcome", "leg"),
    [
        ("2", "304", "missed", "missed"),
        ("2", "", "missed", "missed"),
        ("2", "603", "busy", "rejected"),
        ("2", "603-S", "missed", "missed"),
        ("1", "486", "busy", "made"),
        ("1", "603", "busy", "made"),
        ("1", "404", "failed", "made"),
        ("1", "480", "failed", "made"),
        ("1", "304", "no_answer", "made"),
    ],
)
def test_codes_without_a_talk(
    exchange: Exchange, kind: str, code: str, outcome: str, leg: str
) -> None:
    ref = registered(exchange, IN | {"TYPE": kind})
    done = {"CALL_ID": ref, "USER_PHONE_INNER": "101", "DURATION": "0", "STATUS_CODE": code}
    bring(exchange, "finish", done, 12)
    read_waiting(now=MONDAY)
    call = Call.objects.get()
    assert (call.outcome, call.is_final, call.talk_seconds) == (outcome, True, 0)
    assert [one.outcome for one in call.legs.all()] == [leg]


def test_the_same_again_within_half_an_hour_is_the_same_call(exchange: Exchange) -> None:
    first = registered(exchange, IN)
    assert registered(exchange, IN, 60) == first
    assert registered(exchange, IN, 1799) == first
    assert registered(exchange, IN | {"USER_PHONE_INNER": "102"}, 61) != first
    assert registered(exchange, IN | {"LINE_NUMBER": ""}, 61) != first
    assert registered(exchange, IN, 1801) != first


def test_a_finished_call_is_not_begun_again(exchange: Exchange) -> None:
    first = registered(exchange, IN)
    bring(exchange, "finish", {"CALL_ID": first, "USER_PHONE_INNER": "101", "DURATION": "5"}, 9)
    second = registered(exchange, IN, 60)
    assert second != first
    assert registered(exchange, IN, 90) == second


def test_its_own_name_tells_calls_apart_and_joins_those_of_a_group(exchange: Exchange) -> None:
    first = registered(exchange, IN | {"EXTERNAL_CALL_ID": "a-1"})
    assert registered(exchange, IN | {"EXTERNAL_CALL_ID": "a-1"}, 4000) == first
    assert registered(exchange, IN | {"EXTERNAL_CALL_ID": "a-2"}) != first
    others = IN | {"EXTERNAL_CALL_ID": "a-1", "USER_PHONE_INNER": "102"}
    assert registered(exchange, others, 1) == first
    read_waiting(now=MONDAY)
    call = Call.objects.get(call_ref=first)
    assert sorted(leg.extension for leg in call.legs.all()) == ["101", "102"]


def test_a_person_may_be_named_by_our_number(cast: SimpleNamespace, exchange: Exchange) -> None:
    users = bring(exchange, "", {}, suffix="rest/1/user.get").said["result"]
    assert {"ID": str(cast.olga.pk), "UF_PHONE_INNER": "101"}.items() <= users[0].items()
    fields = {k: v for k, v in IN.items() if k != "USER_PHONE_INNER"}
    ref = registered(exchange, fields | {"USER_ID": str(cast.olga.pk)})
    bring(exchange, "show", {"CALL_ID": ref, "USER_ID": f"[{cast.oleg.pk}, 999]"}, 1)
    bring(exchange, "hide", {"CALL_ID": ref, "USER_ID": "999"}, 2)
    read_waiting(now=MONDAY)
    legs = {leg.extension: leg.person_id for leg in Call.objects.get().legs.all()}
    assert legs == {"101": cast.olga.pk, "102": cast.oleg.pk, "user 999": None}


@pytest.mark.parametrize(
    ("act", "fields", "status", "text"),
    [
        ("register", {"TYPE": "9"}, 400, "Unknown TYPE"),
        ("register", {"PHONE_NUMBER": "<b>"}, 400, "Unsupported phone number format"),
        ("register", {"USER_PHONE_INNER": ""}, 400, "USER_ID or USER_PHONE_INNER"),
        ("attachRecord", {"FILENAME": "a.mp3"}, 400, "RECORD_URL"),
        ("explode", {}, 404, "Method not found"),
    ],
)
def test_what_cannot_be_done_is_told_in_the_senders_form(
    exchange: Exchange, act: str, fields: dict[str, str], status: int, text: str
) -> None:
    ref = registered(exchange, IN)
    before = CallEvent.objects.count()
    taken = bring(exchange, act, IN | {"CALL_ID": ref} | fields)
    assert taken.status == status
    assert text in taken.said["error_description"]
    assert CallEvent.objects.count() == before


def test_the_end_of_a_call_nobody_knows_is_kept_for_a_person(exchange: Exchange) -> None:
    taken = bring(exchange, "finish", {"CALL_ID": "externalCall.9", "DURATION": "5"})
    assert (taken.status, taken.said["error"]) == (400, "ERROR_CORE")
    read_waiting(now=MONDAY)
    event = CallEvent.objects.get()
    assert (event.state, event.problem) == ("unread", "unknown_call")


def test_a_set_secret_has_to_be_shown(exchange: Exchange) -> None:
    secret = "a-secret-of-the-exchange"
    for fields, suffix, status in (
        ({}, "rest/1/telephony.externalcall.register", 401),
        ({"auth": "wrong"}, "rest/telephony.externalcall.register", 403),
        ({}, "rest/1/wrong/telephony.externalcall.register", 403),
    ):
        with pytest.raises(ForgedError) as told:
            bring(exchange, "", IN | fields, secret=secret, suffix=suffix)
        assert told.value.status == status
        assert told.value.said["error"] in ("NO_AUTH_FOUND", "INVALID_CREDENTIALS")
    assert CallEvent.objects.count() == 0
    shape = f"rest/1/{secret}/telephony.externalcall.register"
    assert bring(exchange, "", IN, secret=secret, suffix=shape).status == 200
    assert bring(exchange, "register", IN | {"auth": secret}, secret=secret).status == 200
