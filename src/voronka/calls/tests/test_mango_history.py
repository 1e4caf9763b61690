"""Mango Office's own record of calls, asked of a server that runs here."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from conftest import MONDAY
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.models import Call
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.mango import history as mango
from voronka.calls.rebuilding import keep_events, read_waiting
from voronka.calls.tests.hooked import START, event, fixtures
from voronka.calls.tests.listening import Asked, provider
from voronka.calls.tests.test_mango import KEY, SALT, form, json_of
from voronka.foundation.sealing import seal

pytestmark = pytest.mark.django_db
HOUR = MONDAY + timedelta(hours=1)


def row(*told: object) -> str:
    return ";".join(map(str, told))


def at(seconds: int) -> int:
    return int(START) + seconds


ROWS = "\r\n".join(
    [
        row("[]", at(0), at(15), 0, "", "79001112233", "", "74950000001", 1100, "74950000001",
            "ivr", "E1"),
        row("[]", at(10), at(15), 0, "", "79001112233", "101", "sip:olga@x", 1100,
            "74950000001", "abonent", "E1"),
        row("[REC1]", at(10), at(75), at(15), "", "79001112233", "102", "sip:oleg@x", 1110,
            "74950000001", "abonent", "E1"),
        row("", at(200), at(206), 0, "101", "sip:olga@x", "", "79001112244", 1121,
            "74950000001", "abonent", "E2"),
        "",
    ]
)  # fmt: skip


class Mango:
    """Answers as the page says: a key, twice "not yet", then the rows."""

    def __init__(self, rows: bytes = ROWS.encode()) -> None:
        self.looks, self.rows = 0, rows

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        key, said = asked.fields["vpbx_api_key"], asked.fields["json"]
        if asked.fields["sign"] != hashlib.sha256(f"{key}{said}{SALT}".encode()).hexdigest():
            return 401, {}
        if asked.path == "/stats/request":
            return 200, {"key": "k1"}
        if asked.path == "/queries/recording/post":
            return 302, b""
        assert json.loads(said) == {"key": "k1"}
        self.looks += 1
        return (204, b"") if self.looks < 3 else (200, self.rows)


def joined(address: str, **options: str) -> Exchange:
    return Exchange.objects.create(
        kind="mango", name="Манго", path_key="k", secret=seal(SALT), created_at=MONDAY,
        options={"host": address, "login": KEY} | options,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mango, "PAUSE_SECONDS", 0.01)


def test_calls_of_an_outage_are_read_from_its_record_once(db: None) -> None:
    with provider(Mango()) as here:
        exchange = joined(here.address)
        for _ in range(2):
            keep_events(mango.history(exchange, MONDAY, HOUR))
            read_waiting(now=HOUR)
    first, second = Call.objects.order_by("started_at")
    assert (first.outcome, first.talk_seconds, first.wait_seconds) == ("answered", 60, 5)
    assert sorted(leg.extension for leg in first.legs.all()) == ["101", "102"]
    assert (second.outcome, second.direction, second.phone) == ("busy", "out", "+79001112244")
    assert first.is_final
    assert second.is_final
    assert CallEvent.objects.filter(source="history", state="done").count() == 4


def test_what_was_told_by_events_is_not_counted_twice(db: None) -> None:
    says = fixtures("mango")["a menu, then a group rings and one answers"]["says"]
    with provider(Mango()) as here:
        exchange = joined(here.address)
        keep_events(
            event(after, form(json_of(said)), suffix, exchange=exchange, source_key=str(n))
            for n, (after, suffix, said) in enumerate(says)
        )
        keep_events(mango.history(exchange, MONDAY, HOUR))
    read_waiting(now=HOUR)
    call = Call.objects.get(call_ref="E1")
    assert (call.talk_seconds, call.wait_seconds, call.legs.count()) == (60, 5, 2)


def test_a_recording_lies_where_it_is_told_for_one_fetch(db: None) -> None:
    with provider(Mango()) as here:
        exchange = joined(here.address)
        assert mango.link_of(exchange, "REC1") == (here.address + "/elsewhere", {})
    asked = json.loads(here.asked[0].fields["json"])
    assert asked == {"recording_id": "REC1", "action": "download"}


def test_why_there_is_no_record_is_told_by_a_code(db: None) -> None:
    def code_of(exchange: Exchange, until: Any = HOUR) -> str:
        with pytest.raises(AskingError) as failed:
            mango.history(exchange, MONDAY, until)
        exchange.delete()
        return failed.value.code

    for rows in (b"a;b;c", b"\xff\xfe", b"<html>"):
        with provider(Mango(rows)) as here:
            assert code_of(joined(here.address)) == "wrong_answer"
    with provider(Mango()) as here:
        exchange = joined(here.address)
        Exchange.objects.filter(pk=exchange.pk).update(secret=seal("another-salt"))
        exchange.refresh_from_db()
        assert code_of(exchange) == "refused"
        assert code_of(joined(here.address), MONDAY + timedelta(days=40)) == "too_long"
        assert code_of(joined(here.address, login="")) == "no_key"
    assert code_of(joined(here.address)) == "unreachable"
