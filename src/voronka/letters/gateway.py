"""Handing one short message to the firm's gateway: JSON by POST, signed.

`{"id": ..., "to": "+79...", "text": ...}` with the header `X-Voronka-Signature`: the
HMAC-SHA256 of the body under the secret, in hex. A status of 2xx: taken. The same `id` again is
the same message: a gateway that knows it must not send it twice.
"""

import hashlib
import hmac
import json

from voronka.calls.providers.asking import AskingError, answer_of
from voronka.foundation.sealing import LostKeyError, unseal
from voronka.letters.models import Gateway, Letter
from voronka.letters.smtp import SendingError

_CODES = {"unreachable": "unreachable", "refused": "bad_secret", "too_many": "busy"}


def bring(letter: Letter, way: Gateway) -> None:
    """Hand a message over; the gateway has taken it when this returns. Raises: SendingError."""
    try:
        secret = unseal(way.secret)
    except LostKeyError as error:
        raise SendingError("lost_key") from error
    said = {"id": letter.message_id.strip("<>"), "to": letter.to, "text": letter.text}
    body = json.dumps(said, ensure_ascii=False).encode()
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Voronka-Signature": signed,
        "User-Agent": "Voronka",
    }
    try:
        answer_of(way.url, headers=headers, body=body)
    except AskingError as error:
        raise SendingError(_CODES.get(error.code, "refused")) from error
