"""Zadarma and Novofon: where a recording lies."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from voronka.calls.exchange_models import Exchange
from voronka.calls.providers.asking import AskingError, answer_of, base_of, json_of
from voronka.foundation.sealing import unseal

HOST, PATH, LIVES_SECONDS = "https://api.zadarma.com", "/v1/pbx/record/request/", "600"


def link_of(exchange: Exchange, name: str) -> tuple[str, Mapping[str, str]]:
    """Give where a recording lies for ten minutes, and what to say there: nothing.

    Raises: AskingError.
    """
    key = str(exchange.options.get("login") or "")
    secret = unseal(exchange.secret) if exchange.secret else ""
    if not key or not secret:
        raise AskingError("no_key")
    query = urlencode({"call_id": name, "format": "json", "lifetime": LIVES_SECONDS})
    headers = {"Authorization": f"{key}:{signature(PATH, query, secret)}"}
    base = base_of(exchange.options.get("host"), HOST)
    said = json_of(answer_of(f"{base}{PATH}?{query}", headers=headers)[1])
    links = [said.get("link"), *(said.get("links") or ())] if isinstance(said, dict) else []
    for link in links:
        if isinstance(link, str) and link.startswith("https://"):
            return link, {}
    raise AskingError("wrong_answer")


def signature(path: str, query: str, secret: str) -> str:
    """Sign a request: base64 of HMAC-SHA1 in hex over path, query and its MD5.

    `query`: its names in the order of the alphabet.
    """
    digest = hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
    made = hmac.new(secret.encode(), f"{path}{query}{digest}".encode(), hashlib.sha1)
    return base64.b64encode(made.hexdigest().encode()).decode()
