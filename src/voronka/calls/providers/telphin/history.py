"""Telphin's own list of calls, and where a recording lies for a while."""

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
from voronka.calls.providers.legs import is_extension
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.past import PAST
from voronka.calls.providers.telphin import parser
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

HOST, OWN = "https://apiproxy.telphin.ru", "/api/ver1.0/client/@me"
ROWS_AT_ONCE, MOST_PAGES = 100, 1000
CAUSES = {"busy": "busy", "rejected": "rejected", "failed": "unreachable"}
PHONE = "phone"


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of a span of time; give them as events not stored yet.

    Times are told and asked for in UTC. Raises: AskingError.
    """
    headers = _proof(exchange)
    found: dict[str, Row] = {}
    for page in range(1, MOST_PAGES + 1):
        asked = {
            "start_datetime": in_zone(since, "UTC"),
            "end_datetime": in_zone(until, "UTC"),
            "order": "asc",
            "page": page,
            "per_page": ROWS_AT_ONCE,
        }
        said = _answer(exchange, f"{OWN}/call_history/?{urlencode(asked)}", headers)
        listed = said.get("call_history", said.get("calls")) if isinstance(said, dict) else said
        rows = rows_of(listed)
        new = {ref: row for row in rows if (ref := word(row, "call_uuid", most=200))}
        is_news = new.keys() - found.keys()
        found |= new
        if len(rows) < ROWS_AT_ONCE or not is_news:
            return [
                event_of_row(exchange, row, ref=ref, at=until) for ref, row in found.items()
            ]
    raise AskingError("too_long")


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give where a recording lies: as an event said, or asked for by its name.

    Raises: AskingError.
    """
    if "://" in name:
        return name, {}
    place = f"{OWN}/record/{quote(name, '')}/storage_url/"
    said = _answer(exchange, place, _proof(exchange))
    link = said.get("record_url") if isinstance(said, dict) else None
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
    yield from signals_of_whole(whole_of(row_of(event), event.at))


def whole_of(row: Row, near: datetime) -> Whole:
    """Read a row. Of a call that was passed on the last one has the whole talk.

    Raises: ValueError when it is not told when the call began.
    """
    began, ended = (
        next((at for name in names if (at := _moment(row, name, near)) is not None), None)
        for names in (("init_time_gmt", "start_time_gmt"), ("hangup_time_gmt",))
    )
    if began is None:
        raise ValueError("no beginning")
    caller, called = _short(word(row, "from_username")), _short(word(row, "to_username"))
    is_internal = is_extension(caller) and is_extension(called)
    is_out = word(row, "flow").lower() == "out" and not is_internal
    legs = _phones(row)
    taker = next(
        (one for one in (_short(word(row, "bridged_username")), *_answering(legs)) if one), ""
    )
    rung = [_short(word(leg, "to_username")) for leg in legs]
    people = [one for one in (*rung, called) if is_extension(one)]
    return Whole(
        direction="internal" if is_internal else "out" if is_out else "in",
        number="" if is_internal else called if is_out else caller,
        began_at=began,
        ended_at=began + (seconds_of(word(row, "duration")) or 0.0) if ended is None else ended,
        line="" if is_out else _line(row, called),
        caller=caller if is_out or is_internal else "",
        people=() if is_out else tuple(dict.fromkeys(people)),
        taker=taker if is_extension(taker) else people[-1] if people else "",
        talk=seconds_of(word(row, "bridged_duration")) or 0.0,
        cause=CAUSES.get(word(row, "result").lower(), ""),
        recording=next((name for leg in legs if (name := word(leg, "record_uuid"))), ""),
    )


def _phones(row: Row) -> list[dict[str, Any]]:
    listed = row.get("cdr")
    legs = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [leg for leg in legs if leg.get("extension_type") == PHONE]


def _answering(legs: list[dict[str, Any]]) -> Iterator[str]:
    for leg in reversed(legs):
        if word(leg, "result").lower() in ("answered", "bridged"):
            yield _short(word(leg, "to_username"))


def _line(row: Row, called: str) -> str:
    line = word(row, "did_number")
    return line or ("" if is_extension(called) else called)


def _moment(row: Row, name: str, near: datetime) -> float | None:
    return moment_of(word(row, name), zone="UTC", near=near)


def _short(extension: str) -> str:
    """Give 101 of 0003*101 or of 0003*101@host."""
    return extension.partition("@")[0].rpartition("*")[2]


def _proof(exchange: Exchange) -> dict[str, str]:
    asked = {
        "grant_type": "client_credentials",
        "client_id": str(exchange.options.get("login") or "").strip(),
        "client_secret": key_of(exchange),
        "scope": "all",
    }
    if not asked["client_id"]:
        raise AskingError("no_key")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    try:
        said = _answer(exchange, "/oauth/token", headers, urlencode(asked).encode())
    except AskingError as error:
        # An application that is not known is refused with 400.
        is_ours = error.code == "wrong_answer"
        raise AskingError("refused" if is_ours else error.code) from error
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token.isprintable():
        raise AskingError("refused")
    return {"Authorization": f"Bearer {token}"}


def _answer(
    exchange: Exchange, place: str, headers: Mapping[str, str], body: bytes | None = None
) -> Any:
    base = base_of(exchange.options.get("host"), HOST)
    return json_of(answer_at_last(f"{base}{place}", headers=headers, body=body)[1])
