"""Talking to the server that takes letters: plain steps, every failure with a code."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

TIMEOUT_SECONDS = 20
_BARRED = re.compile(rb"\b5\.7\.|spam|block|relay", re.IGNORECASE)
ANSWER_SECONDS = 600
"""What RFC 5321 gives a server to look a whole letter through (4.5.3.2.6)."""
WAY = frozenset(
    {"unreachable", "bad_tls", "bad_login", "bad_secret", "lost_key", "busy", "broken"}
)
"""Not the letter's fault, and no other letter would go either."""
OURS = WAY | {"later"}
"""Not the letter's fault: the same letter is tried again."""


class SendingError(Exception):
    """A letter was not taken; `code`: one of OURS, or no_such_address, no_file, refused (the
    letter), unsure (it was handed in whole, and the server fell silent).

    `said`: the server's own words, for an administrator.
    """

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where letters are handed in. `security`: tls, starttls, none; no login: unasked."""

    host: str
    port: int
    security: str
    login: str
    password: str

    def __repr__(self) -> str:
        # What is logged or shown with an error must not tell the password.
        return f"Server({self.login} at {self.host}:{self.port})"


@contextmanager
def signed_in(server: Server) -> Iterator[smtplib.SMTP]:
    """Connect and sign in; sign out in the end. Raises: SendingError."""
    with _told():
        line = _connected(server)
    try:
        with _told("bad_login"):
            if server.login:
                line.login(server.login, server.password)
        yield line
    finally:
        with suppress(smtplib.SMTPException, OSError):
            line.quit()


def hand_in(line: smtplib.SMTP, letter: EmailMessage, *, sender: str, to: str) -> None:
    """Give a letter to the server; it has taken it when this returns. Raises: SendingError."""
    content = letter.as_bytes()
    with _told():
        line.ehlo_or_helo_if_needed()
        _demand(line.mail(sender), 250, "refused", "busy")
        # 4xx: the recipient is asked to be tried later, as grey lists do; 5xx but of mailboxes:
        # we are not let through.
        code, said = line.rcpt(to)
        no_mailbox = code in (550, 551, 553) and not _BARRED.search(said)
        refused = "no_such_address" if no_mailbox else "refused"
        _demand((code, said), 250, refused, "later")
        if line.sock is not None:
            line.sock.settimeout(ANSWER_SECONDS)
    try:
        answer = line.data(content)
    except smtplib.SMTPDataError as error:
        raise SendingError(_code(error.smtp_code, "refused", "busy"), _words(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise SendingError("unsure", _words(error)) from error
    _demand(answer, 250, "refused", "busy")


def _demand(answer: tuple[int, bytes], good: int, refused: str, later: str) -> None:
    status, said = answer
    if status not in (good, 251):
        raise SendingError(_code(status, refused, later), said.decode("utf-8", "replace"))


def _code(status: int, refused: str, later: str) -> str:
    return later if 400 <= status < 500 else refused


def _connected(server: Server) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, context=safe, timeout=TIMEOUT_SECONDS)
    line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    if server.security == "starttls":
        try:
            line.starttls(context=safe)
        except (OSError, ValueError):
            line.close()
            raise
    return line


@contextmanager
def _told(refused: str = "") -> Iterator[None]:
    """Turn what the library raises into a problem with a code."""
    try:
        yield
    except (ssl.SSLError, ssl.CertificateError, smtplib.SMTPNotSupportedError) as error:
        raise SendingError("bad_tls", _words(error)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise SendingError("bad_login", _words(error)) from error
    except smtplib.SMTPResponseException as error:
        code = "busy" if 400 <= error.smtp_code < 500 else refused or "refused"
        raise SendingError(code, _words(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise SendingError("unreachable", _words(error)) from error
    except (smtplib.SMTPException, UnicodeError, ValueError) as error:
        raise SendingError(refused or "broken", _words(error)) from error
    except OSError as error:
        raise SendingError("unreachable", _words(error)) from error


def _words(error: Exception) -> str:
    said = getattr(error, "smtp_error", b"")
    return said.decode("utf-8", "replace") if isinstance(said, bytes) and said else str(error)
