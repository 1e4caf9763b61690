"""Mango Office's own record of calls, and where a recording lies."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import AskingError, answer_of, base_of, json_of, moved_to
from voronka.calls.providers.mango import parser
from voronka.calls.providers.moments import moment_of
from voronka.calls.providers.telling import number_of, short_ref
from voronka.calls.signals import Signal
from voronka.foundation.sealing import unseal

HOST = "https://app.mango-office.ru/vpbx"
FIELDS = (
    "records", "start", "finish", "answer", "from_extension", "from_number", "to_extension",
    "to_number", "disconnect_reason", "line_number", "location", "entry_id",
)  # fmt: skip
LONGEST, PAUSE_SECONDS, MOST_LOOKS = timedelta(days=31), 5.0, 24
"""A record of at most a month; it may be looked for every five seconds, and not more often."""


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of at most a month; give their legs as events not stored yet.

    It waits until the record is made, two minutes at most. A row told again is the same
    event. Raises: AskingError.
    """
    if until - since > LONGEST:
        raise AskingError("too_long")
    asked = {
        "date_from": int(since.timestamp()),
        "date_to": int(until.timestamp()),
        "fields": ",".join(FIELDS),
    }
    url, headers, body = _signed(exchange, "stats/request", asked)
    said = json_of(answer_of(url, headers=headers, body=body)[1])
    if not isinstance(said, dict) or not said.get("key"):
        raise AskingError("wrong_answer")
    text = _made(exchange, str(said["key"]))
    rows = [line.rstrip("\r").split(";") for line in text.split("\n") if line.strip()]
    told = [dict(zip(FIELDS, row, strict=True)) for row in rows if len(row) == len(FIELDS)]
    if len(told) < len(rows):
        raise AskingError("wrong_answer")
    return [_event(exchange, row, until) for row in told if row["entry_id"]]


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give where a recording lies, for one fetch, and what to say there: nothing.

    Raises: AskingError.
    """
    asked = {"recording_id": name, "action": "download"}
    url, headers, body = _signed(exchange, "queries/recording/post", asked)
    return moved_to(url, headers=headers, body=body), {}


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event: a row of the record, or what the door has taken.

    Raises: as the parser.
    """
    if event.source != "history":
        yield from parser.signals_of(exchange, event)
        return
    row = json.loads(event.body)
    times = {
        name: moment_of(str(row[name]), zone=exchange.zone, near=event.at)
        for name in ("start", "answer", "finish")
    }
    finish = times["finish"] or times["start"] or event.at.timestamp()
    leg = _leg(row, times["start"] or finish)
    states = (("Appeared", times["start"]), ("Connected", times["answer"]))
    for seq, (state, at) in enumerate((*states, ("Disconnected", finish)), start=1):
        if at is not None:
            yield from parser.of_leg(replace(leg, state=state, at=at, seq=seq))
    yield Signal(kind="closed", at=finish, order=parser.TOP_SEQ * parser.PLACES)
    for one in row["records"].strip("[]").split(","):
        if name := short_ref(one):
            yield Signal(kind="recording", at=finish, name=name)


def _leg(row: Mapping[str, str], at: float) -> parser.Leg:
    caller, called = (
        {"extension": row[f"{side}_extension"], "number": row[f"{side}_number"]}
        for side in ("from", "to")
    )
    return parser.Leg(
        ref=short_ref(f"row {at:.0f} {row['from_extension']} {row['to_extension']}"),
        at=at,
        seq=0,
        state="",
        place=row["location"],
        caller=number_of(caller["number"]),
        called=number_of(called["number"]),
        from_extension=number_of(caller["extension"]),
        to_extension=number_of(called["extension"]),
        line=number_of(row["line_number"]),
        cause=parser.cause_of(row["disconnect_reason"]),
        direction=parser.direction_of({}, caller, called),
    )


def _made(exchange: Exchange, key: str) -> str:
    for _ in range(MOST_LOOKS):
        url, headers, body = _signed(exchange, "stats/result", {"key": key})
        status, said = answer_of(url, headers=headers, body=body)
        if status != 204:
            try:
                return said.decode("utf-8")
            except UnicodeDecodeError as error:
                raise AskingError("wrong_answer") from error
        time.sleep(PAUSE_SECONDS)
    raise AskingError("unreachable")


def _signed(
    exchange: Exchange, path: str, asked: Mapping[str, Any]
) -> tuple[str, dict[str, str], bytes]:
    key = str(exchange.options.get("login") or "")
    salt = unseal(exchange.secret) if exchange.secret else ""
    if not key or not salt:
        raise AskingError("no_key")
    said = json.dumps(asked)
    sign = hashlib.sha256(f"{key}{said}{salt}".encode()).hexdigest()
    body = urlencode({"vpbx_api_key": key, "sign": sign, "json": said}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return f"{base_of(exchange.options.get('host'), HOST)}/{path}", headers, body


def _event(exchange: Exchange, row: Mapping[str, str], until: datetime) -> CallEvent:
    body = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return CallEvent(
        exchange=exchange,
        source="history",
        source_key=hashlib.sha256(body.encode()).hexdigest(),
        at=until,
        call_ref=short_ref(row["entry_id"]),
        body=body,
    )
