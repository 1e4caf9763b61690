"""Asking a provider: one request over HTTPS, with an end to waiting and to reading."""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from voronka.calls.exchange_models import Exchange
from voronka.calls.providers import API_SECRET
from voronka.foundation.sealing import unseal

SECONDS, TOP_BYTES = 20.0, 32 * 1024 * 1024
MOVED = (301, 302, 303, 307, 308)
PASSING, PAUSES = ("unreachable", "too_many"), (1.0, 4.0)
"""What may be otherwise in a while, and how long to wait before each further try."""


class AskingError(Exception):
    """A provider gave no usable answer; `code`: unreachable, refused (our key), too_many,
    wrong_answer, no_key (none is given here), too_long (of what was asked).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Staying(urllib.request.HTTPRedirectHandler):
    """A key that is sent along goes to nobody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Staying, urllib.request.ProxyHandler({}))


def base_of(host: object, usual: str = "") -> str:
    """Give the start of an address for a host as it is typed, without a slash at the end.

    Raises: AskingError when none is given.
    """
    text = str(host or usual).strip().rstrip("/")
    if not text:
        raise AskingError("no_key")
    base = text if "://" in text else f"https://{text}"
    if urlsplit(base).scheme not in ("http", "https"):
        raise AskingError("no_key")
    return base


def key_of(exchange: Exchange) -> str:
    """Give the key by which we prove ourselves to a provider. Raises: AskingError without one,
    LostKeyError.
    """
    sealed = str(exchange.options.get(API_SECRET) or "")
    key = unseal(sealed).strip() if sealed else ""
    if not key:
        raise AskingError("no_key")
    if not (key.isascii() and key.isprintable()):
        # No key looks so, and none could be sent.
        raise AskingError("refused")
    return key


def answer_of(
    url: str, *, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[int, bytes]:
    """Ask, by POST when there is a body; give the status, below 400, and what was said.

    Raises: AskingError.
    """
    request = urllib.request.Request(url, data=body, headers=dict(headers))
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            said = answer.read(TOP_BYTES + 1)
            status = int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        raise AskingError(_code_of(error.code)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AskingError("unreachable") from error
    if len(said) > TOP_BYTES:
        raise AskingError("too_long")
    return status, said


def answer_at_last(
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    pauses: Sequence[float] | None = None,
) -> tuple[int, bytes]:
    """As `answer_of`, but what may pass is tried again after each pause.

    Raises: AskingError.
    """
    for pause in PAUSES if pauses is None else pauses:
        try:
            return answer_of(url, headers=headers, body=body)
        except AskingError as error:
            if error.code not in PASSING:
                raise
        time.sleep(pause)
    return answer_of(url, headers=headers, body=body)


def moved_to(url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> str:
    """Ask where something lies; give the address that is answered. Raises: AskingError."""
    request = urllib.request.Request(url, data=body, headers=dict(headers))
    try:
        with _OPENER.open(request, timeout=SECONDS):
            raise AskingError("wrong_answer")
    except urllib.error.HTTPError as error:
        error.close()
        place = error.headers.get("location", "") if error.code in MOVED else ""
        if not place:
            raise AskingError(_code_of(error.code)) from error
        return urljoin(url, str(place))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise AskingError("unreachable") from error


def json_of(said: bytes) -> Any:
    """Read a JSON answer; a number with a point stays as it is written, for names may look so.

    Raises: AskingError when it is none.
    """
    try:
        return json.loads(said, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise AskingError("wrong_answer") from error


def _code_of(status: int) -> str:
    if status in (401, 403):
        return "refused"
    return {429: "too_many"}.get(status, "wrong_answer" if status < 500 else "unreachable")
