"""Zadarma and Novofon: their own list of calls of the virtual exchange."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import AskingError, answer_at_last, base_of, json_of
from voronka.calls.providers.legs import is_extension, is_same_number, short_ref
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.past import PAST
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
from voronka.calls.providers.zadarma import parser
from voronka.calls.providers.zadarma.recordings import HOST, signature
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.sealing import unseal

PATH, ROWS_AT_ONCE, MOST_PAGES = "/v1/statistics/pbx/", 1000, 100
PAUSES = (21.0,)
"""Statistics may be asked for three times a minute."""
_IN_BRACKETS = re.compile(r"<([^<>]*)>")
_OF_LOGIN = re.compile(r"\d{5,}-(\d{1,4})")


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of at most a month; give them as events not stored yet.

    Times are told and asked for in the zone of the cabinet. Raises: AskingError.
    """
    found: list[CallEvent] = []
    for page in range(MOST_PAGES):
        asked = {
            "end": in_zone(until, exchange.zone),
            "format": "json",
            "limit": str(ROWS_AT_ONCE),
            "skip": str(page * ROWS_AT_ONCE),
            "start": in_zone(since, exchange.zone),
            "version": "2",
        }
        said = rows_of(_answer(exchange, urlencode(asked)))
        named = [(word(row, "pbx_call_id", most=200), row) for row in said]
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
    row = row_of(event)
    yield from signals_of_whole(whole_of(row, exchange, event.at))
    if _disposition(row) not in parser.CAUSES:
        raise UnreadableError("unknown_status")


def whole_of(row: Row, exchange: Exchange, near: datetime) -> Whole:
    """Read a row. Whose which number is, the sides tell by length: ours are short.

    The wait is not told: the call begins with the talk. Raises: ValueError when it is not
    told when the call began.
    """
    began = moment_of(word(row, "callstart"), zone=exchange.zone, near=near)
    if began is None:
        raise ValueError("no beginning")
    is_out = word(row, "pbx_call_id").startswith("out_")
    caller, called, login = (_number(row, name) for name in ("clid", "destination", "sip"))
    sides = (login, caller) if is_out else (called, login)
    own = next((one for one in sides if is_extension(one) and one.strip("0")), "")
    number = called if is_out else caller
    is_internal = is_extension(caller) and is_extension(called)
    lines = [one for one in ((caller,) if is_out else sides) if _is_line(one)]
    seconds = seconds_of(word(row, "seconds")) or 0.0
    recording = short_ref(word(row, "call_id")) if is_said(row, "is_recorded") else ""
    return Whole(
        direction="internal" if is_internal else "out" if is_out else "in",
        number="" if is_internal or number.strip("+0") == "" else number,
        began_at=began,
        ended_at=began + seconds,
        line=next((one for one in lines if not is_same_number(one, number)), ""),
        caller=caller if is_internal else own if is_out else "",
        people=(called,) if is_internal else () if is_out or not own else (own,),
        taker=called if is_internal else "" if is_out else own,
        talk=seconds if _disposition(row) == "answered" else 0.0,
        cause=parser.CAUSES.get(_disposition(row), ""),
        recording=recording,
    )


def _disposition(row: Row) -> str:
    return word(row, "disposition").lower()


def _number(row: Row, name: str) -> str:
    """Give a number of what may stand with a name, or 100 of the login 12345-100."""
    text = word(row, name, most=100)
    found = _IN_BRACKETS.search(text)
    number = (found[1] if found else text.partition("(")[0]).strip()[:40]
    login = _OF_LOGIN.fullmatch(number)
    return login[1] if login else number


def _is_line(number: str) -> bool:
    return bool(number.strip("+0")) and not is_extension(number)


def _answer(exchange: Exchange, query: str) -> object:
    key = str(exchange.options.get("login") or "").strip()
    secret = unseal(exchange.secret) if exchange.secret else ""
    if not key or not secret:
        raise AskingError("no_key")
    said = json_of(
        answer_at_last(
            f"{base_of(exchange.options.get('host'), HOST)}{PATH}?{query}",
            headers={"Authorization": f"{key}:{signature(PATH, query, secret)}"},
            pauses=PAUSES,
        )[1]
    )
    if not isinstance(said, dict):
        raise AskingError("wrong_answer")
    if said.get("status") != "success":
        told = word(said, "message", most=300).lower()
        is_key = "author" in told or "key" in told
        raise AskingError(
            "too_many" if "limit" in told else "refused" if is_key else "wrong_answer"
        )
    return said.get("stats")
