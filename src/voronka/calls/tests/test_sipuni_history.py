"""Sipuni's own table of calls, asked of a server that runs here."""

import hashlib
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conftest import MONDAY
from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError
from voronka.calls.providers.sipuni import history as sipuni
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
USER, KEY, REF = "012345", "0.the-key", "1772442000.77"
DAY = timedelta(days=1)
SHORT = (
    "Тип;Статус;Время;Схема;Откуда;Куда;Кто ответил;Длительность звонка;Длительность разговора;"
    "Время ответа;Оценка;ID записи;Метка;Теги;ID заказа звонка;Запись существует"
)
LONG = (
    "Тип;Статус;Время;ID схемы звонка;Схема;Исходящая линия;Откуда;Куда;Кому звонили;"
    "Кто разговаривал;Кто ответил;Длительность звонка, сек;Длительность разговора, сек;"
    "ID записи"
)


def row(kind: str, status: str, sides: str, taker: str, whole: int, talk: int) -> str:
    times = f"02.03.2026 12:00:00;Продажи;{sides};{taker};{whole};{talk};{whole - talk}"
    return f"{kind};{status};{times};;{REF};;;;1"


CLIENT_CALLS = "79001112233;74950000001"
ROWS = {
    "a group rings and one answers": row("Входящий", "Отвечен", CLIENT_CALLS, "102", 67, 60),
    "nobody of a group answers": row("Входящий", "Не отвечен", CLIENT_CALLS, "", 32, 0),
    "only the end of a call to a group is told": row(
        "Входящий", "Отвечен", CLIENT_CALLS, "102 (Олег)", 40, 30
    ),
    "the person declines": row("Входящий", "Занят", "79001112233;101", "", 6, 0),
    "a client is called and talks": row(
        "Исходящий", "Отвечен", "101 (Ольга);79001112233", "79001112233", 39, 30
    ),
    "a client who is called is out of reach": row(
        "Исходящий", "Недоступен", "101;79001112233", "", 4, 0
    ),
}


class Sipuni:
    """Answers as open code tells: a table, if the request is signed."""

    def __init__(self, *rows: str, head: str = SHORT) -> None:
        self.table = "\ufeff" + "\r\n".join([head, *rows, ""])

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        assert asked.path == "/api/statistic/export"
        given = dict(pair.split("=") for pair in asked.body.split("&"))
        names = sorted(given.keys() - {"hash"})
        said = "+".join([*(given[name] for name in names), KEY])
        if given["hash"] != hashlib.md5(said.encode(), usedforsecurity=False).hexdigest():
            return 200, {"success": False, "message": "wrong hash"}
        return 200, self.table.encode()


def joined(
    address: str, key: str = KEY, user: str = USER, zone: str = "Europe/Moscow"
) -> Exchange:
    options = {"host": address, "login": user, "api_secret": key}
    return joined_kind("sipuni", "a-secret", zone, **options)


@pytest.mark.parametrize("name", ROWS)
def test_a_call_heard_and_a_call_of_the_list_are_one(name: str) -> None:
    with provider(Sipuni(ROWS[name])) as here:
        exchange = joined(here.address)
        demand_one_call(
            exchange,
            lambda: heard_of(exchange, name),
            lambda: fetched(exchange, MONDAY, MONDAY + DAY),
        )


def test_the_list_alone_makes_the_calls() -> None:
    inner = row("Внутренний", "Отвечен", "101;102", "102", 13, 10)
    rows = [
        one.replace(REF, f"17724420{n:02}.1") for n, one in enumerate((*ROWS.values(), inner))
    ]
    with provider(Sipuni(*rows)) as here:
        exchange = joined(here.address)
        past = fetched(exchange, MONDAY, MONDAY + DAY)
    shown = {
        one["call_ref"][8:10]: (one["direction"], one["outcome"], one["phone"], one["legs"],
                                one["wait_seconds"])
        for one in made_of(exchange, past, past)
    }  # fmt: skip
    client = "+79001112233"
    assert shown == {
        "00": ("in", "answered", client, [("102", "talked", 60)], 7),
        "01": ("in", "missed", client, [], 32),
        "02": ("in", "answered", client, [("102", "talked", 30)], 10),
        "03": ("in", "busy", client, [("101", "rejected", 0)], 6),
        "04": ("out", "answered", client, [("101", "talked", 30)], 9),
        "05": ("out", "failed", client, [("101", "made", 0)], 4),
    }


