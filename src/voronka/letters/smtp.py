"""Talking to the server that takes letters: plain steps, every failure with a code."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

TIMEOUT_SECONDS = 20
OURS = frozenset({"unreachable", "bad_tls", "bad_login", "lost_key", "busy", "broken"})
"""Not the letter's fault: the same letter is tried again."""


class SendingError(Exception):
    """A letter was not taken; `code`: one of OURS, or no_such_address, no_file, refused (the
    letter).

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
    with _told():
        line.sendmail(sender, [to], letter.as_bytes())


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
    except smtplib.SMTPRecipientsRefused as error:
        status, said = next(iter(error.recipients.values()))
        code = "busy" if status < 500 else "no_such_address"
        raise SendingError(code, said.decode("utf-8", "replace")) from error
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
