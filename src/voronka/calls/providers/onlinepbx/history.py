"""OnlinePBX's own list of calls, and where a recording lies for half an hour."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import (
    AskingError,
    answer_at_last,
    base_of,
    json_of,
    key_of,
)
from voronka.calls.providers.legs import is_extension, is_same_number, short_ref
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.onlinepbx import parser
from voronka.calls.providers.past import PAST
from voronka.calls.providers.whole import (
    Row,
    Whole,
    event_of_row,
    row_of,
    rows_of,
    signals_of_whole,
    word,
)
from voronka.calls.signals import Signal

HOST, OWN_NAMES = "https://api.onlinepbx.ru", ".onpbx.ru"
ROWS_AT_ONCE, MOST_PAGES = 500, 200
WAYS = {"inbound": "in", "missed": "in", "outbound": "out", "local": "internal"}


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of at most a week; give them as events not stored yet.

    A full page is followed by what is not later than its oldest row. Raises: AskingError.
    """
    headers = _proof(exchange)
    begin, end = int(since.timestamp()), int(until.timestamp())
    found: dict[str, Row] = {}
    for _ in range(MOST_PAGES):
        asked = {"start_stamp_from": begin, "start_stamp_to": end, "limit": ROWS_AT_ONCE}
        rows = rows_of(_answer(exchange, "mongo_history/search", asked, headers))
        new = {uuid: row for row in rows if (uuid := word(row, "uuid", most=200))}
        is_news = new.keys() - found.keys()
        found |= new
        stamps = [int(stamp) for row in rows if (stamp := word(row, "start_stamp")).isdecimal()]
        if len(rows) < ROWS_AT_ONCE or not is_news or not stamps:
            return [
                event_of_row(exchange, row, ref=uuid, at=until) for uuid, row in found.items()
            ]
        end = min(stamps)
    raise AskingError("too_long")


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give where a recording lies: as a web hook said, or asked for by the call's name.

    Raises: AskingError.
    """
    if "://" in name:
        return name, {}
    asked = {"uuid": name, "download": 1}
    said = _answer(exchange, "mongo_history/search", asked, _proof(exchange))
    link = said[0] if isinstance(said, list) and said else said
    if not isinstance(link, str) or not link.startswith("https://"):
        raise AskingError("wrong_answer")
    return link, {}


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event: a row of the list, or what the door has taken.

    Raises: as the parser.
    """
    if event.source != PAST:
        yield from parser.signals_of(exchange, event)
        return
    yield from signals_of_whole(whole_of(row_of(event), exchange, event.at))


def whole_of(row: Row, exchange: Exchange, near: datetime) -> Whole:
    """Read a row. Raises: ValueError when it is not told when the call began."""
    began = moment_of(word(row, "start_stamp"), zone=exchange.zone, near=near)
    if began is None:
        raise ValueError("no beginning")
    ended = moment_of(word(row, "end_stamp"), zone=exchange.zone, near=near)
    caller, called = word(row, "caller_id_number"), word(row, "destination_number")
    line, way = word(row, "gateway"), _way(row, caller, called)
    answered = _answered(row)
    is_person = is_extension(called) or bool(
        line and called and not is_same_number(line, called)
    )
    people = answered or ([called] if way != "out" and is_person else [])
    talk = seconds_of(word(row, "user_talk_time")) or 0.0
    return Whole(
        direction=way,
        number={"in": caller, "out": called}.get(way, ""),
        began_at=began,
        ended_at=ended or began + (seconds_of(word(row, "duration")) or talk),
        line=line or (called if way == "in" and not is_person else ""),
        caller="" if way == "in" else caller,
        people=people,
        taker=people[-1] if people else "",
        talk=talk,
        cause=parser.CAUSES.get(word(row, "hangup_cause").upper(), ""),
        recording=short_ref(word(row, "uuid", most=200)) if talk else "",
    )


def _way(row: Row, caller: str, called: str) -> str:
    if is_extension(caller) and is_extension(called):
        return "internal"
    told = WAYS.get(word(row, "accountcode").lower(), "")
    return told or ("out" if is_extension(caller) else "in")


def _answered(row: Row) -> list[str]:
    """Give our telephones that took the call, where the row lists what happened."""
    events = row.get("events")
    return [
        word(one, "number")
        for one in (events if isinstance(events, list) else ())
        if isinstance(one, dict)
        and one.get("type") == "user"
        and one.get("answered_stamp")
        and is_extension(word(one, "number"))
    ]


def _proof(exchange: Exchange) -> dict[str, str]:
    said = _answer(exchange, "auth", {"auth_key": key_of(exchange)}, {})
    if not isinstance(said, dict) or not said.get("key") or not said.get("key_id"):
        raise AskingError("refused")
    return {"x-pbx-authentication": f"{said['key_id']}:{said['key']}"}


def _answer(
    exchange: Exchange, what: str, asked: Mapping[str, Any], headers: Mapping[str, str]
) -> object:
    name = str(exchange.options.get("domain") or "").rpartition("://")[2].strip("/ ")
    if not name:
        raise AskingError("no_key")
    domain = name if "." in name else f"{name}{OWN_NAMES}"
    base = base_of(exchange.options.get("host"), HOST)
    said = json_of(
        answer_at_last(
            f"{base}/{quote(domain, '')}/{what}.json",
            headers={"content-type": "application/x-www-form-urlencoded", **headers},
            body=urlencode(asked).encode(),
        )[1]
    )
    if not isinstance(said, dict):
        raise AskingError("wrong_answer")
    if str(said.get("status")) != "1":
        # Of a wrong key it says so with 200.
        raise AskingError(
            "refused" if what == "auth" or said.get("isNotAuth") else "wrong_answer"
        )
    return said.get("data")
