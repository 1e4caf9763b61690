"""One request of an exchange, as it came and as it is kept."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote

TOP_FIELDS, SHORTEST_SECRET = 200, 8
KEPT_HEADERS = ("content-type", "signature", "x-twilio-signature")
"""What a signature or a charset can be told by; keys and cookies are not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A request. `suffix`: what follows the key in the address, without slashes around it;
    `headers`: names in lower case; `sender`: the network address it came from.
    """

    method: str
    suffix: str
    at: datetime
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sender: str = ""


def stored(hook: Hook, *, secrets: Iterable[str]) -> str:
    """Give the text under which a request is kept: JSON; what proves the sender is blotted."""
    said: dict[str, Any] = {
        "method": hook.method,
        "suffix": hook.suffix,
        "query": hook.query,
        "headers": {name: hook.headers[name] for name in KEPT_HEADERS if name in hook.headers},
    }
    try:
        said["body"] = hook.body.decode("utf-8")
    except UnicodeDecodeError:
        said["body64"] = base64.b64encode(hook.body).decode("ascii")
    for secret in secrets:
        for shown in _as_shown(secret):
            for name in ("suffix", "query", "body"):
                if shown in said.get(name, ""):
                    said[name] = said[name].replace(shown, "***")
    return json.dumps(said, ensure_ascii=False)


@lru_cache(maxsize=256)
def _as_shown(secret: str) -> set[str]:
    """Give a secret as it stands in a request: plain, and as addresses and forms write it."""
    return {secret, quote(secret, "")} if len(secret) >= SHORTEST_SECRET else set()


def hook_of(text: str, *, at: datetime) -> Hook:
    """Read a kept request back. Raises: ValueError, KeyError when it is none."""
    said = json.loads(text)
    raw = said.get("body64")
    return Hook(
        method=said["method"],
        suffix=said["suffix"],
        at=at,
        query=said["query"],
        headers=said["headers"],
        body=base64.b64decode(raw) if raw else str(said["body"]).encode("utf-8"),
    )


def fields_of(hook: Hook) -> dict[str, str]:
    """Give the fields of a request, names in lower case: of its address, then of its body,
    which may be a form, in parts or not, or a JSON object.

    Raises: ValueError when the body cannot be read.
    """
    return query_of(hook) | {
        name.lower(): value for name, value in _of_body(hook).items() if value is not None
    }


def query_of(hook: Hook) -> dict[str, str]:
    """Give the fields of the address alone."""
    return {name.lower(): value for name, value in _of_form(hook.query)}


def _of_body(hook: Hook) -> dict[str, str]:
    kind, start = hook.headers.get("content-type", ""), hook.body[:64].lstrip()[:1]
    if not hook.body.strip():
        return {}
    if "json" in kind or start in (b"{", b"["):
        return _of_json(hook.body, _charset(kind))
    if kind.startswith("multipart/"):
        return _of_parts(kind, hook.body)
    if start == b"<":
        raise ValueError("a page instead of fields")
    return dict(_of_form(hook.body.decode(_charset(kind), "replace")))


def _of_form(text: str) -> list[tuple[str, str]]:
    if not text:
        return []
    return parse_qsl(text, keep_blank_values=True, max_num_fields=TOP_FIELDS)


def _of_json(body: bytes, charset: str) -> dict[str, str]:
    try:
        said = json.loads(body.decode(charset))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(said, dict) or len(said) > TOP_FIELDS:
        raise ValueError("no object of fields")
    return {str(name): _as_text(value) for name, value in said.items() if value is not None}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)


def _of_parts(kind: str, body: bytes) -> dict[str, str]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    whole = BytesParser().parsebytes(head + body)
    if not whole.is_multipart():
        raise ValueError("parts that cannot be told apart")
    found = {}
    for part in whole.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and not part.get_filename():
            value = part.get_payload(decode=True)
            if isinstance(value, bytes):
                found[name] = value.decode("utf-8", "replace").removesuffix("\n")
    return found


def _charset(kind: str) -> str:
    _, _, after = kind.lower().partition("charset=")
    name = after.split(";")[0].strip(" \"'") or "utf-8"
    try:
        "".encode(name)
    except (LookupError, ValueError, UnicodeError):
        return "utf-8"
    return name
