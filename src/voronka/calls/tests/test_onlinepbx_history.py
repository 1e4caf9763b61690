"""OnlinePBX's own list of calls, asked of a server that runs here."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.onlinepbx import history as onlinepbx
from voronka.calls.providers.whole import event_of_row
from voronka.calls.tests.fetched import (
    demand_codes,
    demand_one_call,
    fetched,
    heard_of,
    joined_kind,
    made_of,
    why_not,
)
from voronka.calls.tests.hooked import START
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.odd_rows import READ_OR_LEFT, VALUES, demand_calls_or_nothing

pytestmark = pytest.mark.django_db
KEY, PROOF, DOMAIN = "the-api-key", "id1:key1", "firm.onpbx.ru"
DAY = timedelta(days=1)
UUID = "d02d3dd1-0000-4000-8000-000000000001"
LINK = "https://api.onlinepbx.ru/calls-records/1.mp3"


def row(n: int, began: int, length: int, talk: int, **more: Any) -> dict[str, Any]:
    return {
        "uuid": UUID[:-1] + str(n), "caller_id_number": "79001112233",
        "destination_number": "74950000001", "start_stamp": int(START) + began,
        "end_stamp": int(START) + began + length, "duration": length, "user_talk_time": talk,
        "hangup_cause": "NORMAL_CLEARING", "accountcode": "inbound", "gateway": "74950000001",
    } | more  # fmt: skip


def user(number: str, *, answered: bool = True) -> dict[str, Any]:
    return {"type": "user", "number": number, "answered_stamp": answered and int(START) + 7}


GROUP = row(1, 0, 67, 60, events=[{"type": "ivr", "number": "1"}, user("102")])
MISSED = row(1, 0, 26, 0, hangup_cause="ORIGINATOR_CANCEL")
OUT = row(1, 0, 39, 30, accountcode="outbound", caller_id_number="101",
          destination_number="79001112233")  # fmt: skip
BUSY = OUT | {"end_stamp": int(START) + 6, "user_talk_time": 0, "hangup_cause": "USER_BUSY"}
INNER = row(1, 0, 13, 10, accountcode="local", caller_id_number="101",
            destination_number="102", gateway="")  # fmt: skip


class OnlinePbx:
    """Answers as the page says: a key for the key, then the rows, the newest first."""

    def __init__(self, *rows: Any) -> None:
        self.rows = list(rows)

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == f"/{DOMAIN}/auth.json":
            if asked.fields != {"auth_key": KEY}:
                return 200, {"status": "0", "comment": "wrong key"}
            return 200, {"status": "1", "data": {"key_id": "id1", "key": "key1"}}
        assert asked.path == f"/{DOMAIN}/mongo_history/search.json"
        if asked.headers.get("x-pbx-authentication") != PROOF:
            return 200, {"status": "0", "isNotAuth": True}
        if "download" in asked.fields:
            found = {UUID: LINK, "list": [LINK], "odd": "file:///etc/passwd"}
            return 200, {"status": "1", "data": found.get(asked.fields["uuid"], [])}
        bounds = [int(asked.fields[f"start_stamp_{side}"]) for side in ("from", "to")]
        rows = [
            one
            for one in self.rows
            if not isinstance(one, dict)
            or bounds[0] <= one.get("start_stamp", bounds[0]) <= bounds[1]
        ]
        return 200, {"status": "1", "data": rows[: int(asked.fields["limit"])]}


def joined(address: str, key: str = KEY, domain: str = "https://firm/") -> Exchange:
    options = {"host": address, "domain": domain, "api_secret": key}
    return joined_kind("onlinepbx", "a-secret", **options)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a group rings and one answers", GROUP),
        ("nobody of a group answers", MISSED),
        ("only the end is told", row(1, 0, 50, 40, destination_number="101")),
        ("to a mobile of ours", row(1, 0, 35, 30, destination_number="79005550101")),
        ("a client is called and talks", OUT),
        ("a client who is called is busy", BUSY),
    ],
)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str, told: dict[str, Any]) -> None:
    with provider(OnlinePbx(told)) as here:
        exchange = joined(here.address)
        demand_one_call(
            exchange,
            lambda: heard_of(exchange, name),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    told = [GROUP, row(2, 100, 26, 0), OUT | {"uuid": "o"}, BUSY | {"uuid": "b"},
            INNER | {"uuid": "i"}]  # fmt: skip
    with provider(OnlinePbx(*told)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"]: (one["direction"], one["outcome"], one["phone"], one["legs"],
                          one["wait_seconds"])
        for one in made_of(exchange, past, past)
    }  # fmt: skip
    assert shown == {
        UUID: ("in", "answered", "+79001112233", [("102", "talked", 60)], 7),
        UUID[:-1] + "2": ("in", "missed", "+79001112233", [], 26),
        "o": ("out", "answered", "+79001112233", [("101", "talked", 30)], 9),
        "b": ("out", "busy", "+79001112233", [("101", "made", 0)], 6),
    }


def test_a_lost_end_is_told_by_the_list() -> None:
    with provider(OnlinePbx(GROUP)) as here:
        exchange = joined(here.address)
        heard = heard_of(exchange, "a group rings and one answers")[:3]
        (call,) = made_of(exchange, heard, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["is_final"], call["talk_seconds"], call["wait_seconds"]) == (True, 60, 7)
    assert call["legs"] == [("101", "not_first", 0), ("102", "talked", 60)]


def test_full_pages_are_followed_by_what_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onlinepbx, "ROWS_AT_ONCE", 2)
    rows = [row(n, 10 * n, 5, 0) for n in range(5, 0, -1)]
    with provider(OnlinePbx(*rows)) as here:
        past = fetched(joined(here.address), MONDAY, MONDAY + DAY)
        asked = [one.fields for one in here.asked if "limit" in one.fields]
    assert sorted(one.call_ref[-1] for one in past) == ["1", "2", "3", "4", "5"]
    assert [int(one["start_stamp_to"]) - int(START) for one in asked] == [86400, 40, 30, 20, 10]
    assert {one["start_stamp_from"] for one in asked} == {str(int(MONDAY.timestamp()))}


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onlinepbx, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(onlinepbx, "MOST_PAGES", 3)
    rows = [row(n, 10 * n, 5, 0) for n in range(9, 0, -1)]

    def endless(asked: Asked) -> tuple[int, Any]:
        if "limit" not in asked.fields:
            return OnlinePbx()(asked)
        return 200, {"status": "1", "data": [rows.pop(0)]}

    with provider(endless) as here:
        assert why_not(joined(here.address), MONDAY, MONDAY + DAY) == "too_long"


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (502, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, [], "wrong_answer"),
        (200, b'{"status": "1", "data": {"key', "wrong_answer"),
        (200, {"status": "1", "data": {}}, "refused"),
        (200, {"status": "1", "data": {"key": 1, "key_id": 2}}, "wrong_answer"),
    ])  # fmt: skip
    with provider(OnlinePbx()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"
        assert why_not(joined(here.address, domain=""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_no_fault() -> None:
    with provider(OnlinePbx()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []


def test_a_number_of_40_digits_is_a_call_all_the_same() -> None:
    odd = row(3, 0, 9, 0, caller_id_number="7" * 40)
    with provider(OnlinePbx(odd, {"uuid": ""}, "no row", None)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["outcome"], call["is_final"], call["phone"]) == ("missed", True, "7" * 20)


def test_a_recording_lies_where_it_is_told_for_half_an_hour() -> None:
    with provider(OnlinePbx(GROUP)) as here:
        exchange = joined(here.address)
        (event,) = fetched(exchange, MONDAY, MONDAY + DAY)
        signals = list(onlinepbx.signals_of(exchange, event))
        assert [one.name for one in signals if one.kind == "recording"] == [UUID]
        assert onlinepbx.link_of(exchange, UUID) == (LINK, {})
        assert onlinepbx.link_of(exchange, "list") == (LINK, {})
        assert onlinepbx.link_of(exchange, "https://told.example/1.mp3")[0].endswith("/1.mp3")
        for name in ("odd", "absent"):
            with pytest.raises(AskingError) as failed:
                onlinepbx.link_of(exchange, name)
            assert failed.value.code == "wrong_answer"


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(list(GROUP)), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="onlinepbx", zone="UTC")
    events = [event_of_row(exchange, one, ref=str(one.get("uuid")), at=MONDAY) for one in rows]
    demand_calls_or_nothing(exchange, events)
