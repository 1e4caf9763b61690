"""Beeline's statistics: they name no call and no caller, so calls are only counted."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import (
    AskingError,
    answer_at_last,
    base_of,
    json_of,
    key_of,
)
from voronka.calls.providers.legs import is_extension
from voronka.calls.providers.moments import moment_of
from voronka.calls.providers.whole import Row, rows_of, word

HOST, PATH = "https://cloudpbx.beeline.ru", "/apis/portal/v2/statistics"
ROWS_AT_ONCE, MOST_PAGES = 100, 1000
ONE_CALL_SECONDS = 3.0
"""A group that is rung makes a row for each telephone: so near rows are one call."""


def count(exchange: Exchange, since: datetime, until: datetime) -> int:
    """Ask how many calls with clients began in a span of time, as far as rows tell them apart.

    Raises: AskingError.
    """
    headers = {"X-MPBX-API-AUTH-TOKEN": key_of(exchange), "accept": "application/json"}
    base = base_of(exchange.options.get("host"), HOST)
    rows: list[Row] = []
    for page in range(MOST_PAGES):
        asked = {
            "dateFrom": _iso(since),
            "dateTo": _iso(until),
            "page": page,
            "pageSize": ROWS_AT_ONCE,
        }
        answer = answer_at_last(f"{base}{PATH}?{urlencode(asked)}", headers=headers)
        said = rows_of(json_of(answer[1]))
        rows += said
        if len(said) < ROWS_AT_ONCE:
            return calls_in(rows, since, until)
    raise AskingError("too_long")


def calls_in(rows: Iterable[Row], since: datetime, until: datetime) -> int:
    """Count calls with clients: rows of one number, one way, within three seconds are one."""
    moments: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in rows:
        at = moment_of(word(row, "startDate"), zone="UTC", near=until)
        way = word(row, "direction").upper()
        number = word(row, "phone_from" if way == "INBOUND" else "phone_to", "phone")
        is_of = at is not None and since.timestamp() <= at < until.timestamp()
        if at is not None and is_of and not is_extension(number):
            moments[way, number].append(at)
    return sum(_apart(sorted(those)) for those in moments.values())


def _apart(moments: list[float]) -> int:
    n, last = 0, float("-inf")
    for at in moments:
        n += at - last > ONE_CALL_SECONDS
        last = at
    return n


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
