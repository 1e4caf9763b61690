"""Twilio: states of legs make calls; a request that is not signed for our address does not."""

import base64
import hashlib
import hmac
import random
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook
from voronka.calls.models import Call
from voronka.calls.providers.twilio import door
from voronka.calls.records import CallRecord
from voronka.calls.reducing import reduce
from voronka.calls.tests.hooked import START, event, fixtures, heard, shown, told_by

CALLS = fixtures("twilio")
TIMES = 300
TOKEN = "the-token-of-the-account"
DOOR = AtDoor(id=1, kind="twilio", path_key="the-key", secret=TOKEN, zone="UTC", options={})
ADDRESS = "https://crm.example/telephony/the-key"


def reduced(events: list[CallEvent]) -> CallRecord | None:
    return reduce(told_by(Exchange(kind="twilio"), events))


def told(after: float, said: dict[str, str], *, late: float = 0) -> CallEvent:
    moment = format_datetime(datetime.fromtimestamp(START + after, UTC))
    more = {} if "RecordingSid" in said else {"Timestamp": moment}
    return event(after + late, said | more)


@pytest.mark.parametrize("name", CALLS)
def test_each_written_call_is_read_as_written(name: str) -> None:
    record = reduced([told(after, said) for after, said in CALLS[name]["says"]])
    assert shown(record) == CALLS[name]["call"]
    assert record is not None
    assert record.wait_seconds == CALLS[name]["wait"]
    assert record.is_closed


@pytest.mark.parametrize("name", CALLS)
def test_any_order_delay_and_repetition_make_the_same_record(name: str) -> None:
    rng = random.Random(name)
    says = CALLS[name]["says"]
    whole = reduced([told(after, said) for after, said in says])
    for _ in range(TIMES):
        again = says + rng.choices(says, k=4)
        rng.shuffle(again)
        late = [told(after, said, late=rng.uniform(0, 900)) for after, said in again]
        assert reduced(late) == whole


def signature(fields: dict[str, str], address: str = ADDRESS, token: str = TOKEN) -> str:
    said = address + "".join(name + fields[name] for name in sorted(fields))
    made = hmac.new(token.encode(), said.encode(), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def hook(fields: dict[str, str], signed: str | None, **more: str) -> Hook:
    headers = {"host": "crm.example"} | (
        {} if signed is None else {"x-twilio-signature": signed}
    )
    return Hook(
        method="POST", suffix=more.get("suffix", ""), at=MONDAY, query=more.get("query", ""),
        headers=headers, body=urlencode(fields).encode(),
    )  # fmt: skip


SAID = {
    "CallSid": "CA1",
    "From": "+79001112233",
    "To": "",
    "CallStatus": "ringing",
    "a": "Ж &=",
}


def test_the_example_of_its_own_page_is_proven() -> None:
    """The signature that stands in Twilio's documentation of requests and their security."""
    fields = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234",
        "From": "+14158675309", "To": "+18005551212",
    }  # fmt: skip
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(fields, address, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_what_is_signed_for_our_address_is_taken() -> None:
    for address, more in (
        (ADDRESS, {}),
        (ADDRESS + "/", {}),
        (ADDRESS + "/status", {"suffix": "status"}),
        (ADDRESS + "?a=1&b=2", {"query": "a=1&b=2"}),
        (ADDRESS.replace("https", "http"), {}),
    ):
        assert door.take(DOOR, hook(SAID, signature(SAID, address), **more)).ref == "CA1"
    child = SAID | {"ParentCallSid": "CAp"}
    assert door.take(DOOR, hook(child, signature(child))).ref == "CAp"
    named = AtDoor(
        id=1, kind="twilio", path_key="the-key", secret=TOKEN, zone="UTC",
        options={"address": "https://outside.example/"},
    )  # fmt: skip
    outside = ADDRESS.replace("crm", "outside")
    assert door.take(named, hook(SAID, signature(SAID, outside))).ref == "CA1"


@pytest.mark.parametrize(
    ("fields", "signed", "status"),
    [
        (SAID, None, 401),
        (SAID, "", 401),
        (SAID, "AAAA", 403),
        (SAID, signature(SAID, token="another"), 403),
        (SAID, signature(SAID, token=""), 403),
        (SAID, signature(SAID, ADDRESS.replace("the-key", "another-key")), 403),
        (SAID, signature(SAID, ADDRESS.replace("crm", "another")), 403),
        (SAID | {"CallStatus": "completed"}, signature(SAID), 403),
        (SAID | {"CallDuration": "900"}, signature(SAID), 403),
    ],
)
def test_what_is_forged_is_refused(
    fields: dict[str, str], signed: str | None, status: int
) -> None:
    with pytest.raises(ForgedError) as refused:
        door.take(DOOR, hook(fields, signed))
    assert refused.value.status == status


def test_an_exchange_without_a_token_lets_nobody_in() -> None:
    bare = AtDoor(id=1, kind="twilio", path_key="the-key", secret="", zone="UTC", options={})
    with pytest.raises(ForgedError):
        door.take(bare, hook(SAID, signature(SAID, token="")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"CallStatus": "exploded"}, "unknown_event"),
        ({"CallSid": ""}, "no_call"),
        ({"From": "+" + "7" * 40, "Direction": "inbound"}, "long_number"),
    ],
)
def test_what_is_strange_stands_there_for_a_person(
    more: dict[str, str], problem: str, db: None
) -> None:
    exchange = Exchange.objects.create(
        kind="twilio", name="Twilio", path_key="the-key", created_at=MONDAY
    )
    ok = CALLS["only the ends came"]["says"][1][1]
    hooks = [hook(said, signature(said)) for said in (SAID | more, ok)]
    assert heard(exchange, door.take, DOOR, hooks) == [("unread", problem), ("done", "")]
    assert Call.objects.get(call_ref="CAp").outcome == "missed"
