"""Telphin's own list of calls, asked of a server that runs here."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.telphin import history as telphin
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
from voronka.calls.tests.hooked import START, fixtures
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.odd_rows import READ_OR_LEFT, VALUES, demand_calls_or_nothing

pytestmark = pytest.mark.django_db
APP, SECRET, TOKEN = "the-application", "its-secret", "token-1"
DAY = timedelta(days=1)
REF, LINK = "aBcD-1772442000", "https://storage.telphin.example/1.mp3"


def at(seconds: int) -> str:
    return f"{MONDAY + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def row(length: int, talk: int, result: str, **more: Any) -> dict[str, Any]:
    return {
        "call_uuid": REF, "flow": "in", "init_time_gmt": at(0), "hangup_time_gmt": at(length),
        "duration": length, "bridged_duration": talk, "result": result,
        "from_username": "79001112233", "to_username": "74950000001",
        "did_number": "74950000001", "cdr": [],
        "bridged_username": "0003*102" if talk else None,
    } | more  # fmt: skip


def phone(extension: str, result: str, **more: Any) -> dict[str, Any]:
    return {"extension_type": "phone", "to_username": f"0003*{extension}",
            "result": result} | more  # fmt: skip


OUT: dict[str, Any] = {
    "flow": "out", "from_username": "0003*101", "to_username": "79001112233",
    "did_number": None, "bridged_username": None,
}  # fmt: skip
RUNG = [{"extension_type": "queue", "to_username": "0003*900"}, phone("101", "not answered"),
        phone("102", "answered", record_uuid="rec-1")]  # fmt: skip
ROWS = {
    "a group rings and one answers": row(67, 60, "bridged", cdr=RUNG),
    "nobody of a group answers": row(20, 0, "not answered", cdr=[
        phone("101", "not answered"), phone("102", "not answered")]),
    "the answer was not told": row(50, 40, "bridged", bridged_username="0003*101"),
    "the person declines": row(4, 0, "rejected", cdr=[phone("101", "rejected")]),
    "a client is called and talks": row(39, 30, "bridged", **OUT),
    "a client who is called is busy": row(6, 0, "busy", **OUT),
}  # fmt: skip


class Telphin:
    """Answers as the page says: a token for the application, then pages."""

    def __init__(self, *rows: Any) -> None:
        self.rows = list(rows)

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/oauth/token":
            assert asked.fields["grant_type"] == "client_credentials"
            is_right = (asked.fields["client_id"], asked.fields["client_secret"]) == (
                APP, SECRET,
            )  # fmt: skip
            return (200, {"access_token": TOKEN}) if is_right else (400, {"error": "invalid"})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}
        if "/record/" in asked.path:
            known = {"rec-1": {"record_url": LINK}, "odd": {"record_url": "file:///etc/passwd"}}
            name = asked.path.removeprefix("/api/ver1.0/client/@me/record/")
            return 200, known.get(name.removesuffix("/storage_url/"), [])
        assert asked.path == "/api/ver1.0/client/@me/call_history/"
        page, most = int(asked.fields["page"]), int(asked.fields["per_page"])
        rows = self.rows[(page - 1) * most : page * most]
        return 200, {"page": page, "per_page": most, "order": "asc", "call_history": rows}


def joined(address: str, secret: str = SECRET, login: str = APP) -> Exchange:
    return joined_kind(
        "telphin", "a-secret", "Asia/Omsk", host=address, login=login, api_secret=secret
    )


def heard(exchange: Exchange, name: str, length: float) -> list[CallEvent]:
    """What is told of a call, and our own word that all its telephones are out."""
    said = json.dumps({"kind": "closed", "at": START + length})
    moment = datetime.fromtimestamp(START + length, UTC)
    own = CallEvent(
        exchange=exchange, source="own", source_key=REF, call_ref=REF, at=moment, body=said
    )
    return [*heard_of(exchange, name), own]


@pytest.mark.parametrize("name", ROWS)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str) -> None:
    with provider(Telphin(ROWS[name])) as here:
        exchange = joined(here.address)
        length = fixtures("telphin")[name]["says"][-1][0]
        demand_one_call(
            exchange,
            lambda: heard(exchange, name, length),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    inner = row(13, 10, "bridged", from_username="0003*101", to_username="0003*102")
    rows = [one | {"call_uuid": str(n)} for n, one in enumerate((*ROWS.values(), inner))]
    with provider(Telphin(*rows)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"]: (one["direction"], one["outcome"], one["legs"], one["wait_seconds"])
        for one in made_of(exchange, past, past)
    }
    assert shown == {
        "0": ("in", "answered", [("101", "not_first", 0), ("102", "talked", 60)], 7),
        "1": ("in", "missed", [("101", "missed", 0), ("102", "missed", 0)], 20),
        "2": ("in", "answered", [("101", "talked", 40)], 10),
        "3": ("in", "busy", [("101", "rejected", 0)], 4),
        "4": ("out", "answered", [("101", "talked", 30)], 9),
        "5": ("out", "busy", [("101", "made", 0)], 6),
    }


def test_a_lost_end_is_told_by_the_list() -> None:
    name = "a group rings and one answers"
    with provider(Telphin(ROWS[name])) as here:
        exchange = joined(here.address)
        first = heard_of(exchange, name, fixtures("telphin")[name]["says"][:3])
        (call,) = made_of(exchange, first, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["is_final"], call["talk_seconds"], call["outcome"]) == (True, 60, "answered")
    assert call["legs"] == [("101", "not_first", 0), ("102", "talked", 60)]


def test_it_is_asked_and_read_in_utc_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telphin, "ROWS_AT_ONCE", 2)
    rows = [row(5, 0, "not answered", call_uuid=str(n)) for n in range(5)]
    with provider(Telphin(*rows)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
        asked = [one.fields for one in here.asked if "page" in one.fields]
        assert [one["page"] for one in asked] == ["1", "2", "3"]
        assert (asked[0]["start_datetime"], asked[0]["end_datetime"]) == (
            "2026-03-02 09:00:00", "2026-03-03 09:00:00",
        )  # fmt: skip
        calls = made_of(exchange, past)
        monkeypatch.setattr(telphin, "MOST_PAGES", 2)
        assert why_not(exchange, MONDAY, MONDAY + DAY) == "too_long"
    assert (len(calls), {one["started_at"] for one in calls}) == (5, {MONDAY})


def test_a_server_that_knows_no_pages_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telphin, "ROWS_AT_ONCE", 1)

    def always(asked: Asked) -> tuple[int, Any]:
        if asked.path == "/oauth/token":
            return 200, {"access_token": TOKEN}
        return 200, [row(5, 0, "busy")]

    with provider(always) as here:
        assert len(fetched(joined(here.address), MONDAY, MONDAY + DAY)) == 1
        assert len(here.asked) == 3


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    demand_codes(joined, [
        (401, {}, "refused"), (400, {}, "refused"), (429, {}, "too_many"),
        (500, {}, "unreachable"), (200, {}, "refused"), (200, b"<html>", "refused"),
        (200, {"access_token": "a\nb"}, "refused"),
        (200, {"access_token": "a", "call_history": {}}, "wrong_answer"),
        (200, {"access_token": "a"}, "wrong_answer"),
    ])  # fmt: skip
    with provider(Telphin()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"
        assert why_not(joined(here.address, login=""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_no_fault() -> None:
    with provider(Telphin()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []


def test_a_number_of_40_digits_is_a_call_all_the_same() -> None:
    odd = row(9, 0, "not answered", from_username="7" * 40)
    with provider(Telphin(odd, {"call_uuid": None}, "no row", None)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["outcome"], call["is_final"], call["phone"]) == ("missed", True, "7" * 20)


def test_a_recording_lies_where_it_is_told_when_it_is_wanted() -> None:
    with provider(Telphin(ROWS["a group rings and one answers"])) as here:
        exchange = joined(here.address)
        (event,) = fetched(exchange, MONDAY, MONDAY + DAY)
        signals = list(telphin.signals_of(exchange, event))
        assert [one.name for one in signals if one.kind == "recording"] == ["rec-1"]
        assert telphin.link_of(exchange, "rec-1") == (LINK, {})
        assert telphin.link_of(exchange, "https://told.example/1")[0].endswith("/1")
        for name in ("odd", "absent", "../../user"):
            with pytest.raises(AskingError) as failed:
                telphin.link_of(exchange, name)
            assert failed.value.code == "wrong_answer"


NAMES = [*ROWS["nobody of a group answers"], "start_time_gmt"]


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(NAMES), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="telphin", zone="UTC")
    events = [
        event_of_row(exchange, one, ref=str(one.get("call_uuid")), at=MONDAY) for one in rows
    ]
    demand_calls_or_nothing(exchange, events)
