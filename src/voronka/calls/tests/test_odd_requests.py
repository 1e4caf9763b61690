"""Anything may come to the door: it is refused, read, or left to a person; nothing breaks."""

from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook, hook_of, stored
from voronka.calls.providers.external_call import parser as external_call
from voronka.calls.providers.generic import door, parser
from voronka.calls.providers.generic.parser import straightened
from voronka.calls.reducing import reduce
from voronka.calls.signals import UnreadableError

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXCHANGE = Exchange(pk=1, kind="generic", zone="Europe/Moscow")
KINDS = some.sampled_from(
    [
        "",
        "application/json",
        "application/json; charset=cp1251",
        "multipart/form-data; boundary=x",
    ]
)
WORDS = some.sampled_from(
    ["INCOMING", "ACCEPTED", "COMPLETED", "Success", "Busy", "in", "out", "event", "history",
     "record", "7" * 40, "-1", "nan", "inf", "1e400", "20260302T090000Z", "99:99", "0", "[1,"]
)  # fmt: skip
FIELDS = some.dictionaries(
    some.sampled_from(
        ["cmd", "type", "callid", "phone", "ext", "status", "duration", "wait", "start",
         "timestamp", "diversion", "direction", "link", "is_temp", "CALL_ID", "TYPE", "USER_ID",
         "PHONE_NUMBER", "DURATION", "STATUS_CODE", "CALL_START_DATE", "USER_PHONE_INNER"]
    ),
    WORDS | some.text(max_size=30),
)  # fmt: skip


@settings(max_examples=400, derandomize=True, deadline=None)
@given(body=some.binary(max_size=300), kind=KINDS, query=some.text(max_size=40))
def test_any_bytes_are_kept_as_they_came_and_let_nobody_in(
    body: bytes, kind: str, query: str
) -> None:
    hook = Hook(
        method="POST", suffix="", at=AT, query=query, headers={"content-type": kind}, body=body
    )
    assert hook_of(stored(hook, secrets=()), at=AT).body == body
    at_door = AtDoor(
        id=1, kind="generic", path_key="k", secret="a-secret", zone="Europe/Moscow", options={}
    )
    refused = False
    try:
        door.take(at_door, hook)
    except ForgedError:
        refused = True
    assert refused


@pytest.mark.django_db
@settings(max_examples=600, derandomize=True, deadline=None)
@given(requests=some.lists(FIELDS, min_size=1, max_size=5))
def test_any_fields_make_a_call_or_are_left_to_a_person(requests: list[dict[str, str]]) -> None:
    told = []
    for fields in requests:
        body = urlencode(fields, errors="replace").encode()
        for method in (
            "event",
            "telephony.externalCall.register",
            "telephony.externalCall.finish",
        ):
            hook = Hook(method="POST", suffix=method, at=AT, body=body)
            event = CallEvent(source="hook", at=AT, body=stored(hook, secrets=()))
            read = parser.signals_of if method == "event" else external_call.signals_of
            with suppress(UnreadableError, ValueError, KeyError):
                for signal in read(EXCHANGE, event):
                    told.append(("hook", signal))
    record = reduce(straightened(told), answers_are_talk=True)
    if record is not None:
        assert record.talk_seconds >= 0
        assert record.wait_seconds >= 0
        assert datetime.fromtimestamp(record.started_at, UTC).year in (2025, 2026)
