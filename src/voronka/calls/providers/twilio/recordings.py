"""Twilio: where a recording lies, and who asks for it."""

import base64
from collections.abc import Mapping

from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError
from voronka.foundation.sealing import unseal


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give the address of a recording with both sides apart, and the account's proof.

    The proof goes to Twilio alone: another address in the place of a recording is refused.
    Raises: AskingError.
    """
    account = str(exchange.options.get("login") or "")
    token = unseal(exchange.secret) if exchange.secret else ""
    if not account or not token:
        raise AskingError("no_key")
    if not name.startswith("https://api.twilio.com/"):
        raise AskingError("wrong_answer")
    proof = base64.b64encode(f"{account}:{token}".encode()).decode()
    return f"{name}.wav?RequestedChannels=2", {"Authorization": f"Basic {proof}"}
