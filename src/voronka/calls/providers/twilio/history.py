"""Twilio's own list of calls: each leg as the two states by which it began and ended."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote, urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.providers.asking import AskingError, answer_at_last, base_of, json_of
from voronka.calls.providers.past import PAST
from voronka.calls.providers.twilio.parser import ref_of_fields
from voronka.calls.providers.whole import Row, rows_of, word
from voronka.foundation.sealing import unseal

HOST, ROWS_AT_ONCE, MOST_PAGES = "https://api.twilio.com", 1000, 500
ENDS = ("completed", "busy", "no-answer", "failed", "canceled")
Answers = Iterator[tuple[dict[str, str], datetime]]


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of a span of time; give their legs as events not stored yet.

    Whole days are asked for, in UTC as Twilio keeps them. A recording list that is refused
    takes no calls away. Raises: AskingError.
    """
    rows = list(_rows(exchange, "Calls", "StartTime", since, until))
    told = [one for row in rows for one in _leg(row)]
    if rows:
        try:
            for row in _rows(exchange, "Recordings", "DateCreated", since, until):
                told += _recording(row)
        except AskingError:
            pass
    return [_event(exchange, fields, at) for fields, at in told]


def _rows(
    exchange: Exchange, what: str, by: str, since: datetime, until: datetime
) -> Iterator[Row]:
    account = str(exchange.options.get("login") or "").strip()
    token = unseal(exchange.secret) if exchange.secret else ""
    if not account or not token:
        raise AskingError("no_key")
    proof = base64.b64encode(f"{account}:{token}".encode()).decode()
    base = base_of(exchange.options.get("host"), HOST)
    begin, end = (moment.astimezone(UTC).date().isoformat() for moment in (since, until))
    asked = {f"{by}>": begin, f"{by}<": end, "PageSize": str(ROWS_AT_ONCE)}
    place = f"/2010-04-01/Accounts/{quote(account, '')}/{what}.json?{urlencode(asked)}"
    for _ in range(MOST_PAGES):
        headers = {"Authorization": f"Basic {proof}"}
        said = json_of(answer_at_last(f"{base}{place}", headers=headers)[1])
        if not isinstance(said, dict):
            raise AskingError("wrong_answer")
        yield from rows_of(said.get(what.lower()))
        place = str(said.get("next_page_uri") or "")
        if not place:
            return
        # The proof goes on to the same server only.
        if not place.startswith("/2010-04-01/"):
            raise AskingError("wrong_answer")
    raise AskingError("too_long")


def _leg(row: Row) -> Answers:
    began = _moment(word(row, "date_created")) or _moment(word(row, "start_time"))
    ended = _moment(word(row, "end_time")) or _moment(word(row, "date_updated")) or began
    if not word(row, "sid") or began is None or ended is None:
        return
    fields = {
        "CallSid": word(row, "sid"),
        "ParentCallSid": word(row, "parent_call_sid"),
        "From": word(row, "from", most=100),
        "To": word(row, "to", most=100),
        "Direction": word(row, "direction"),
    }
    yield _state(fields, "initiated", began), began
    if word(row, "status") in ENDS:
        more = {"CallDuration": word(row, "duration")}
        yield _state(fields | more, word(row, "status"), ended), ended


def _state(fields: Mapping[str, str], state: str, at: datetime) -> dict[str, str]:
    return {**fields, "CallStatus": state, "Timestamp": format_datetime(at)}


def _recording(row: Row) -> Answers:
    at = _moment(word(row, "date_created"))
    place = word(row, "uri", most=500).removesuffix(".json")
    if at is not None and word(row, "call_sid") and place.startswith("/2010-04-01/"):
        yield (
            {
                "CallSid": word(row, "call_sid"),
                "RecordingSid": word(row, "sid"),
                "RecordingUrl": f"{HOST}{place}",
                "RecordingStatus": word(row, "status"),
            },
            at,
        )


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _event(exchange: Exchange, fields: Mapping[str, str], at: datetime) -> CallEvent:
    body = json.dumps(fields, sort_keys=True).encode()
    hook = Hook(method="POST", suffix=PAST, at=at, body=body)
    return CallEvent(
        exchange=exchange,
        source=PAST,
        source_key=hashlib.sha256(body).hexdigest(),
        at=at,
        call_ref=ref_of_fields({name.lower(): value for name, value in fields.items()}),
        body=stored(hook, secrets=()),
    )
