"""What letters and messages go out through. Secrets go in and never out again."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from voronka.clients.cards import BadMailError, clean_mail
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.sealing import LostKeyError, seal, unseal
from voronka.inquiries.mail_models import SECURITIES
from voronka.inquiries.mailing.boxes import KNOWN_SERVERS as READ_AT
from voronka.inquiries.mailing.boxes import is_here
from voronka.journal import actions as journal
from voronka.journal.kinds import LetterSenderChanged
from voronka.journal.viewer import Viewer
from voronka.letters import smtp
from voronka.letters.composing import sound_address
from voronka.letters.models import Gateway, Letter, Sender
from voronka.letters.templates import demand_right

KNOWN_SERVERS = {
    domain: f"smtp.{host.removeprefix('imap.')}" for domain, host in READ_AT.items()
}
LEAST_SECRET = 16


class BadSenderError(RefusalError):
    """It cannot be so; details: field, one of those of the form, or secret, url."""

    code = "bad_sender"


class UnsafeSenderError(RefusalError):
    """Without encryption the secret would go over the net in the open."""

    code = "unsafe_sender"


@dataclass(frozen=True, kw_only=True)
class NewSender:
    """A mailbox to send from, as typed. Empty `server` and `login` follow from the address
    where the provider is known.

    Empty `password`: the one that is known stays, for the same login at the same server only:
    it must not be sent anywhere else.
    """

    address: str
    password: str = ""
    server: str = ""
    port: int = 465
    security: str = "tls"
    login: str = ""


@transaction.atomic
def set_sender(new: NewSender, *, by: Viewer, at: datetime) -> Sender:
    """Set what letters are sent from, in place of what was; waiting letters are tried at once.

    Raises: PermissionError, BadMailError, BadSenderError, UnsafeSenderError.
    Records: LetterSenderChanged.
    """
    demand_right(by)
    address = mail_address(new.address)
    there = Sender.objects.select_for_update().first()
    row = there or Sender()
    known = (row.server, row.port, row.security, row.login)
    row.address = address
    row.server = new.server.strip() or KNOWN_SERVERS.get(address.rpartition("@")[2], "")
    row.port, row.security = new.port, new.security
    row.login = new.login.strip() or address
    if new.password:
        row.secret = seal(new.password)
    elif known != (row.server, row.port, row.security, row.login):
        row.secret = ""
    _check(row, new.password)
    _fresh(row, "mail", at)
    row.save()
    _record("mail", address, "changed" if there else "added", by, at)
    return row


@transaction.atomic
def set_gateway(*, url: str, secret: str, by: Viewer, at: datetime) -> Gateway:
    """Set where short messages are handed to. Empty `secret`: the one that is known stays.

    Raises: PermissionError, BadSenderError, UnsafeSenderError. Records: LetterSenderChanged.
    """
    demand_right(by)
    there = Gateway.objects.select_for_update().first()
    row = there or Gateway()
    row.url = url.strip()
    if secret:
        row.secret = seal(secret)
    _check_gateway(row, secret)
    _fresh(row, "message", at)
    row.save()
    _record("message", urlsplit(row.url).netloc, "changed" if there else "added", by, at)
    return row


@transaction.atomic
def switch(*, channel: str, is_on: bool, by: Viewer, at: datetime) -> None:
    """Switch a way out on or off; what is written meanwhile waits. The same does nothing.

    Raises: PermissionError, Sender.DoesNotExist, Gateway.DoesNotExist.
    Records: LetterSenderChanged.
    """
    demand_right(by)
    row = _of(channel)
    if row.is_on != is_on:
        row.is_on = is_on
        _fresh(row, channel, at)
        row.save()
        _record(channel, _named(row), "on" if is_on else "off", by, at)


@transaction.atomic
def remove(*, channel: str, by: Viewer, at: datetime) -> None:
    """Forget a way out and its secret; letters stay.

    Raises: PermissionError, Sender.DoesNotExist, Gateway.DoesNotExist.
    Records: LetterSenderChanged.
    """
    demand_right(by)
    row = _of(channel)
    _record(channel, _named(row), "removed", by, at)
    row.delete()


def try_sender(*, by: Viewer, at: datetime) -> tuple[str, str]:
    """Sign in at the server: give "" when that works, else the problem and the server's words.

    Takes up to a minute; sends nothing. A demonstration connects to nobody: "demo".
    Raises: PermissionError, Sender.DoesNotExist.
    """
    demand_right(by)
    row = Sender.objects.get()
    if settings.IS_DEMO:
        return "demo", ""
    try:
        with smtp.signed_in(server_of(row)):
            pass
    except smtp.SendingError as error:
        note_problem(row, error.code, at=at)
        return error.code, error.said[:200]
    note_success(row, at=at)
    return "", ""


def mail_address(text: str) -> str:
    """Give an address that a letter can go to. Raises: BadMailError."""
    address = clean_mail(text)
    try:
        sound_address(address)
    except ValueError as error:
        raise BadMailError(text=text[:100]) from error
    return address


def server_of(row: Sender) -> smtp.Server:
    """Give the server with its password. Raises: SendingError when the key was lost."""
    try:
        password = unseal(row.secret)
    except LostKeyError as error:
        raise smtp.SendingError("lost_key") from error
    return smtp.Server(
        host=row.server, port=row.port, security=row.security, login=row.login,
        password=password,
    )  # fmt: skip


def note_problem(row: Sender | Gateway, code: str, *, at: datetime) -> None:
    """Keep why nothing goes out, and since when."""
    if row.problem != code:
        type(row)._default_manager.filter(pk=row.pk).update(problem=code, problem_at=at)


def note_success(row: Sender | Gateway, *, at: datetime) -> None:
    """Keep that something went out; a problem is over."""
    known = {"problem": "", "problem_at": None, "retry_at": None, "succeeded_at": at}
    type(row)._default_manager.filter(pk=row.pk).update(**known)


def _of(channel: str) -> Sender | Gateway:
    table = Sender if channel == "mail" else Gateway
    row: Sender | Gateway = table._default_manager.select_for_update().get()
    return row


def _named(row: Sender | Gateway) -> str:
    return row.address if isinstance(row, Sender) else urlsplit(row.url).netloc


def _fresh(row: Sender | Gateway, channel: str, at: datetime) -> None:
    """Begin anew: what waits is tried at once."""
    row.problem, row.problem_at, row.retry_at = "", None, None
    Letter.objects.filter(channel=channel, state="waiting").update(next_at=at)


def _check(row: Sender, password: str) -> None:
    for field, text in (("server", row.server), ("login", row.login)):
        if not text or len(text) > 200 or not text.isprintable() or " " in text:
            raise BadSenderError(field=field)
    if not 0 < row.port < 65_536:
        raise BadSenderError(field="port")
    if row.security not in SECURITIES:
        raise BadSenderError(field="security")
    if not row.secret or len(password) > 500 or not password.isprintable():
        raise BadSenderError(field="password")
    if row.security == "none" and not is_here(row.server):
        raise UnsafeSenderError(server=row.server)


def _check_gateway(row: Gateway, secret: str) -> None:
    try:
        parts = urlsplit(row.url)
        host = parts.hostname or ""
    except ValueError:
        raise BadSenderError(field="url") from None
    if not host or len(row.url) > 500 or not row.url.isprintable() or " " in row.url:
        raise BadSenderError(field="url")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here(host)):
        raise UnsafeSenderError(server=host)
    if not row.secret or (secret and not LEAST_SECRET <= len(secret) <= 500):
        raise BadSenderError(field="secret")


def _record(channel: str, address: str, what: str, by: Viewer, at: datetime) -> None:
    body = LetterSenderChanged(channel=channel, address=address, what=what)
    about = journal.About(case=f"letter_sender:{channel}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
    changed()
