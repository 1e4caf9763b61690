"""Anything may come in a provider's name: it is read, or left to a person; nothing breaks."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from voronka.calls.adapters import CHOOSERS, DOORS, NAMERS, READERS
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.contract import AtDoor, ForgedError
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.reducing import reduce
from voronka.calls.signals import UnreadableError
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.told_by import OPTIONS, PROVIDERS, hook_of_told

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY_FIELDS = [kind for kind in PROVIDERS if kind != "beeline"]
NAMES = {
    kind: sorted(
        {name for one in fixtures(kind).values() for _, f in one["says"] for name in f}
    )
    for kind in BY_FIELDS
}
VALUES = {
    kind: sorted(
        {
            value if isinstance(value, str) else json.dumps(value)
            for one in fixtures(kind).values()
            for _, fields in one["says"]
            for value in fields.values()
        }
    )
    for kind in BY_FIELDS
}
ODD = some.sampled_from(
    ["7" * 40, "-1", "nan", "inf", "1e400", "0", "[1,", "{}", "*", "&&", "\0"]
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    kind=some.sampled_from(PROVIDERS),
    body=some.binary(max_size=300)
    | some.sampled_from([b"<a>", b"<?xml version='1.0'", b"\xff\xfe<"]),
    query=some.text(max_size=40),
    suffix=some.text(max_size=20),
)
def test_any_bytes_let_nobody_in(kind: str, body: bytes, query: str, suffix: str) -> None:
    hook = Hook(method="POST", suffix=suffix, at=AT, query=query, body=body)
    door = AtDoor(
        id=1, kind=kind, path_key="k", secret="a-long-secret", zone="Europe/Moscow", options={}
    )
    with pytest.raises(ForgedError):
        DOORS[kind](door, hook)


@settings(max_examples=500, derandomize=True, deadline=None)
@given(data=some.data(), kind=some.sampled_from(BY_FIELDS))
def test_any_fields_make_a_call_or_are_left_to_a_person(
    data: some.DataObject, kind: str
) -> None:
    value = some.sampled_from(VALUES[kind]) | ODD | some.text(max_size=20)
    fields = some.dictionaries(some.sampled_from(NAMES[kind]), value)
    told = [hook_of_told(kind, 0, one) for one in data.draw(some.lists(fields, max_size=6))]
    reduced(kind, told)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(data=some.data())
def test_any_piece_of_xml_is_read_or_left_to_a_person(data: some.DataObject) -> None:
    says = [text for one in fixtures("beeline").values() for _, text in one["says"]]
    told = []
    for text in data.draw(some.lists(some.sampled_from(says), max_size=5)):
        start = data.draw(some.integers(0, len(text)))
        end = data.draw(some.integers(start, len(text)))
        told.append(hook_of_told("beeline", 0, text[:start] + text[end:]))
    reduced("beeline", told)


def reduced(kind: str, hooks: list[Hook]) -> None:
    exchange = Exchange(kind=kind, zone="Europe/Moscow", options=OPTIONS.get(kind, {}))
    told = []
    for hook in hooks:
        event = CallEvent(source="hook", at=AT, body=stored(hook, secrets=()))
        # What the reader of stored events takes for torn.
        with suppress(UnreadableError, ValueError, KeyError, TypeError, AttributeError):
            NAMERS[kind](exchange, event)
            for signal in READERS[kind](exchange, event):
                told.append(("hook", signal))
    record = reduce(CHOOSERS[kind](told), answers_are_talk=True)
    if record is not None:
        assert record.talk_seconds >= 0
        assert record.wait_seconds >= 0
        assert datetime.fromtimestamp(record.started_at, UTC).year in (2025, 2026)
