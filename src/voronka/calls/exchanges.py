"""Exchanges set up by an administrator. A password goes in and never out again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from voronka.calls.adapters import READERS
from voronka.calls.asterisk.endpoints import ROLES
from voronka.calls.asterisk.shown_record import has_hidden, typed_over
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.providers import API_SECRET
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.sealing import seal
from voronka.foundation.text import storable
from voronka.journal import actions as journal
from voronka.journal.kinds import ExchangeChanged
from voronka.journal.viewer import Viewer


class BadExchangeError(RefusalError):
    """An exchange cannot be so; details: field (kind, name, zone, port, record ...)."""

    code = "bad_exchange"


@dataclass(frozen=True, kw_only=True)
class NewExchange:
    """An exchange as typed. `secret` None: as it was. `options` as its adapter wants them; the
    key `api_secret` is sealed, and stays as it was when it is not among them.
    """

    kind: str
    name: str
    secret: str | None = None
    zone: str = "Europe/Moscow"
    options: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_exchange(new: NewExchange, *, by: Viewer, at: datetime) -> Exchange:
    """Join an exchange; it is listened to within seconds.

    Raises: PermissionError, BadExchangeError. Records: ExchangeChanged.
    """
    _demand_right(by)
    _check(new)
    exchange = Exchange.objects.create(
        kind=new.kind,
        name=storable(new.name).strip()[:80],
        path_key=secrets.token_urlsafe(24),
        secret=seal(new.secret) if new.secret else "",
        zone=new.zone,
        options=_sealed(new.options),
        created_at=at,
    )
    tell_change(exchange, "added", by, at)
    return exchange


@transaction.atomic
def change_exchange(
    *, exchange_id: int, new: NewExchange, by: Viewer, at: datetime
) -> Exchange:
    """Change how an exchange is spoken to; its calls and its place in its record stay.

    Raises: Exchange.DoesNotExist, PermissionError, BadExchangeError. Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    _check(new)
    exchange.name, exchange.zone = storable(new.name).strip()[:80], new.zone
    exchange.options = _meant(new, exchange)
    if new.secret is not None:
        exchange.secret = seal(new.secret) if new.secret else ""
    exchange.save(update_fields=["name", "zone", "options", "secret"])
    tell_change(exchange, "changed", by, at)
    return exchange


@transaction.atomic
def put_endpoints(
    *, exchange_id: int, table: Mapping[str, tuple[str, str]], by: Viewer, at: datetime
) -> None:
    """Say what stands at the ends of an Asterisk's lines: name -> (role, extension or "").

    Roles: trunk, person, ignore. Calls to come are read by it. Raises: Exchange.DoesNotExist,
    PermissionError, BadExchangeError (field endpoints). Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    if any(role not in ROLES for role, _ in table.values()):
        raise BadExchangeError(field="endpoints")
    rows = {
        storable(name)[:80]: {"role": role} | ({"extension": own[:40]} if own else {})
        for name, (role, own) in table.items()
    }
    exchange.options = exchange.options | {"endpoints": rows}
    exchange.save(update_fields=["options"])
    tell_change(exchange, "endpoints", by, at)


@transaction.atomic
def read_again(*, exchange_id: int, by: Viewer, at: datetime) -> int:
    """Have what nobody could read be read once more; give how many events.

    Raises: Exchange.DoesNotExist, PermissionError. Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    rows = CallEvent.objects.filter(exchange=exchange, state="unread")
    n = rows.update(state="waiting", problem="")
    if n:
        tell_change(exchange, "read_again", by, at)
    return n


@transaction.atomic
def switch_exchange(*, exchange_id: int, is_on: bool, by: Viewer, at: datetime) -> None:
    """Listen to an exchange, or no longer. The same again changes nothing.

    Raises: Exchange.DoesNotExist, PermissionError. Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    if exchange.is_on != is_on:
        exchange.is_on = is_on
        exchange.save(update_fields=["is_on"])
        tell_change(exchange, "on" if is_on else "off", by, at)


@transaction.atomic
def say_warned(*, exchange_id: int, is_warned: bool, by: Viewer, at: datetime) -> None:
    """Note whether an exchange tells callers that they are recorded. The same changes nothing.

    Raises: Exchange.DoesNotExist, PermissionError. Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    if exchange.callers_warned != is_warned:
        exchange.callers_warned = is_warned
        exchange.save(update_fields=["callers_warned"])
        tell_change(exchange, "warns" if is_warned else "warns_not", by, at)


@transaction.atomic
def remove_exchange(*, exchange_id: int, by: Viewer, at: datetime) -> None:
    """Take an exchange away with its password; its calls stay.

    Raises: Exchange.DoesNotExist, PermissionError. Records: ExchangeChanged.
    """
    exchange = exchange_to_change(exchange_id, by)
    exchange.removed_at, exchange.is_on, exchange.secret = at, False, ""
    exchange.options = {k: v for k, v in exchange.options.items() if k != API_SECRET}
    exchange.save(update_fields=["removed_at", "is_on", "secret", "options"])
    tell_change(exchange, "removed", by, at)


def _meant(new: NewExchange, exchange: Exchange) -> dict[str, Any]:
    """Give the options as they are meant; a kept password never goes to another address."""
    options, before = _sealed(new.options), exchange.options
    if record := str(options.get("record", "")):
        options["record"] = typed_over(record, str(before.get("record", "")))
        if has_hidden(options["record"]):
            raise BadExchangeError(field="record_password")
    is_kept = exchange.secret and new.secret is None
    if API_SECRET in before and API_SECRET not in options:
        options[API_SECRET], is_kept = before[API_SECRET], True
    moved = any(options.get(name) != before.get(name) for name in ("host", "port"))
    if moved and is_kept and (before.get("host") or exchange.kind != "asterisk"):
        raise BadExchangeError(field="secret_again")
    return options


def _sealed(options: Mapping[str, Any]) -> dict[str, Any]:
    key = str(options.get(API_SECRET) or "")
    found = {name: value for name, value in options.items() if name != API_SECRET}
    return found | ({API_SECRET: seal(key)} if key else {})


def _check(new: NewExchange) -> None:
    if new.kind not in READERS:
        raise BadExchangeError(field="kind")
    if not new.name.strip():
        raise BadExchangeError(field="name")
    try:
        ZoneInfo(new.zone)
    except (ValueError, OSError) as error:
        raise BadExchangeError(field="zone") from error


def _demand_right(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def exchange_to_change(exchange_id: int, by: Viewer) -> Exchange:
    """Give one locked, to who may change it. Raises: Exchange.DoesNotExist, PermissionError."""
    _demand_right(by)
    return Exchange.objects.select_for_update().get(pk=exchange_id, removed_at=None)


def tell_change(exchange: Exchange, what: str, by: Viewer, at: datetime) -> None:
    """Write down that somebody changed an exchange, or had it do something."""
    changed()
    body = ExchangeChanged(exchange_id=exchange.pk, name=exchange.name, what=what)
    about = journal.About(case=f"exchange:{exchange.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
