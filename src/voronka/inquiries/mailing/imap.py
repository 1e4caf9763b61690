"""Talking to a mail server: plain steps, every failure with a code."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

TIMEOUT_SECONDS = 20
SENT_NAMES = ("sent", "sent items", "sent messages", "отправленные", "inbox.sent", "inbox/sent")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")
_DATE = re.compile(
    rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)
_LINE = re.compile(rb'\(([^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (.+)', re.DOTALL)


class MailProblemError(Exception):
    """The server cannot be used; `code`: unreachable, bad_tls, bad_login, no_folder, broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a mailbox is, and how to get in. `security`: tls, starttls, none."""

    host: str
    port: int
    security: str
    login: str
    password: str

    def __repr__(self) -> str:
        # What is logged or shown with an error must not tell the password.
        return f"Server({self.login} at {self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Head:
    """A letter as the server lists it. `size` in bytes; `header`: the fields asked for."""

    uid: int
    at: datetime
    size: int
    header: bytes


@contextmanager
def signed_in(server: Server) -> Iterator["Door"]:
    """Connect, sign in, and sign out in the end. Raises: MailProblemError."""
    with ExitStack() as stack:
        with _told():
            line = stack.enter_context(_connected(server))
        with _told("bad_login"):
            # PLAIN, unlike LOGIN, takes passwords in any language.
            if "AUTH=PLAIN" in line.capabilities:
                said = f"\0{server.login}\0{server.password}".encode()
                line.authenticate("PLAIN", lambda _asked: said)
            else:
                line.login(server.login, server.password)
        yield Door(line)
        with suppress(imaplib.IMAP4.error, OSError):
            line.logout()


class Door:
    """An open mailbox."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    def open(self, folder: str, *, to_write: bool = False) -> tuple[int, int]:
        """Open a folder; give the numbering it is under and the number that comes next.

        Nothing can be changed in it unless `to_write`. Raises: MailProblemError.
        """
        with _told():
            done, _told_count = self._line.select(quoted(folder), readonly=not to_write)
            if done != "OK":
                raise MailProblemError("no_folder")
            validity = self._number("UIDVALIDITY")
            if not (following := self._number("UIDNEXT")):
                done, found = self._line.uid("SEARCH", "UID", "*")
                following = 1 + max(map(int, (found[0] or b"").split()), default=0)
        return validity, following

    def uids(self, *, above: int, since: datetime) -> list[int]:
        """List the letters numbered above `above` that came on the day of `since` or later."""
        day = since.astimezone(UTC) - timedelta(days=1)
        month = _MONTHS[day.month - 1]
        asked = ("UID", f"{above + 1}:*", "SINCE", f"{day.day:02}-{month}-{day.year}")
        with _told():
            done, found = self._line.uid("SEARCH", *asked)
            if done != "OK":
                raise MailProblemError("broken")
        # The last one is always listed, however low its number.
        return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > above)

    def heads(self, uids: list[int], fields: str) -> list[Head]:
        """List the letters with the fields of their headers, in the order of their numbers."""
        if not uids:
            return []
        asked = f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})])"
        found = []
        for told, header in self._fetched(",".join(map(str, uids)), asked):
            uid, size = _UID.search(told), _SIZE.search(told)
            at = _moment(told)
            if uid and size and at:
                found.append(Head(int(uid[1]), at, int(size[1]), header))
        return sorted(found, key=lambda one: one.uid)

    def body(self, uid: int, *, most: int) -> bytes | None:
        """Give a letter, `most` bytes of it; None when it is there no more."""
        for told, content in self._fetched(str(uid), f"(UID BODY.PEEK[]<0.{most}>)"):
            number = _UID.search(told)
            if number and int(number[1]) == uid:
                return content
        return None

    def mark_read(self, uid: int) -> None:
        """Mark a letter as read, in a folder opened to write."""
        with _told():
            self._line.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def sent_folder(self) -> str:
        """Give the name of the folder of sent letters; "" when none is to be told."""
        with _told():
            _done, found = self._line.list()
        named = [_named(line) for line in found if line]
        for flags, name in named:
            if rb"\Sent" in flags.split():
                return name
        return next((name for _flags, name in named if name.lower() in SENT_NAMES), "")

    def _number(self, what: str) -> int:
        found = self._line.response(what)[1]
        return int(found[-1]) if found and found[-1] and found[-1].isdigit() else 0

    def _fetched(self, uids: str, asked: str) -> Iterator[tuple[bytes, bytes]]:
        with _told():
            done, found = self._line.uid("FETCH", uids, asked)
            if done != "OK":
                raise MailProblemError("broken")
        for n, one in enumerate(found):
            if isinstance(one, tuple):
                after = found[n + 1] if n + 1 < len(found) else b""
                yield one[0] + (after if isinstance(after, bytes) else b""), one[1]


def quoted(folder: str) -> str:
    """Write a folder's name as servers take it: other letters than Latin in their own base64.

    Twice gives other text; RFC 3501, 5.1.3.
    """
    told = re.sub(
        r"[^\x20-\x7e]+",
        lambda found: "&" + _base64(found[0].encode("utf-16-be", "replace")) + "-",
        folder.replace("&", "&-"),
    )
    escaped = told.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(told: bytes) -> str:
    """Read a folder's name as servers write it."""
    plain = told.decode("ascii", "replace").strip()
    if plain.startswith('"') and plain.endswith('"'):
        plain = re.sub(r"\\(.)", r"\1", plain[1:-1])
    return re.sub(r"&([^-]*)-", lambda found: _unbase64(found[1]) if found[1] else "&", plain)


_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


@contextmanager
def _connected(server: Server) -> Iterator[imaplib.IMAP4]:
    safe = ssl.create_default_context()
    line: imaplib.IMAP4
    if server.security == "tls":
        line = imaplib.IMAP4_SSL(
            server.host, server.port, ssl_context=safe, timeout=TIMEOUT_SECONDS
        )
    else:
        line = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        if server.security == "starttls":
            line.starttls(safe)
        yield line
    finally:
        with suppress(OSError):
            line.shutdown()


@contextmanager
def _told(refused: str = "broken") -> Iterator[None]:
    """Turn what the library raises into a problem with a code."""
    try:
        yield
    except (ssl.SSLError, ssl.CertificateError) as error:
        raise MailProblemError("bad_tls") from error
    except (OSError, imaplib.IMAP4.abort) as error:
        raise MailProblemError("unreachable") from error
    except (imaplib.IMAP4.error, UnicodeError, ValueError) as error:
        raise MailProblemError(refused) from error


def _moment(told: bytes) -> datetime | None:
    found = _DATE.search(told)
    if found is None or found[2].decode() not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
    ahead = timedelta(hours=int(found[8]), minutes=int(found[9]))
    zone = timezone(ahead if found[7] == b"+" else -ahead)
    month = _MONTHS.index(found[2].decode()) + 1
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _named(line: bytes | tuple[bytes, bytes]) -> tuple[bytes, str]:
    told = line if isinstance(line, bytes) else line[0]
    found = _LINE.match(told)
    if found is None:
        return b"", ""
    return found[1], unquoted(found[2] if isinstance(line, bytes) else line[1])


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=").replace("/", ",")


def _unbase64(said: str) -> str:
    with suppress(ValueError):
        raw = base64.b64decode(said.replace(",", "/") + "=" * (-len(said) % 4))
        return raw.decode("utf-16-be", "replace")
    return ""
