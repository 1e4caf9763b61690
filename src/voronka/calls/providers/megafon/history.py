"""MegaFon's own record of calls, for what passed while nothing could reach us."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.hooks.request import Hook, stored
from voronka.calls.providers.asking import AskingError, answer_of, base_of, json_of, key_of
from voronka.calls.providers.generic.parser import ref_of_fields
from voronka.calls.providers.megafon.parser import keys_of
from voronka.foundation.sealing import unseal

FIELDS = {
    "uid": "callid", "client": "phone", "diversion": "diversion", "start": "start",
    "wait": "wait", "duration": "duration", "record": "link", "status": "status",
}  # fmt: skip
TYPES = {"in": "in", "out": "out", "missed": "in"}


def history(exchange: Exchange, since: datetime, until: datetime) -> list[CallEvent]:
    """Ask for the calls of a span of time; give them as events that are not stored yet.

    A row told again is the same event; one that has changed (a recording came) is another.
    Raises: AskingError.
    """
    _, key = keys_of(unseal(exchange.secret) if exchange.secret else "")
    key = key or key_of(exchange)
    base, headers = base_of(exchange.options.get("host")), {"X-API-KEY": key}
    asked = urlencode({"start": _text(since), "end": _text(until)})
    said = json_of(answer_of(f"{base}/crmapi/v1/history/json?{asked}", headers=headers)[1])
    if not isinstance(said, list):
        raise AskingError("wrong_answer")
    extensions = _extensions(base, headers) if said else {}
    rows = [row for row in said if isinstance(row, dict) and row.get("uid")]
    return [_event(exchange, row, extensions, until) for row in rows]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _extensions(base: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Give the extension of each login: the history names people by that."""
    try:
        said = json_of(answer_of(f"{base}/crmapi/v1/users", headers=headers)[1])
    except AskingError:
        # Calls without names are better than none.
        return {}
    rows = said.get("items") if isinstance(said, dict) else said
    if not isinstance(rows, list):
        return {}
    return {
        str(row.get("login") or row.get("name")): str(row["ext"])
        for row in rows
        if isinstance(row, dict) and row.get("ext")
    }


def _event(
    exchange: Exchange, row: Mapping[str, Any], extensions: Mapping[str, str], until: datetime
) -> CallEvent:
    fields = {ours: str(row[theirs]) for theirs, ours in FIELDS.items() if row.get(theirs)}
    user = str(row.get("user") or "")
    fields |= {"cmd": "history", "type": TYPES.get(str(row.get("type")), "")}
    fields["ext"] = extensions.get(user, user)
    body = urlencode(sorted(fields.items())).encode()
    hook = Hook(method="POST", suffix="history", at=until, body=body)
    return CallEvent(
        exchange=exchange,
        source="history",
        source_key=hashlib.sha256(body).hexdigest(),
        at=until,
        call_ref=ref_of_fields(fields),
        body=stored(hook, secrets=()),
    )
