"""From a request at the site's door to a delivery: nothing is believed, nothing is lost."""

import json
from dataclasses import dataclass, field
from secrets import token_urlsafe
from time import time
from typing import Any

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from voronka.inquiries.attachments import TOP_FILE, TOP_WHOLE, GivenFile
from voronka.inquiries.reading import UnreadError, form_fields, from_fields, json_fields
from voronka.inquiries.receiving import Delivery

TOP_BYTES = 64 * 1024
SALT, GOOD_FOR = "voronka.form", 7 * 86_400


@dataclass(frozen=True)
class Given:
    """What was sent, and what is wrong with it for the sender ("" for nothing)."""

    delivery: Delivery
    problem: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def page_token() -> str:
    """Mark one showing of the form: a second click is told from a second visitor by it, and
    how long the visitor looked at the form.
    """
    return signing.dumps({"id": token_urlsafe(9), "at": int(time())}, salt=SALT)


def given_by(request: HttpRequest, *, sender: str) -> Given:
    """Read a posted form, with or without files, or a JSON object."""
    kind = request.content_type or ""
    if kind == "multipart/form-data":
        return _multipart(request, sender)
    shape = "json" if kind in ("application/json", "text/plain") else "form"
    body = request.read(TOP_BYTES + 1)
    if len(body) > TOP_BYTES:
        return _unread(shape, body[:TOP_BYTES], sender, "too_long")
    charset = (request.content_params or {}).get("charset", "")
    try:
        fields = (json_fields if shape == "json" else form_fields)(body, charset)
    except UnreadError as error:
        return _unread(shape, body, sender, error.code)
    return _readable(fields, [], sender, body if shape == "json" else b"")


def _multipart(request: HttpRequest, sender: str) -> Given:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > TOP_WHOLE + TOP_BYTES:
        return _unread("form", request.read(TOP_BYTES), sender, "too_long")
    try:
        fields = {name: str(value) for name, value in request.POST.items()}
        files = [one for name in request.FILES for one in request.FILES.getlist(name)]
    except (MultiPartParserError, SuspiciousOperation):
        return _unread("form", b"", sender, "bad_form")
    if sum(len(name) + len(value) for name, value in fields.items()) > TOP_BYTES:
        return _unread("form", _dumped(fields)[:TOP_BYTES], sender, "too_long")
    # One byte more tells that it is too big; all of it need not be held.
    given = [GivenFile(one.name or "", one.read(TOP_FILE + 1)) for one in files]
    return _readable(fields, [one for one in given if one.content or one.name], sender, b"")


def _readable(
    fields: dict[str, str], files: list[GivenFile], sender: str, body: bytes
) -> Given:
    once, seconds = _shown(fields.pop("token", ""))
    if seconds is not None:
        fields["seconds"] = str(seconds)
    delivery = Delivery(
        channel="form",
        shape="json",
        body=body or _dumped(fields),
        sender=sender,
        external_id=fields.get("id", "") or once,
        files=files,
    )
    try:
        from_fields(fields, "form", "")
    except UnreadError as error:
        return Given(delivery, error.code, fields)
    return Given(delivery, "", fields)


def _shown(token: str) -> tuple[str, int | None]:
    """Give the name of one showing of the form, and how many seconds it was looked at."""
    if not token:
        return "", None
    try:
        known: dict[str, Any] = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return "", None
    return f"once:{known['id']}", max(0, int(time()) - known["at"])


def _unread(shape: str, body: bytes, sender: str, problem: str) -> Given:
    made = Delivery(channel="form", shape=shape, body=body, sender=sender, problem=problem)
    return Given(made, problem)


def _dumped(fields: dict[str, str]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
