"""Beeline's statistics, asked of a server that runs here: a number, and no calls."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.models import Call
from voronka.calls.providers.beeline import history as beeline
from voronka.calls.reconciling import HISTORIES, reconcile
from voronka.calls.tests.fetched import demand_codes, joined_kind, why_not
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.odd_rows import READ_OR_LEFT, VALUES
from voronka.people.viewers import SYSTEM

pytestmark = pytest.mark.django_db
KEY = "the-token-of-the-cabinet"
DAY = timedelta(days=1)


def row(seconds: float, number: str, way: str = "INBOUND", own: str = "101") -> dict[str, Any]:
    side = "phone_from" if way == "INBOUND" else "phone_to"
    return {
        "startDate": int((MONDAY.timestamp() + seconds) * 1000), "direction": way, side: number,
        "duration": 5000, "status": "RECIEVED", "abonent": {"extension": own},
    }  # fmt: skip


ROWS = [
    row(0, "79001112233"), row(0.4, "79001112233", own="102"), row(2, "79001112233", own="103"),
    row(60, "79001112233"), row(60, "79001112244"), row(61, "79001112233", "OUTBOUND"),
    row(70, "102"), row(90_000, "79001112255"), row(-90_000, "79001112255"),
]  # fmt: skip


class Beeline:
    """Answers as open code tells: rows page by page, the token in a header."""

    def __init__(self, *rows: Any) -> None:
        self.rows = list(rows)

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        assert asked.path == "/apis/portal/v2/statistics"
        if asked.headers.get("x-mpbx-api-auth-token") != KEY:
            return 403, {"errorCode": "Forbidden"}
        page, most = int(asked.fields["page"]), int(asked.fields["pageSize"])
        return 200, self.rows[page * most : (page + 1) * most]


def joined(address: str, key: str = KEY) -> Exchange:
    return joined_kind("beeline", "a-secret", host=address, api_secret=key)


def test_days_are_compared_by_the_number_alone() -> None:
    with provider(Beeline(*ROWS)) as here:
        exchange = joined(here.address)
        Call.objects.create(
            exchange=exchange, call_ref="5701687:1", started_at=MONDAY, direction="in",
            is_answered=False, phone="+79001112233",
        )  # fmt: skip
        day = MONDAY.date()
        made = reconcile(
            exchange_id=exchange.pk, since=day, until=day, by=SYSTEM, at=MONDAY + DAY
        )
    totals = (made.source, made.theirs, made.ours, made.missing, made.added, made.is_alarm)
    assert totals == ("cdr", 4, 1, 3, 0, True)
    assert Call.objects.count() == 1
    assert not CallEvent.objects.exists()


def test_it_is_asked_in_utc_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beeline, "ROWS_AT_ONCE", 4)
    with provider(Beeline(*ROWS)) as here:
        exchange = joined(here.address)
        past = HISTORIES["beeline"](exchange, MONDAY, MONDAY + DAY)
        asked = [one.fields for one in here.asked]
        monkeypatch.setattr(beeline, "MOST_PAGES", 2)
        assert why_not(exchange, MONDAY, MONDAY + DAY) == "too_long"
    assert (past.counted, past.events) == (4, {})
    assert [one["page"] for one in asked] == ["0", "1", "2"]
    assert (asked[0]["dateFrom"], asked[0]["dateTo"]) == (
        "2026-03-02T09:00:00.000Z", "2026-03-03T09:00:00.000Z",
    )  # fmt: skip


def test_why_there_is_no_number_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voronka.calls.providers.asking.PAUSES", (0, 0))
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (500, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, {}, "wrong_answer"),
        (200, b"[{", "wrong_answer"),
    ])  # fmt: skip
    with provider(Beeline()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_list_is_none() -> None:
    with provider(Beeline()) as here:
        assert HISTORIES["beeline"](joined(here.address), MONDAY, MONDAY + DAY).counted == 0


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(list(ROWS[0])), VALUES), max_size=5))
def test_any_rows_are_some_number_of_calls(rows: list[dict[str, Any]]) -> None:
    n = beeline.calls_in(rows, MONDAY, MONDAY + DAY)
    assert 0 <= n <= len(rows)
    assert beeline.calls_in(rows[::-1], MONDAY, MONDAY + DAY) == n