def test_a_table_with_more_columns_tells_who_was_rung() -> None:
    told = (
        f"Входящий;Отвечен;02.03.2026 12:00:00;000-1;Продажи;;79001112233;74950000001;"
        f"101 (Ольга), 102 (Олег);102 (Олег);102;67;60;{REF}"
    )
    with provider(Sipuni(told, head=LONG)) as here:
        exchange = joined(here.address)
        (call,) = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert call["legs"] == [("101", "not_first", 0), ("102", "talked", 60)]
    assert (call["line"], call["wait_seconds"]) == ("74950000001", 7)


def test_a_lost_end_is_told_by_the_list() -> None:
    name = "a group rings and one answers"
    with provider(Sipuni(ROWS[name])) as here:
        exchange = joined(here.address)
        heard = heard_of(exchange, name, fixtures("sipuni")[name]["says"][:2])
        (call,) = made_of(exchange, heard, fetched(exchange, MONDAY, MONDAY + DAY))
    assert (call["is_final"], call["talk_seconds"], call["outcome"]) == (True, 60, "answered")


def test_whole_days_of_the_zone_are_asked_for_a_week_at_once() -> None:
    with provider(Sipuni(ROWS["nobody of a group answers"])) as here:
        exchange = joined(here.address, zone="Asia/Omsk")
        past = fetched(exchange, MONDAY, MONDAY + 9 * DAY)
        asked = [(one.fields["from"], one.fields["to"]) for one in here.asked]
        (call,) = made_of(exchange, past)
        midnight = MONDAY.replace(hour=18)
        fetched(exchange, midnight, midnight + DAY)
        last = here.asked[-1].fields
    assert asked == [("02.03.2026", "09.03.2026"), ("09.03.2026", "11.03.2026")]
    assert call["started_at"] == MONDAY - timedelta(hours=3)
    assert (last["from"], last["to"]) == ("03.03.2026", "03.03.2026")


def test_why_there_is_no_list_is_told_by_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sipuni, "PAUSES", (0,))
    demand_codes(joined, [
        (401, {}, "refused"), (429, {}, "too_many"), (500, {}, "unreachable"),
        (302, {}, "wrong_answer"), (200, b"<html>", "wrong_answer"), (200, {}, "refused"),
        (200, b"\xff\xfe", "wrong_answer"), (200, b"", "wrong_answer"),
        (200, SHORT[:60].encode(), "wrong_answer"), (200, b"a\x00;b\n", "wrong_answer"),
    ])  # fmt: skip
    with provider(Sipuni()) as here:
        assert why_not(joined(here.address, "another"), MONDAY, MONDAY + DAY) == "refused"
        assert why_not(joined(here.address, ""), MONDAY, MONDAY + DAY) == "no_key"
        assert why_not(joined(here.address, user=""), MONDAY, MONDAY + DAY) == "no_key"


def test_an_empty_table_is_no_fault() -> None:
    with provider(Sipuni()) as here:
        assert fetched(joined(here.address), MONDAY, MONDAY + DAY) == []


def test_a_long_number_a_torn_line_and_an_unknown_end_stop_nobody() -> None:
    odd = row("Входящий", "Не отвечен", f"{'7' * 40};74950000001", "", 9, 0)
    new = row("Входящий", "Съеден китом", CLIENT_CALLS, "", 9, 0).replace(REF, "1772442001.1")
    with provider(Sipuni(odd, new, "Входящий;Отвечен", ";;;", "")) as here:
        exchange = joined(here.address)
        calls = made_of(exchange, fetched(exchange, MONDAY, MONDAY + DAY))
    assert [(one["phone"], one["outcome"], one["is_final"]) for one in calls] == [
        ("7" * 20, "missed", True), ("+79001112233", "missed", True),
    ]  # fmt: skip


NAMES = [name.strip().lower() for name in LONG.split(";")]


@settings(**READ_OR_LEFT)
@given(rows=some.lists(some.dictionaries(some.sampled_from(NAMES), VALUES), max_size=3))
def test_any_rows_make_calls_or_nothing(rows: list[dict[str, Any]]) -> None:
    exchange = Exchange(pk=1, kind="sipuni", zone="UTC")
    events = [
        event_of_row(exchange, one, ref=str(one.get("id записи")), at=MONDAY) for one in rows
    ]
    demand_calls_or_nothing(exchange, events)


@settings(**READ_OR_LEFT)
@given(text=some.text(max_size=300), head=some.sampled_from([SHORT, LONG, ""]))
def test_any_table_is_read_or_refused(text: str, head: str) -> None:
    known = {*NAMES, *SHORT.lower().split(";")}
    with suppress(AskingError):
        assert all(set(one) <= known for one in sipuni._rows(f"{head}\n{text}"))
