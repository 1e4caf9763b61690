"""Sipuni's own list of calls: a table that it makes for a span of days."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers.asking import AskingError, answer_at_last, base_of, key_of
from voronka.calls.providers.legs import is_extension, is_same_number
from voronka.calls.providers.moments import moment_of, seconds_of
from voronka.calls.providers.past import PAST
from voronka.calls.providers.sipuni import parser
from voronka.calls.providers.whole import (
    Row,
    Whole,
    event_of_row,
    in_zone,
    row_of,
    signals_of_whole,
    word,
)
from voronka.calls.signals import Signal, UnreadableError

HOST, PATH = "https://sipuni.com", "/api/statistic/export"
PAUSES = (2.0, 10.0)
ORDER = (
    "anonymous", "firstTime", "from", "fromNumber", "state", "to", "toAnswer", "toNumber",
    "tree", "type", "user",
)  # fmt: skip
"""What is asked, in the order in which it is signed."""
ALL = {"anonymous": "1", "firstTime": "0", "state": "0", "type": "0"}
TYPE, STATUS, TIME = "тип", "статус", "время"
FROM, TO, TAKER, RUNG = "откуда", "куда", "кто ответил", "кому звонили"
TALKER, LINE, REF = "кто разговаривал", "исходящая линия", "id записи"
WHOLE, TALK = "длительность звонка", "длительность разговора"
WANTED = {TYPE, STATUS, TIME, FROM, TO, TAKER, REF}
STATUSES = {
    "отвечен": "", "не отвечен": "", "пропущен": "", "занят": "busy", "занято": "busy",
    "отменен": "cancelled", "сброшен": "cancelled", "недоступен": "unreachable",
    "ошибка": "unreachable",
}  # fmt: skip
_WITH_NAME = re.compile(r"\s*\(.*")


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of at most a week; give them as events not stored yet.

    It is asked for whole days in the zone of the cabinet. Raises: AskingError.
    """
    last = until - timedelta(microseconds=1)
    rows = _rows(_table(exchange, since, max(since, last)))
    return [
        event_of_row(exchange, row, ref=ref, at=until)
        for row in rows
        if (ref := word(row, REF, most=200))
    ]


def signals_of(exchange: Exchange, event: CallEvent) -> Iterator[Signal]:
    """Translate one stored event: a row of the table, or what the door has taken.

    Raises: as the parser.
    """
    if event.source != PAST:
        yield from parser.signals_of(exchange, event)
        return
    row = row_of(event)
    yield from signals_of_whole(whole_of(row, exchange, event.at))
    if _status(row) not in STATUSES:
        raise UnreadableError("unknown_status")


def whole_of(row: Row, exchange: Exchange, near: datetime) -> Whole:
    """Read a row: its moment is told as 02.03.2026 12:00:00, a number may have a name after it.

    Raises: ValueError when it is not told when the call began.
    """
    began = moment_of(_iso(word(row, TIME)), zone=exchange.zone, near=near)
    if began is None:
        raise ValueError("no beginning")
    caller, called = _number(row, FROM), _number(row, TO)
    way = _way(row, caller, called)
    talk = seconds_of(_starting(row, TALK)) or 0.0
    taker = _number(row, TALKER) or _number(row, TAKER)
    is_person = is_extension(called) and way != "out"
    people = [one for one in _numbers(row, RUNG) if not is_same_number(one, called)]
    people += [called] if is_person else []
    if way == "out":
        # The answer is the client's: who calls is on the left.
        taker, people = "", []
    own = caller if is_extension(caller) else _number(row, TAKER)
    return Whole(
        direction=way,
        number={"in": caller, "out": called}.get(way, ""),
        began_at=began,
        ended_at=began + (seconds_of(_starting(row, WHOLE)) or talk),
        line=(_number(row, LINE) if way == "out" else "" if is_person else called),
        caller=own if way == "out" else caller if way == "internal" else "",
        people=tuple(dict.fromkeys(people)),
        taker=taker if talk and way != "out" else called if way == "internal" else "",
        talk=talk,
        cause=STATUSES.get(_status(row), ""),
    )


def _way(row: Row, caller: str, called: str) -> str:
    told = word(row, TYPE).lower()
    if "внутр" in told or (is_extension(caller) and is_extension(called)):
        return "internal"
    if "исход" in told:
        return "out"
    return "in" if "вход" in told or not is_extension(caller) else "out"


def _status(row: Row) -> str:
    return word(row, STATUS).lower().replace("ё", "е")


def _number(row: Row, name: str) -> str:
    return _WITH_NAME.sub("", word(row, name, most=100))[:40]


def _numbers(row: Row, name: str) -> list[str]:
    told = re.split(r"[,;&|]", word(row, name, most=1000))
    return [one for part in told if (one := _WITH_NAME.sub("", part.strip())[:40])]


def _starting(row: Row, name: str) -> str:
    """Give what stands in the column that begins so: of some the unit follows the name."""
    return next((word(row, key) for key in row if key.startswith(name)), "")


def _iso(text: str) -> str:
    found = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d(:\d\d)?)", text)
    return f"{found[3]}-{found[2]}-{found[1]}T{found[4]}" if found else text


def _table(exchange: Exchange, since: datetime, until: datetime) -> str:
    user = str(exchange.options.get("login") or "").strip()
    key = key_of(exchange)
    if not user:
        raise AskingError("no_key")
    days = {
        name: in_zone(moment, exchange.zone, "%d.%m.%Y")
        for name, moment in (("from", since), ("to", until))
    }
    asked = dict.fromkeys(ORDER, "") | ALL | days | {"user": user}
    # Their scheme of signing is MD5, there is no other.
    said = "+".join([*(asked[name] for name in ORDER), key])
    asked["hash"] = hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()
    _, told = answer_at_last(
        f"{base_of(exchange.options.get('host'), HOST)}{PATH}",
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=urlencode(asked).encode(),
        pauses=PAUSES,
    )
    try:
        return told.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AskingError("wrong_answer") from error


def _rows(text: str) -> list[dict[str, str]]:
    """Read the table; its columns are found by their names, for their order differs."""
    if text.lstrip().startswith("{"):
        # A wrong signature is told by JSON in the place of a table.
        raise AskingError("refused")
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    except csv.Error as error:
        raise AskingError("wrong_answer") from error
    names = [name.strip().lower() for name in lines[0]] if lines else []
    if not set(names) >= WANTED:
        raise AskingError("wrong_answer")
    return [dict(zip(names, line, strict=False)) for line in lines[1:] if line]
