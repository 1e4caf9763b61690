"""UIS, CoMagic, CallGear: their own list of calls, by the Data API."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import (
    AskingError,
    answer_at_last,
    base_of,
    json_of,
    key_of,
)
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.past import PAST
from voronka.calls.providers.uis import parser
from voronka.calls.providers.whole import (
    Row,
    Whole,
    event_of_row,
    in_zone,
    is_said,
    row_of,
    rows_of,
    signals_of_whole,
    word,
)
from voronka.calls.signals import Signal

HOST = "https://dataapi.uiscom.ru"
ROWS_AT_ONCE, MOST_PAGES = 1000, 300
FIELDS = (
    "id", "start_time", "finish_time", "direction", "is_lost", "contact_phone_number",
    "virtual_phone_number", "wait_duration", "talk_duration", "total_duration", "employees",
    "last_talked_employee_id", "first_answered_employee_id", "full_record_file_link",
)  # fmt: skip
REFUSED, TOO_MANY = (-32001, -32003), (-32029,)


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of at most three months; give them as events not stored yet.

    Times are told and asked for in the zone of the cabinet. Raises: AskingError.
    """
    asked = {
        "access_token": key_of(exchange),
        "date_from": in_zone(since, exchange.zone),
        "date_till": in_zone(until, exchange.zone),
        "limit": ROWS_AT_ONCE,
        "fields": FIELDS,
        "sort": [{"field": "id", "order": "asc"}],
    }
    found: list[CallEvent] = []
    for page in range(MOST_PAGES):
        said = rows_of(_answer(exchange, asked | {"offset": page * ROWS_AT_ONCE}))
        named = [(word(row, "id"), row) for row in said]
        found += [event_of_row(exchange, row, ref=ref, at=until) for ref, row in named if ref]
        if len(said) < ROWS_AT_ONCE:
            return found
    raise AskingError("too_long")


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
    began, finished = (
        moment_of(word(row, name), zone=exchange.zone, near=near)
        for name in ("start_time", "finish_time")
    )
    if began is None:
        raise ValueError("no beginning")
    is_out = word(row, "direction").lower() == "out"
    talk = seconds_of(word(row, "talk_duration")) or 0.0
    people, talkers = _people(row, exchange)
    whole = seconds_of(word(row, "total_duration"))
    if whole is None:
        whole = (seconds_of(word(row, "wait_duration")) or 0.0) + talk
    caller = next(iter((*talkers, *people)), "") if is_out else ""
    return Whole(
        direction="out" if is_out else "in",
        number=word(row, "contact_phone_number"),
        began_at=began,
        ended_at=began + whole if finished is None else finished,
        line=word(row, "virtual_phone_number"),
        caller=caller,
        people=() if is_out else people,
        taker=talkers[-1] if talkers and talk and not is_out else "",
        talk=talk,
        recording=word(row, "full_record_file_link", most=1000),
    )


def _people(row: Row, exchange: Exchange) -> tuple[list[str], list[str]]:
    """Give who took part in a call, and who of them talked: extensions of the field people."""
    known = exchange.options.get("people") or {}
    listed = row.get("employees")
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    ids = [word(one, "employee_id") for one in rows]
    talked = [word(one, "employee_id") for one in rows if is_said(one, "is_talked")]
    talked = talked or [word(one, "employee_id") for one in rows if is_said(one, "is_answered")]
    last = word(row, "last_talked_employee_id", "first_answered_employee_id")
    if last and is_said(row, "is_lost"):
        last = ""
    talked = [one for one in talked if one != last] + ([last] if last else [])
    return (
        [str(known.get(one, one))[:40] for one in (*ids, last) if one],
        [str(known.get(one, one))[:40] for one in talked if one],
    )


def _answer(exchange: Exchange, asked: Mapping[str, Any]) -> object:
    body = {"jsonrpc": "2.0", "id": 1, "method": "get.calls_report", "params": asked}
    said = json_of(
        answer_at_last(
            f"{base_of(exchange.options.get('host'), HOST)}/v2.0",
            headers={"content-type": "application/json; charset=UTF-8"},
            body=json.dumps(body).encode(),
        )[1]
    )
    if not isinstance(said, dict):
        raise AskingError("wrong_answer")
    if problem := said.get("error"):
        raise AskingError(_code_of(problem))
    result = said.get("result")
    return result.get("data") if isinstance(result, dict) else None


def _code_of(problem: object) -> str:
    """Say what a refusal by JSON-RPC means: it comes with 200."""
    if not isinstance(problem, dict):
        return "wrong_answer"
    data = problem.get("data")
    told = str(data.get("mnemonic") if isinstance(data, dict) else "").lower()
    if problem.get("code") in REFUSED or "token" in told or "auth" in told:
        return "refused"
    return "too_many" if problem.get("code") in TOO_MANY or "limit" in told else "wrong_answer"
