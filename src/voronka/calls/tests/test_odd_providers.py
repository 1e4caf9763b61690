"""Anything in the place of a provider's event: read, left to a person, or refused."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from voronka.calls.adapters import CHOOSERS, DOORS, NAMERS, READERS, TELL_OF_ROOMS
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.reducing import reduce
from voronka.calls.signals import UnreadableError

KINDS = ("mango", "zadarma", "uis", "megafon", "twilio")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TYPES = some.sampled_from(["", "application/json", "multipart/form-data; boundary=x"])
SUFFIXES = some.sampled_from(["events/call", "events/summary", "events/record/added", "x", ""])
VALUES = some.sampled_from(
    ["Appeared", "Connected", "OnHold", "Disconnected", "abonent", "ivr", "1", "2", "0", "-5",
     "1772442000", "1e400", "nan", "7" * 40, "client:olga", "sip:1@x", "+79001112233", "101",
     "2026-03-02 12:00:00", "Mon, 02 Mar 2026 09:00:00 +0000", "in-progress", "completed",
     "ringing", "NOTIFY_START", "NOTIFY_END", "NOTIFY_ANSWER", "NOTIFY_OUT_END", "answered",
     "busy", "talk", "finished", "lost", "waiting", "event", "history", "COMPLETED", "[1,"]
) | some.text(max_size=20)  # fmt: skip
NAMES = some.sampled_from(
    ["entry_id", "call_id", "seq", "timestamp", "call_state", "location", "call_direction",
     "talk_time", "create_time", "forward_time", "end_time", "disconnect_reason",
     "line_number", "recording_id", "event", "call_start", "pbx_call_id",
     "caller_id", "called_did",
     "internal",
     "destination", "duration", "disposition", "call_session_id", "employee_id", "direction",
     "employee_ids", "talk_time_duration", "notification_time", "CallSid", "ParentCallSid",
     "From", "To", "CallStatus", "CallDuration", "SequenceNumber", "Direction", "Timestamp",
     "cmd", "type", "callid", "phone", "ext", "status", "contact_phone_number"]
)  # fmt: skip
FIELDS = some.dictionaries(NAMES, VALUES, max_size=12)
SIDES = some.dictionaries(
    some.sampled_from(["extension", "number", "taken_from_call_id"]), VALUES
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200, derandomize=True, deadline=None)
@given(body=some.binary(max_size=300), content=TYPES, query=some.text(max_size=40))
def test_any_bytes_let_nobody_in(kind: str, body: bytes, content: str, query: str) -> None:
    at_door = AtDoor(
        id=1, kind=kind, path_key="k", secret="a-secret-of-ours", zone="UTC", options={}
    )
    headers = {"content-type": content, "signature": "x", "x-twilio-signature": "x"}
    hook = Hook(
        method="POST", suffix="events/call", at=AT, query=query, headers=headers, body=body
    )
    with suppress(ForgedError):
        assert not DOORS[kind](at_door, hook).keeps


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    requests=some.lists(some.tuples(FIELDS, SIDES, SIDES), min_size=1, max_size=5),
    suffix=SUFFIXES,
)
def test_any_fields_make_a_call_or_are_left_to_a_person(
    kind: str,
    requests: list[tuple[dict[str, str], dict[str, str], dict[str, str]]],
    suffix: str,
) -> None:
    exchange = Exchange(pk=1, kind=kind, zone="Europe/Moscow")
    told = []
    for fields, caller, called in requests:
        said = {"json": json.dumps(fields | {"from": caller, "to": called})}
        body = urlencode(said if kind == "mango" else fields, errors="replace").encode()
        hook = Hook(method="POST", suffix=suffix, at=AT, body=body)
        event = CallEvent(source="hook", at=AT, body=stored(hook, secrets=()))
        with suppress(UnreadableError, ValueError, KeyError, TypeError, AttributeError):
            assert len(NAMERS[kind](exchange, event)) <= 120
            for signal in READERS[kind](exchange, event):
                told.append(("hook", signal))
    chosen = CHOOSERS[kind](told)
    record = reduce(chosen, answers_are_talk=kind not in TELL_OF_ROOMS)
    told.reverse()
    assert reduce(CHOOSERS[kind](told), answers_are_talk=kind not in TELL_OF_ROOMS) == record
    if record is not None:
        assert record.talk_seconds >= 0
        assert record.wait_seconds >= 0
        assert datetime.fromtimestamp(record.started_at, UTC).year in (2025, 2026)
