"""Proof by what stands in the address: for providers that sign nothing."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address, ip_network

from voronka.calls.hooks.contract import AtDoor, ForgedError, is_same
from voronka.calls.hooks.request import Hook, fields_of, query_of

TOKEN_FIELDS = ("token", "secret")


def fields_proven(exchange: AtDoor, hook: Hook) -> dict[str, str] | None:
    """Give the fields of a request from the exchange, None when nobody can read them.

    Raises: ForgedError, as `prove` does.
    """
    fields: dict[str, str] | None = None
    with suppress(ValueError, LookupError):
        fields = fields_of(hook)
    prove(exchange, hook, fields)
    return fields


def prove(exchange: AtDoor, hook: Hook, fields: Mapping[str, str] | None = None) -> None:
    """The key in the address is the proof. A secret that is set has to be shown besides: at the
    end of the address, or as `token`. With the option `senders` only they may come.

    Raises: ForgedError.
    """
    demand_sender(exchange, hook)
    if not exchange.secret:
        return
    fields = _address(hook) if fields is None else fields
    shown = [*hook.suffix.split("/"), *(fields.get(name, "") for name in TOKEN_FIELDS)]
    proofs = [is_same(one, exchange.secret) for one in shown]
    if not any(proofs):
        raise ForgedError(403 if any(shown) else 401)


def demand_sender(exchange: AtDoor, hook: Hook) -> None:
    """Turn away who comes from elsewhere than the option `senders` allows: addresses and
    networks. Raises: ForgedError.
    """
    allowed = exchange.options.get("senders") or []
    if allowed and not any(_is_from(hook.sender, str(network)) for network in allowed):
        raise ForgedError(403)


def _is_from(sender: str, network: str) -> bool:
    with suppress(ValueError):
        return ip_address(sender) in ip_network(network, strict=False)
    return False


def _address(hook: Hook) -> dict[str, str]:
    with suppress(ValueError):
        return query_of(hook)
    return {}
