"""MTS Autosecretary's own list of calls, trunk by trunk, and its recordings."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import (
    AskingError,
    answer_at_last,
    base_of,
    json_of,
    key_of,
)
from voronka.calls.providers.legs import is_same_number
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.mts import parser
from voronka.calls.providers.past import PAST
from voronka.calls.providers.whole import (
    Row,
    Whole,
    event_of_row,
    in_zone,
    row_of,
    rows_of,
    signals_of_whole,
    word,
)
from voronka.calls.signals import Signal

HOST, API = "https://aa.mts.ru", "/api/ac20/trunks"
ROWS_AT_ONCE, MOST_PAGES = 1000, 100
NO_CONTENT, INNER = 204, "1"
SHORTEST_TALK = 1.0
"""Seconds: a call that lasts no more than its wait and this was not answered."""


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask each trunk for its calls of at most ten days; give them as events not stored yet.

    Times are asked for in the zone of the cabinet. Raises: AskingError.
    """
    trunks = rows_of(_answer(exchange, "all", {}))
    span = {
        "Begin": in_zone(since, exchange.zone, "%Y-%m-%dT%H:%M:%S"),
        "End": in_zone(until, exchange.zone, "%Y-%m-%dT%H:%M:%S"),
    }
    found = []
    for trunk in trunks:
        if name := word(trunk, "trunkId"):
            for row in _rows(exchange, name, span):
                if ref := word(row, "callId", most=200):
                    told = {"trunkId": name, **row}
                    found.append(event_of_row(exchange, told, ref=ref, at=until))
    return found


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give where a recording lies, and the key to show there. `name`: trunk and call.

    Raises: AskingError.
    """
    trunk, sign, call = name.partition("/")
    if not sign or "://" in name:
        raise AskingError("wrong_answer")
    asked = {"Domain": _domain(exchange), "TrunkId": trunk, "CallId": call, "Type": "mp3"}
    base = base_of(exchange.options.get("host"), HOST)
    return f"{base}{API}/record?{urlencode(asked)}", _proof(exchange)


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event: a row of the list, or what the door has taken.

    Raises: as the parser.
    """
    if event.source != PAST:
        yield from parser.signals_of(exchange, event)
        return
    yield from signals_of_whole(whole_of(row_of(event), exchange, event.at))


def whole_of(row: Row, exchange: Exchange, near: datetime) -> Whole:
    """Read a row: `an` calls `dn` by way of `via`; who of them is ours the numbers tell.

    Raises: ValueError when it is not told when the call began.
    """
    began = moment_of(word(row, "startTime"), zone=exchange.zone, near=near)
    if began is None:
        raise ValueError("no beginning")
    known = exchange.options.get("numbers") or {}
    caller, called, via = (parser.in_full(word(row, name)) for name in ("an", "dn", "via"))
    by_us = parser.extension_of(known, caller)
    if not by_us and via and is_same_number(via, caller):
        # A number of ours calls out by itself.
        by_us = caller
    own = parser.extension_of(known, called) or called
    to_us = "" if by_us or is_same_number(called, via) else own
    length = seconds_of(word(row, "duration")) or 0.0
    talk = length - (seconds_of(word(row, "wait")) or 0.0)
    is_internal = word(row, "rel") == INNER
    name = f"{word(row, 'trunkId')}/{word(row, 'callId', most=200)}"
    is_recorded = (seconds_of(word(row, "recDur")) or 0.0) > 0
    return Whole(
        direction="internal" if is_internal else "out" if by_us else "in",
        number="" if is_internal else called if by_us else caller,
        began_at=began,
        ended_at=began + length,
        line="" if is_internal else via,
        caller=by_us or (caller if is_internal else ""),
        people=(own,) if is_internal else (to_us,) if to_us else (),
        taker=own if is_internal else to_us,
        talk=talk if talk > SHORTEST_TALK else 0.0,
        recording=name if is_recorded else "",
    )


def _rows(exchange: Exchange, trunk: str, span: Mapping[str, str]) -> Iterator[Row]:
    for page in range(MOST_PAGES):
        asked = {
            "TrunkId": trunk,
            **span,
            "Limit": str(ROWS_AT_ONCE),
            "Offset": str(page * ROWS_AT_ONCE),
        }
        rows = rows_of(_answer(exchange, "statistics", asked))
        yield from rows
        if len(rows) < ROWS_AT_ONCE:
            return
    raise AskingError("too_long")


def _domain(exchange: Exchange) -> str:
    domain = str(exchange.options.get("domain") or "").strip()
    if not domain:
        raise AskingError("no_key")
    return domain


def _proof(exchange: Exchange) -> dict[str, str]:
    return {"Authorization": f"Bearer {key_of(exchange)}", "accept": "application/json"}


def _answer(exchange: Exchange, what: str, asked: Mapping[str, str]) -> object:
    """Ask for a list; where there is nothing it says so with 204."""
    query = urlencode({"Domain": _domain(exchange), **asked})
    base = base_of(exchange.options.get("host"), HOST)
    url = f"{base}{API}/{what}?{query}"
    status, said = answer_at_last(url, headers=_proof(exchange))
    return [] if status == NO_CONTENT else json_of(said)
