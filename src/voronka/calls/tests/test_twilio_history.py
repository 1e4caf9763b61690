"""Twilio's own list of calls, asked of a server that runs here."""

import base64
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.twilio import history as twilio
from voronka.calls.tests.fetched import (
    demand_codes,
    demand_one_call,
    fetched,
    joined_kind,
    made_of,
    why_not,
)
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.odd_rows import READ_OR_LEFT, VALUES, demand_calls_or_nothing
from voronka.calls.tests.test_twilio import CALLS, told

pytestmark = pytest.mark.django_db
SID, TOKEN = "AC1", "the-token-of-the-account"
DAY = timedelta(days=1)


def at(seconds: int) -> str:
    return format_datetime(MONDAY + timedelta(seconds=seconds))


def leg(sid: str, began: int, ended: int, status: str, **more: Any) -> dict[str, Any]:
    return {
        "sid": sid, "parent_call_sid": None, "from": "+79001112233", "to": "+74950000001",
        "direction": "inbound", "status": status, "duration": "0", "date_created": at(began),
        "start_time": at(began), "end_time": at(ended),
    } | more  # fmt: skip


ROWS = [
    leg("CAp", 0, 68, "completed", duration="68"),
    leg("CA1", 2, 8, "canceled", parent_call_sid="CAp", to="client:olga"),
    leg("CA2", 2, 68, "completed", duration="60", parent_call_sid="CAp",
        to="sip:102@firm.sip.twilio.com", direction="outbound-dial"),
    leg("CAm", 600, 620, "no-answer"),
    leg("CAm1", 602, 620, "no-answer", parent_call_sid="CAm", to="client:olga"),
    leg("CAo", 3000, 3000, "in-progress"),
]  # fmt: skip
RECORDINGS = [
    {"sid": "RE1", "call_sid": "CAp", "status": "completed", "date_created": at(75),
     "uri": "/2010-04-01/Accounts/AC1/Recordings/RE1.json"},
]  # fmt: skip


class Twilio:
    """Answers as the page says, two rows a page."""

    def __init__(self, rows: list[Any] = ROWS, recordings: Any = RECORDINGS) -> None:
        self.rows, self.recordings = rows, recordings

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        proof = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {proof}":
            return 401, {"code": 20003}
        if asked.path.endswith("/Recordings.json"):
            return (200, {"recordings": self.recordings}) if self.recordings else (403, {})
        assert asked.path == "/2010-04-01/Accounts/AC1/Calls.json"
        page = int(asked.fields.get("Page", "0"))
        more = f"{asked.path}?{asked.query}&Page={page + 1}"
        rows = self.rows[page * 2 : page * 2 + 2]
        is_last = page * 2 + 2 >= len(self.rows)
        return 200, {"calls": rows, "next_page_uri": None if is_last else more}


def joined(address: str, secret: str = TOKEN, **options: Any) -> Exchange:
    return joined_kind("twilio", secret, login=SID, host=address, **options)


def test_calls_are_read_page_by_page_with_their_legs_and_recordings() -> None:
    with provider(Twilio()) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    asked = dict(parse_qsl(urlsplit(here.asked[0].path + "?" + here.asked[0].query).query))
    assert asked == {
        "StartTime>": "2026-03-02", "StartTime<": "2026-03-03", "PageSize": "1000",
    }  # fmt: skip
    assert [one.path.rpartition("/")[2] for one in here.asked] == [
        "Calls.json", "Calls.json", "Calls.json", "Recordings.json",
    ]  # fmt: skip
    names = [one.body for one in past if "RecordingSid" in one.body]
    assert "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1" in names[0]
    first, second, going_on = made_of(exchange, past, past)
    assert (first["outcome"], first["talk_seconds"], first["wait_seconds"]) == (
        "answered", 60, 6,
    )  # fmt: skip
    assert first["legs"] == [("102", "talked", 60), ("olga", "not_first", 0)]
    assert (first["phone"], first["line"]) == ("+79001112233", "+74950000001")
    assert (second["outcome"], second["wait_seconds"], second["legs"]) == (
        "missed", 18, [("olga", "missed", 0)],
    )  # fmt: skip
    assert (first["is_final"], second["is_final"], going_on["is_final"]) == (True, True, False)


def test_a_call_heard_and_a_call_of_the_list_are_one() -> None:
    says = CALLS["two of us are rung and one answers"]["says"]
    with provider(Twilio(ROWS[:3])) as here:
        exchange = joined(here.address)

        def heard() -> list[CallEvent]:
            return [told_to(exchange, n, after, said) for n, (after, said) in enumerate(says)]

        demand_one_call(exchange, heard, lambda: fetched(exchange, MONDAY, MONDAY + DAY))


def told_to(exchange: Exchange, n: int, after: float, said: dict[str, str]) -> CallEvent:
    event = told(after, said)
    event.exchange, event.source_key = exchange, str(n)
    return event


def test_an_end_that_was_not_heard_is_told_by_the_list() -> None:
    says = CALLS["two of us are rung and one answers"]["says"][:4]
    with provider(Twilio(ROWS[:3])) as here:
        exchange = joined(here.address)
        heard = [told_to(exchange, n, after, said) for n, (after, said) in enumerate(says)]
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    (call,) = made_of(exchange, heard, past)
    assert (call["outcome"], call["talk_seconds"], call["is_final"]) == ("answered", 60, True)


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    elsewhere = {"calls": [], "next_page_uri": "@evil.example/2010-04-01/"}
    demand_codes(joined, [
        (401, {}, "refused"), (403, {}, "refused"), (429, {}, "too_many"),
        (500, {}, "unreachable"), (404, {}, "wrong_answer"), (302, {}, "wrong_answer"),
        (200, b"<html>", "wrong_answer"), (200, b'{"calls": [', "wrong_answer"),
        (200, [], "wrong_answer"), (200, {"calls": None}, "wrong_answer"),
        (200, elsewhere, "wrong_answer"),
    ])  # fmt: skip
    assert why_not(joined("", secret=""), MONDAY, MONDAY + DAY) == "no_key"
    with provider(Twilio()) as here:
        wrong = joined(here.address, secret="another-token")
        assert why_not(wrong, MONDAY, MONDAY + DAY) == "refused"
        assert len(here.asked) == 1


def test_a_list_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio, "MOST_PAGES", 3)
    with provider(Twilio([ROWS[0]] * 100)) as here:
        assert why_not(joined(here.address), MONDAY, MONDAY + DAY) == "too_long"
        assert len(here.asked) == 3


def test_an_empty_list_and_refused_recordings_are_no_fault() -> None:
    with provider(Twilio([])) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []
    with provider(Twilio(ROWS[:3], recordings=None)) as here:
        assert len(fetched(joined(here.address), MONDAY, MONDAY + DAY)) == 6


def test_a_number_of_40_digits_is_a_call_all_the_same() -> None:
    rows = [leg("CA9", 0, 10, "no-answer", **{"from": "7" * 40}), {"sid": None}, "no row"]
    with provider(Twilio(rows)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["outcome"], call["is_final"]) == ("missed", True)


NAMES = list(ROWS[0])


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(NAMES), VALUES), max_size=4))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="twilio", zone="UTC")
    told = [
        twilio._event(exchange, fields, moment)
        for row in rows
        for fields, moment in twilio._leg(row)
    ]
    demand_calls_or_nothing(exchange, told)
