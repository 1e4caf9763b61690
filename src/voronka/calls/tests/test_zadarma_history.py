"""The list of calls of Zadarma and Novofon, asked of a server that runs here."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.whole import event_of_row
from voronka.calls.providers.zadarma import history as zadarma
from voronka.calls.providers.zadarma.recordings import signature
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
KEY, SECRET = "the-key", "the-secret-of-the-cabinet"
DAY = timedelta(days=1)


def row(ref: str, seconds: int, disposition: str, **more: Any) -> dict[str, Any]:
    return {
        "call_id": "1772442000.77", "pbx_call_id": ref, "callstart": "2026-03-02 12:00:00",
        "clid": "+79001112233", "sip": "74950000001", "destination": 102, "seconds": seconds,
        "disposition": disposition, "is_recorded": disposition == "answered",
    } | more  # fmt: skip


OUT = {"clid": "74950000001", "sip": "1234567-101", "destination": "+79001112233"}
ROWS = {
    "two telephones ring and one answers": row("in_1", 60, "answered"),
    "nobody answers": row("in_2", 30, "no answer", destination="74950000001", sip=""),
    "a hidden number gives up in the menu": row("in_3", 20, "cancel", clid="0",
                                                destination="74950000001", sip=""),
    "a client is called and talks": row("out_4", 40, "answered", **OUT),
    "a client who is called is busy": row("out_5", 0, "busy", **OUT),
    "only the end came": row("in_6", 60, "answered"),
    "a client is handed over": row("in_7", 60, "answered"),
}  # fmt: skip


class Zadarma:
    """Answers as the page says: rows by skip and limit, if the request is signed."""

    def __init__(self, *rows: Any) -> None:
        self.rows = list(rows)

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        assert asked.path == "/v1/statistics/pbx/"
        assert list(asked.fields) == sorted(asked.fields)
        sign = signature(asked.path, asked.query, SECRET)
        if asked.headers.get("authorization") != f"{KEY}:{sign}":
            return 401, {"status": "error", "message": "Not authorized"}
        skip, limit = int(asked.fields["skip"]), int(asked.fields["limit"])
        return 200, {"status": "success", "stats": self.rows[skip : skip + limit]}


def joined(address: str, secret: str = SECRET, zone: str = "Europe/Moscow") -> Exchange:
    return joined_kind("zadarma", secret, zone, host=address, login=KEY)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zadarma, "PAUSES", (0,))


@pytest.mark.parametrize("name", ROWS)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str) -> None:
    with provider(Zadarma(ROWS[name])) as here:
        exchange = joined(here.address)
        demand_one_call(
            exchange,
            lambda: heard_of(exchange, name),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    inner = row("in_8", 5, "answered", clid=101, sip="101", destination=102)
    with provider(Zadarma(*ROWS.values(), inner)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"]: (one["direction"], one["outcome"], one["phone"], one["line"],
                          one["legs"])
        for one in made_of(exchange, past, past)
    }  # fmt: skip
    ours, theirs = "74950000001", "+79001112233"
    assert shown == {
        "in_1": ("in", "answered", theirs, ours, [("102", "talked", 60)]),
        "in_2": ("in", "missed", theirs, ours, []),
        "in_3": ("in", "missed", "", ours, []),
        "out_4": ("out", "answered", theirs, ours, [("101", "talked", 40)]),
        "out_5": ("out", "busy", theirs, ours, [("101", "made", 0)]),
        "in_6": ("in", "answered", theirs, ours, [("102", "talked", 60)]),
        "in_7": ("in", "answered", theirs, ours, [("102", "talked", 60)]),
    }
    signals = list(zadarma.signals_of(exchange, past[0]))
    assert [one.name for one in signals if one.kind == "recording"] == ["1772442000.77"]


@pytest.mark.parametrize(
    ("told", "number"),
    [("Иван <+79001112233>", "+79001112233"), ("+79001112233 (Иван)", "+79001112233"),
     ("12345-101", "101"), ("+7 900 111-22-33", "+7 900 111-22-33"), (101, "101"), ("", "")],
)  # fmt: skip
def test_a_number_may_stand_with_a_name(told: object, number: str) -> None:
    assert zadarma._number({"clid": told}, "clid") == number


def test_a_login_that_names_nobody_is_no_line_of_ours() -> None:
    told = row("out_9", 5, "answered", **OUT | {"sip": "1234567"})
    call = zadarma.whole_of(told, Exchange(zone="Europe/Moscow"), MONDAY)
    assert (call.line, call.caller, call.number) == ("74950000001", "", "+79001112233")


def test_a_lost_end_is_told_by_the_list() -> None:
    name = "two telephones ring and one answers"
    with provider(Zadarma(ROWS[name])) as here:
        exchange = joined(here.address)
        heard = heard_of(exchange, name, fixtures("zadarma")[name]["says"][:3])
        (call,) = made_of(exchange, heard, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["is_final"], call["talk_seconds"], call["outcome"]) == (True, 60, "answered")
    assert call["legs"] == [("101", "not_first", 0), ("102", "talked", 60)]


def test_it_is_asked_and_read_in_the_zone_of_the_cabinet_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(zadarma, "ROWS_AT_ONCE", 3)
    with provider(Zadarma(*ROWS.values())) as here:
        exchange = joined(here.address, zone="Asia/Omsk")
        past = fetched(exchange, MONDAY, MONDAY + DAY)
        asked = [one.fields for one in here.asked]
        assert [one["skip"] for one in asked] == ["0", "3", "6"]
        assert (asked[0]["start"], asked[0]["end"]) == (
            "2026-03-02 15:00:00", "2026-03-03 15:00:00",
        )  # fmt: skip
        began = {one["started_at"] for one in made_of(exchange, past)}
        monkeypatch.setattr(zadarma, "MOST_PAGES", 2)
        assert why_not(exchange, MONDAY, MONDAY + DAY) == "too_long"
    assert began == {MONDAY - timedelta(hours=3)}


def test_why_there_is_no_list_is_told_by_a_code() -> None:
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (500, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, [], "wrong_answer"),
        (200, b'{"status": "success", "stats": [', "wrong_answer"),
        (200, {"status": "success"}, "wrong_answer"),
        (200, {"status": "error", "message": "Not authorized"}, "refused"),
        (200, {"status": "error", "message": "limit exceeded"}, "too_many"),
        (200, {"status": "error"}, "wrong_answer"),
    ])  # fmt: skip
    with provider(Zadarma()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_no_fault() -> None:
    with provider(Zadarma()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []


def test_a_number_of_40_digits_and_an_unknown_end_are_calls_all_the_same() -> None:
    odd = row("in_9", 0, "no answer", clid="7" * 40)
    new = row("in_a", 0, "eaten by a whale")
    with provider(Zadarma(odd, new, {"pbx_call_id": None}, "no row", None)) as here:
        exchange = joined(here.address)
        calls = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert [(one["call_ref"], one["outcome"], one["is_final"]) for one in calls] == [
        ("in_9", "missed", True), ("in_a", "missed", True),
    ]  # fmt: skip


NAMES = list(ROWS["nobody answers"])


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(NAMES), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="zadarma", zone="Europe/Moscow")
    events = [
        event_of_row(exchange, one, ref=str(one.get("pbx_call_id")), at=MONDAY) for one in rows
    ]
    demand_calls_or_nothing(exchange, events)
