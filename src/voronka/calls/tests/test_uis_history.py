"""The list of calls of UIS, CoMagic, CallGear, asked of a server that runs here."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.uis import history as uis
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
from voronka.calls.tests.hooked import fixtures
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.odd_rows import READ_OR_LEFT, VALUES, demand_calls_or_nothing

pytestmark = pytest.mark.django_db
KEY = "the-key-of-the-data-api"
DAY = timedelta(days=1)
PEOPLE = {"11": "101", "12": "102"}


def row(call_id: int, finish: str, **more: Any) -> dict[str, Any]:
    return {
        "id": call_id, "start_time": "2026-03-02 12:00:00",
        "finish_time": f"2026-03-02 12:00:{finish}", "direction": "in", "is_lost": False,
        "contact_phone_number": "79001112233", "virtual_phone_number": "74950000001",
        "talk_duration": 0, "total_duration": int(finish), "employees": [],
        "last_talked_employee_id": None, "full_record_file_link": None,
    } | more  # fmt: skip


def employee(n: int, *, talked: bool = False) -> dict[str, Any]:
    return {"employee_id": n, "is_answered": talked, "is_talked": talked}


TALK = row(2001, "39", talk_duration=30, employees=[employee(11), employee(12, talked=True)],
           last_talked_employee_id=12,
           full_record_file_link="https://records.example/1")  # fmt: skip
LOST = row(2002, "30", is_lost=True, employees=[employee(11), employee(12)],
           first_answered_employee_id=None)  # fmt: skip
OUT = row(2003, "28", direction="out", talk_duration=20, employees=[employee(11, talked=True)])
SILENT = row(2004, "25", direction="out", employees=[employee(11)])
ROWS = {
    "two telephones ring and one answers": TALK, "a lost call": LOST,
    "a client is called and talks": OUT, "a client who is called does not answer": SILENT,
}  # fmt: skip


class Uis:
    """Answers as the page says: rows by limit and offset, refusals with 200."""

    def __init__(self, *rows: Any) -> None:
        self.rows, self.asked = list(rows), list[dict[str, Any]]()

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        said = json.loads(asked.body)
        assert (asked.path, said["method"], said["jsonrpc"]) == (
            "/v2.0", "get.calls_report", "2.0",
        )  # fmt: skip
        given = said["params"]
        self.asked.append(given)
        if given["access_token"] != KEY:
            return 200, refusal(-32001, "auth_error")
        rows = self.rows[given["offset"] : given["offset"] + given["limit"]]
        return 200, {"jsonrpc": "2.0", "id": 1, "result": {"data": rows, "metadata": {}}}


def refusal(code: int, mnemonic: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "data": {"mnemonic": mnemonic}}}


def joined(address: str, key: str = KEY, zone: str = "Europe/Moscow") -> Exchange:
    options = {"host": address, "api_secret": key, "people": PEOPLE}
    return joined_kind("uis", "a-token-of-templates", zone, **options)


@pytest.mark.parametrize("name", ROWS)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str) -> None:
    with provider(Uis(ROWS[name])) as here:
        exchange = joined(here.address)
        demand_one_call(
            exchange,
            lambda: heard_of(exchange, name),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    with provider(Uis(*ROWS.values())) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"]: (one["direction"], one["outcome"], one["legs"], one["wait_seconds"])
        for one in made_of(exchange, past, past)
    }
    assert shown == {
        "2001": ("in", "answered", [("101", "not_first", 0), ("102", "talked", 30)], 9),
        "2002": ("in", "missed", [("101", "missed", 0), ("102", "missed", 0)], 30),
        "2003": ("out", "answered", [("101", "talked", 20)], 8),
        "2004": ("out", "no_answer", [("101", "made", 0)], 25),
    }
    signals = list(uis.signals_of(exchange, past[0]))
    assert [one.name for one in signals if one.kind == "recording"] == [
        "https://records.example/1"
    ]


def test_a_lost_end_is_told_by_the_list() -> None:
    name = "two telephones ring and one answers"
    with provider(Uis(TALK)) as here:
        exchange = joined(here.address)
        heard = heard_of(exchange, name, fixtures("uis")[name]["says"][:4])
        (call,) = made_of(exchange, heard, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["is_final"], call["talk_seconds"], call["outcome"]) == (True, 30, "answered")
    assert call["legs"] == [("101", "not_first", 0), ("102", "talked", 30)]


def test_it_is_asked_and_read_in_the_zone_of_the_cabinet_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uis, "ROWS_AT_ONCE", 2)
    answering = Uis(*ROWS.values())
    with provider(answering) as here:
        exchange = joined(here.address, zone="Asia/Omsk")
        past = fetched(exchange, MONDAY, MONDAY + DAY)
        assert [(one["offset"], one["limit"]) for one in answering.asked] == [
            (0, 2), (2, 2), (4, 2),
        ]  # fmt: skip
        assert answering.asked[0]["date_from"] == "2026-03-02 15:00:00"
        assert answering.asked[0]["date_till"] == "2026-03-03 15:00:00"
        began = {one["started_at"] for one in made_of(exchange, past)}
        monkeypatch.setattr(uis, "MOST_PAGES", 2)
        assert why_not(exchange, MONDAY, MONDAY + DAY) == "too_long"
    assert began == {MONDAY - timedelta(hours=3)}


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (500, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, [], "wrong_answer"),
        (200, b'{"result": {"data": [', "wrong_answer"), (200, {}, "wrong_answer"),
        (200, {"result": {"data": {}}}, "wrong_answer"), (200, {"error": 5}, "wrong_answer"),
        (200, refusal(-32003, "forbidden"), "refused"),
        (200, refusal(-32000, "access_token_expired"), "refused"),
        (200, refusal(-32029, ""), "too_many"),
        (200, refusal(-32000, "limit_exceeded"), "too_many"),
        (200, refusal(-32602, "invalid_params"), "wrong_answer"),
    ])  # fmt: skip
    with provider(Uis()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_no_fault() -> None:
    with provider(Uis()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []


def test_a_number_of_40_digits_is_a_call_all_the_same() -> None:
    odd = LOST | {"contact_phone_number": "7" * 40}
    with provider(Uis(odd, {"id": None}, "no row", None)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["outcome"], call["is_final"], call["phone"]) == ("missed", True, "7" * 20)


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(uis.FIELDS), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="uis", zone="Europe/Moscow")
    events = [event_of_row(exchange, one, ref=str(one.get("id")), at=MONDAY) for one in rows]
    demand_calls_or_nothing(exchange, events)
