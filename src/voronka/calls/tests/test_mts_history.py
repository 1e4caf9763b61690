"""MTS Autosecretary's own list of calls, asked of a server that runs here."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.mts import history as mts
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
from voronka.calls.tests.told_by import OPTIONS

pytestmark = pytest.mark.django_db
KEY, DOMAIN = "the.jwt.key", "firm.aa.mts.ru"
DAY = timedelta(days=1)


def row(length: int, wait: int, **more: Any) -> dict[str, Any]:
    return {
        "callId": "mts-77", "an": "9001112233", "dn": "9005550102", "via": "4950000001",
        "rel": 0, "startTime": "2026-03-02T12:00:00", "duration": length, "wait": wait,
        "recDur": length - wait,
    } | more  # fmt: skip


ROWS = {
    "an employee with an extension answers": row(67, 7),
    "who answers is told only with the answer": row(38, 8, dn="9005550199"),
    "nobody answers": row(25, 25, dn="9005550101"),
    "rung off in the menu": row(12, 12, dn="4950000001"),
    "an employee calls a client": row(39, 9, an="9005550101", dn="9001112233"),
}


class Mts:
    """Answers as open code tells: two trunks, the second without a call."""

    def __init__(self, *rows: Any) -> None:
        self.rows = list(rows)

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return 401, {}
        assert asked.fields["Domain"] == DOMAIN
        if asked.path == "/api/ac20/trunks/all":
            return 200, [{"trunkId": "0123456789"}, {"trunkId": 12}, {}, "odd"]
        assert asked.path == "/api/ac20/trunks/statistics"
        if asked.fields["TrunkId"] == "12":
            return 204, b""
        begin, most = int(asked.fields["Offset"]), int(asked.fields["Limit"])
        return 200, self.rows[begin : begin + most]


def joined(
    address: str, key: str = KEY, domain: str = DOMAIN, zone: str = "Europe/Moscow"
) -> Exchange:
    options = {"host": address, "domain": domain, "api_secret": key, **OPTIONS["mts"]}
    return joined_kind("mts", "a-secret", zone, **options)


@pytest.mark.parametrize("name", ROWS)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str) -> None:
    with provider(Mts(ROWS[name])) as here:
        exchange = joined(here.address)
        demand_one_call(
            exchange,
            lambda: heard_of(exchange, name),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    inner = row(13, 3, an="9005550101", dn="9005550102", rel=1)
    alone = row(9, 9, an="4950000001", dn="9001112233")
    rows = [one | {"callId": n} for n, one in enumerate((*ROWS.values(), inner, alone))]
    with provider(Mts(*rows)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"]: (one["direction"], one["outcome"], one["phone"], one["legs"],
                          one["wait_seconds"])
        for one in made_of(exchange, past, past)
    }  # fmt: skip
    client = "+79001112233"
    assert shown == {
        "0": ("in", "answered", client, [("102", "talked", 60)], 7),
        "1": ("in", "answered", client, [("+79005550199", "talked", 30)], 8),
        "2": ("in", "missed", client, [("101", "missed", 0)], 25),
        "3": ("in", "missed", client, [], 12),
        "4": ("out", "answered", client, [("101", "talked", 30)], 9),
        "6": ("out", "no_answer", client, [("+74950000001", "made", 0)], 9),
    }


@pytest.mark.parametrize("n_heard", [1, 2])
def test_a_lost_end_or_answer_is_told_by_the_list(n_heard: int) -> None:
    name = "an employee with an extension answers"
    says = fixtures("mts")[name]["says"]
    with provider(Mts(ROWS[name])) as here:
        exchange = joined(here.address)
        for heard in (says[:n_heard], [says[0], says[-1]]):
            events = heard_of(exchange, name, heard)
            (call,) = made_of(exchange, events, fetched(exchange, MONDAY, MONDAY + DAY))
            assert (call["is_final"], call["talk_seconds"], call["wait_seconds"]) == (
                True, 60, 7,
            )  # fmt: skip
            assert call["legs"] == [("102", "talked", 60)]


def test_it_is_asked_and_read_in_the_zone_trunk_by_trunk_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mts, "ROWS_AT_ONCE", 2)
    rows = [row(5, 5, callId=n) for n in range(4)] + [
        row(5, 5, callId="own", startTime="2026-03-02T09:00:00Z")
    ]
    with provider(Mts(*rows)) as here:
        exchange = joined(here.address, zone="Asia/Omsk")
        past = fetched(exchange, MONDAY, MONDAY + DAY)
        asked = [one.fields for one in here.asked if "Offset" in one.fields]
        assert [(one["TrunkId"], one["Offset"]) for one in asked] == [
            ("0123456789", "0"), ("0123456789", "2"), ("0123456789", "4"), ("12", "0"),
        ]  # fmt: skip
        assert (asked[0]["Begin"], asked[0]["End"]) == (
            "2026-03-02T15:00:00", "2026-03-03T15:00:00",
        )  # fmt: skip
        calls = made_of(exchange, past)
        monkeypatch.setattr(mts, "MOST_PAGES", 2)
        assert why_not(exchange, MONDAY, MONDAY + DAY) == "too_long"
    began = {one["call_ref"]: one["started_at"] for one in calls}
    assert (began["0"], began["own"]) == (MONDAY - timedelta(hours=3), MONDAY)


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (500, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, {}, "wrong_answer"),
        (200, b"[{", "wrong_answer"), (404, {}, "wrong_answer"),
    ])  # fmt: skip
    with provider(Mts()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"
        assert why_not(joined(here.address, domain=" "), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_no_fault() -> None:
    with provider(Mts()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []
        assert [one.fields.get("TrunkId") for one in here.asked] == [None, "0123456789", "12"]


def test_a_number_of_40_digits_is_a_call_all_the_same() -> None:
    odd = row(9, 9, an="7" * 40)
    with provider(Mts(odd, {"callId": None}, "no row", None)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["outcome"], call["is_final"], call["phone"]) == ("missed", True, "7" * 20)


def test_a_recording_is_asked_for_with_the_key() -> None:
    with provider(Mts(ROWS["an employee with an extension answers"])) as here:
        exchange = joined(here.address)
        (event,) = fetched(exchange, MONDAY, MONDAY + DAY)
        signals = list(mts.signals_of(exchange, event))
        (name,) = [one.name for one in signals if one.kind == "recording"]
        url, headers = mts.link_of(exchange, name)
    assert name == "0123456789/mts-77"
    assert url == (
        f"{here.address}/api/ac20/trunks/record"
        f"?Domain={DOMAIN}&TrunkId=0123456789&CallId=mts-77&Type=mp3"
    )
    assert headers["Authorization"] == f"Bearer {KEY}"
    for name in ("mts-77", "", "https://evil.example/1"):
        with pytest.raises(AskingError) as failed:
            mts.link_of(exchange, name)
        assert failed.value.code == "wrong_answer"


NAMES = [*ROWS["nobody answers"], "trunkId"]


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(NAMES), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="mts", zone="UTC", options=OPTIONS["mts"])
    events = [
        event_of_row(exchange, one, ref=str(one.get("callId")), at=MONDAY) for one in rows
    ]
    demand_calls_or_nothing(exchange, events)
