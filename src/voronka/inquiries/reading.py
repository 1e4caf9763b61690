"""From what was sent to an inquiry: pure readers, one for each shape of delivery."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from voronka.inquiries.mailing.letters import inquiry_of, read_letter
from voronka.inquiries.marks import marks_of_form
from voronka.inquiries.new_inquiry import NewInquiry
from voronka.inquiries.new_inquiry import UnreadError as UnreadError
from voronka.inquiries.raw_texts import decoded as decoded
from voronka.inquiries.spam import filled_by_machine
from voronka.inquiries.telegram.messages import read_message

TOP_TEXT, TOP_RAW = 10_000, 64 * 1024
CONSENT = ("consent", "consent_version")
NAMES = {
    "name": ("name", "fio", "Name", "имя", "Имя"),
    "phone": ("phone", "tel", "Phone", "телефон", "Телефон"),
    "mail": ("mail", "email", "e-mail", "Email", "почта", "Почта"),
    "text": ("text", "message", "comment", "question", "Comment", "сообщение", "Сообщение"),
}
"""Field names that site builders send without being asked."""


def json_fields(body: bytes, charset: str = "") -> dict[str, str]:
    """Read a JSON object's fields as text; what stands in `marks` as if it stood beside them.

    Raises: UnreadError not_json.
    """
    try:
        found = json.loads(decoded(body, charset))
    except (ValueError, RecursionError) as error:
        raise UnreadError("not_json") from error
    if not isinstance(found, dict):
        raise UnreadError("not_json")
    if isinstance(marks := found.pop("marks", None), dict):
        found = marks | found
    return {str(name): _text(value) for name, value in found.items() if value is not None}


def form_fields(body: bytes, charset: str = "") -> dict[str, str]:
    """Read the fields of a form as browsers send them. Raises: UnreadError bad_form."""
    try:
        pairs = parse_qsl(body.decode("ascii"), encoding=charset or "utf-8", errors="strict")
    except UnicodeDecodeError:
        pairs = parse_qsl(decoded(body, charset), encoding="cp1251", errors="replace")
    except (ValueError, LookupError) as error:
        raise UnreadError("bad_form") from error
    return dict(pairs)


def from_fields(given: Mapping[str, str], channel: str, raw: str) -> NewInquiry:
    """Make an inquiry of named fields, whatever the site calls them.

    Raises: UnreadError empty when neither name, phone, mail nor text is there.
    """
    said = {name: _first(given, names) for name, names in NAMES.items()}
    if not "".join(said.values()).strip():
        raise UnreadError("empty")
    return NewInquiry(
        channel=channel,
        name=said["name"],
        phone=said["phone"],
        mail=said["mail"],
        text=said["text"][:TOP_TEXT],
        marks=marks_of_form(given),
        raw=raw,
        spam=filled_by_machine(given),
        consent={name: given[name] for name in CONSENT if name in given},
    )


def _from_json(body: bytes, channel: str) -> NewInquiry:
    return from_fields(json_fields(body), channel, decoded(body))


def _from_form(body: bytes, channel: str) -> NewInquiry:
    return from_fields(form_fields(body), channel, decoded(body))


def _from_mail(body: bytes, channel: str) -> NewInquiry:
    return inquiry_of(read_letter(body), decoded(body[:TOP_RAW]))


READERS: dict[str, Callable[[bytes, str], NewInquiry]] = {
    "json": _from_json,
    "form": _from_form,
    "mail": _from_mail,
    "telegram": read_message,
}
"""By shape: bytes and channel to an inquiry. Raise UnreadError with the reason."""


def read(shape: str, body: bytes, channel: str) -> NewInquiry:
    """Read a delivery. Raises: UnreadError, with "unknown_shape" where nobody reads it."""
    reader = READERS.get(shape)
    if reader is None:
        raise UnreadError("unknown_shape")
    return reader(body, channel)


def _first(given: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((given[name] for name in names if given.get(name, "").strip()), "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
