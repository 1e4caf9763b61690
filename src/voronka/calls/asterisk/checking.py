"""A look at an Asterisk before anybody relies on it: does it answer, what is in its record."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from voronka.calls.asterisk.ami import Ami, AmiProblemError
from voronka.calls.asterisk.cel import moment_of
from voronka.calls.asterisk.endpoints import Endpoints, endpoint_of
from voronka.calls.asterisk.past import latest_rows
from voronka.calls.asterisk.reading import endpoints_of
from voronka.calls.asterisk.record import address_of
from voronka.calls.asterisk.record_doors import RecordProblemError
from voronka.calls.exchange_models import Exchange
from voronka.foundation.errors import RefusalError
from voronka.foundation.sealing import LostKeyError, unseal

LATEST, TOP_ENDPOINTS = 5000, 200
SHOWN_ROLES = {"client": "trunk", "person": "person"}


class DemoClosedError(RefusalError):
    """In the demonstration nothing outside is looked at: anybody may be its administrator."""

    code = "demo_closed"


@dataclass(frozen=True, slots=True)
class Seen:
    """An endpoint. `role`: trunk, person or ignore; `is_said`: the administrator said so.

    `channels`: how many of its channels are among the latest rows; 0: only in the table.
    """

    name: str
    role: str
    extension: str
    is_said: bool
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How it fares. `line`, `record`: a problem's code, "" when all is well, None when there
    is none to try. `version`: "" where it may not be asked. `rows`: looked at, the latest.
    """

    line: str | None
    version: str
    record: str | None
    rows: int
    last_at: datetime | None
    endpoints: list[Seen]


def check(exchange: Exchange) -> Checked:
    """Sign in, ask for the version, look at the record; it takes ten seconds at most.

    Raises: DemoClosedError.
    """
    if settings.IS_DEMO:
        raise DemoClosedError
    line, version = _line(exchange)
    record, rows = _record(exchange)
    moments = [at for row in rows if (at := _moment(row["eventtime"]))]
    return Checked(
        line=line,
        version=version,
        record=record,
        rows=len(rows),
        last_at=max(moments, default=None),
        endpoints=_endpoints(exchange, rows),
    )


def _line(exchange: Exchange) -> tuple[str | None, str]:
    options = exchange.options
    if not options.get("host"):
        return None, ""
    try:
        ami = Ami(
            str(options["host"]),
            int(options.get("port", 5038)),
            login=str(options.get("login", "")),
            password=unseal(exchange.secret) if exchange.secret else "",
        )
    except LostKeyError:
        return "lost_key", ""
    except AmiProblemError as error:
        return error.code, ""
    try:
        return "", ami.act("CoreSettings").get("AsteriskVersion", "")
    except AmiProblemError as error:
        # To ask for the version is a right of its own, and nothing else needs it.
        return "" if error.code == "refused" else error.code, ""
    finally:
        ami.close()


def _record(exchange: Exchange) -> tuple[str | None, list[dict[str, Any]]]:
    address = address_of(exchange)
    if not address:
        return None, []
    try:
        return "", latest_rows(address, LATEST)
    except RecordProblemError as error:
        return error.code, []


def _endpoints(exchange: Exchange, rows: list[dict[str, Any]]) -> list[Seen]:
    table: dict[str, dict[str, Any]] = exchange.options.get("endpoints", {})
    channels: dict[str, set[str]] = {name: set() for name in table}
    guessed: dict[str, str] = {}
    for channel in {str(row["channel"] or "") for row in rows} - {""}:
        role = Endpoints().role(channel)
        if role in SHOWN_ROLES:
            name = endpoint_of(channel)
            channels.setdefault(name, set()).add(channel)
            guessed[name] = SHOWN_ROLES[role]
    known = endpoints_of(exchange)
    found = [
        Seen(
            name=name,
            role=str(table.get(name, {}).get("role") or guessed.get(name, "ignore")),
            extension=known.extensions.get(name, ""),
            is_said=bool(table.get(name, {}).get("role")),
            channels=len(those),
        )
        for name, those in channels.items()
    ]
    found.sort(key=lambda one: (one.role != "trunk", one.role == "ignore", one.name))
    return found[:TOP_ENDPOINTS]


def _moment(told: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(moment_of(told), UTC)
    except (ValueError, OverflowError, OSError):
        return None
