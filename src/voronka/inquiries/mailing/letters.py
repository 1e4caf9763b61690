"""From the bytes of a letter to what it says: a pure reader."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import compat32

from voronka.foundation.text import storable
from voronka.inquiries.attachments import GivenFile
from voronka.inquiries.mailing.headers import (
    addresses,
    decoded_words,
    header,
    ids,
    message_id,
    plain_text,
)
from voronka.inquiries.mailing.html_text import HISTORY, text_of_page
from voronka.inquiries.mailing.machines import machine_of
from voronka.inquiries.mailing.own_words import phone_in, without_history
from voronka.inquiries.new_inquiry import NewInquiry, UnreadError

TOP_TEXT, TOP_PART = 10_000, 300_000
TOP_PARTS, TOP_DEPTH = 500, 20
TOP_FILES = 40
TOP_LOGO = 20 * 1024
_ANSWER = re.compile(r"\s*(re|aw|ha|на|отв)(\[\d+\])?:", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(fwd?|wg|пересл)(\[\d+\])?:", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter, read. Addresses in lower case, ids without brackets.

    `refers`: the letters it answers, the nearest first. `machine`: how it gives away that no
    human wrote it. `text` is without the history quoted below.
    """

    message_id: str = ""
    refers: list[str] = field(default_factory=list)
    name: str = ""
    mail: str = ""
    reply_to: list[tuple[str, str]] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    phone: str = ""
    machine: str = ""
    files: list[GivenFile] = field(default_factory=list)


def read_letter(body: bytes) -> Letter:
    """Read a letter, whatever is broken in it.

    Raises: UnreadError bad_mail when it is none, or is folded too deep; empty when it names
    no sender and says nothing.
    """
    message = message_of(body)
    senders = addresses(message, "From") or addresses(message, "Sender", "Return-Path")
    name, mail = senders[0] if senders else (header(message, "From")[:200], "")
    parts = list(_parts(message))
    subject = header(message, "Subject")[:300]
    refers = ids(message, "In-Reply-To") + ids(message, "References")[::-1]
    # What is passed on below is the matter itself; what is answered is known already.
    is_answer = bool(refers or _ANSWER.match(subject)) and not _FORWARD.match(subject)
    text, files = _text(parts, is_answer), _files(parts)
    if not (mail or name or subject or text or files):
        raise UnreadError("empty")
    return Letter(
        message_id=message_id(message),
        refers=list(dict.fromkeys(refers)),
        name="" if name.lower() == mail else name[:200],
        mail=mail,
        reply_to=addresses(message, "Reply-To"),
        to=[address for _name, address in addresses(message, "To", "Cc", "Bcc")],
        subject=subject,
        text=text,
        phone=phone_in(text),
        machine=machine_of(message),
        files=files,
    )


def inquiry_of(letter: Letter, raw: str = "") -> NewInquiry:
    """Make an inquiry of a letter. Its subject is the first line of what was said."""
    said = "\n\n".join(one for one in (letter.subject, letter.text) if one)
    if not said and letter.files:
        said = letter.files[0].name
    return NewInquiry(
        channel="mail",
        name=letter.name,
        phone=letter.phone,
        mail=letter.mail,
        text=said[:TOP_TEXT],
        raw=raw,
    )


def subject_of(body: bytes) -> str:
    """Give the subject of a letter by its beginning; "" when it cannot be read."""
    try:
        return header(message_of(body), "Subject")[:300]
    except UnreadError:
        return ""


def message_of(body: bytes) -> Message:
    """Take a letter apart. Raises: UnreadError bad_mail."""
    try:
        # The newer policy fails on some broken headers; this one keeps them as they are.
        return email.message_from_bytes(body, policy=compat32)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnreadError("bad_mail") from error


@dataclass(frozen=True, slots=True)
class _Part:
    message: Message
    kind: str
    is_file: bool
    is_inner: bool


def _parts(message: Message) -> Iterator[_Part]:
    """Give the leaves of a letter; `is_inner`: of a letter that lies within it."""
    waiting, given = [(message, False, 0)], 0
    while waiting and given < TOP_PARTS:
        one, is_inner, depth = waiting.pop()
        kind = one.get_content_type()
        if one.is_multipart():
            if depth < TOP_DEPTH:
                inside = is_inner or kind == "message/rfc822"
                held: list[Message] = one.get_payload()  # type: ignore[assignment]
                waiting += reversed([(part, inside, depth + 1) for part in held])
            continue
        given += 1
        yield _Part(one, kind, _is_file(one, kind), is_inner)


def _is_file(part: Message, kind: str) -> bool:
    disposition = header(part, "Content-Disposition").lower()
    if disposition.startswith("attachment") or _file_name(part):
        return True
    return not kind.startswith(("text/", "multipart/", "message/"))


def _text(parts: list[_Part], is_answer: bool) -> str:
    own = [part for part in parts if not part.is_file and not part.is_inner]
    # A letter that only passes another one on says what that one says.
    told = _told(own) or _told([part for part in parts if not part.is_file])
    said = without_history(told) if is_answer else told.replace(HISTORY, "").strip()
    return storable(said)[:TOP_TEXT]


def _told(parts: list[_Part]) -> str:
    plain = [_read(part.message) for part in parts if part.kind == "text/plain"]
    if said := "\n\n".join(one for one in plain if one.strip()):
        return said.replace("\r\n", "\n").replace("\r", "\n")
    pages = [text_of_page(_read(part.message)) for part in parts if part.kind == "text/html"]
    return "\n\n".join(one for one in pages if one.strip())


def _read(part: Message) -> str:
    charset = part.get_param("charset", "")
    return plain_text(_content(part)[:TOP_PART], charset if isinstance(charset, str) else "")


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _files(parts: list[_Part]) -> list[GivenFile]:
    files = [
        GivenFile(_file_name(part.message) or part.kind.replace("/", "."), content)
        for part in parts
        if part.is_file and (content := _content(part.message)) and not _is_logo(part, content)
    ]
    return files[:TOP_FILES]


def _is_logo(part: _Part, content: bytes) -> bool:
    """A small picture that stands within the text: a signature's, or one that spies."""
    is_shown = part.kind.startswith("image/") and header(part.message, "Content-ID")
    is_sent = header(part.message, "Content-Disposition").lower().startswith("attachment")
    return bool(is_shown) and not is_sent and len(content) < TOP_LOGO


def _file_name(part: Message) -> str:
    try:
        given = part.get_filename("")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "file"
    return decoded_words(given)[:200]
