"""Mailboxes set up by an administrator. A password goes in and never out again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import IntegrityError, transaction

from voronka.clients.cards import clean_mail
from voronka.foundation.errors import RefusalError
from voronka.foundation.sealing import seal
from voronka.inquiries.mail_models import SECURITIES, Mailbox, MailFolder
from voronka.inquiries.mailing.fetching import server_of
from voronka.inquiries.mailing.imap import MailProblemError, signed_in
from voronka.journal import actions as journal
from voronka.journal.kinds import MailboxChanged
from voronka.journal.viewer import Viewer

MOST_DAYS = 30
KNOWN_SERVERS = {
    "yandex.ru": "imap.yandex.ru", "ya.ru": "imap.yandex.ru", "mail.ru": "imap.mail.ru",
    "bk.ru": "imap.mail.ru", "list.ru": "imap.mail.ru", "inbox.ru": "imap.mail.ru",
    "gmail.com": "imap.gmail.com", "rambler.ru": "imap.rambler.ru",
}  # fmt: skip


class BadMailboxError(RefusalError):
    """A mailbox cannot be so; details: field (server, port, login, password, folder ...)."""

    code = "bad_mailbox"


class UnsafeMailboxError(RefusalError):
    """Without encryption the password would go over the net in the open."""

    code = "unsafe_mailbox"


class MailboxTakenError(RefusalError):
    """That mailbox is read already."""

    code = "mailbox_taken"


@dataclass(frozen=True, kw_only=True)
class NewMailbox:
    """A mailbox as typed. `days`: letters of how many days before now are taken, 0 to 30.

    Empty `server` and `login` follow from the address where the provider is known.
    """

    address: str
    password: str
    server: str = ""
    port: int = 993
    security: str = "tls"
    login: str = ""
    folder: str = "INBOX"
    sent_folder: str = ""
    days: int = 0
    marks_read: bool = False


@transaction.atomic
def add_mailbox(new: NewMailbox, *, by: Viewer, at: datetime) -> Mailbox:
    """Set a mailbox up; it is read from the next half minute on.

    Raises: PermissionError, BadMailboxError, BadMailError, UnsafeMailboxError,
    MailboxTakenError.
    Records: MailboxChanged.
    """
    demand_right(by)
    address = clean_mail(new.address)
    server = new.server.strip() or KNOWN_SERVERS.get(address.rpartition("@")[2], "")
    login = new.login.strip() or address
    folder = new.folder.strip() or "INBOX"
    _check(new, server, login, folder)
    since = at - timedelta(days=max(0, min(MOST_DAYS, new.days)))
    try:
        with transaction.atomic():
            box = Mailbox.objects.create(
                address=address,
                server=server,
                port=new.port,
                security=new.security,
                login=login,
                secret=seal(new.password),
                marks_read=new.marks_read,
                since=since,
                next_look_at=at,
            )
    except IntegrityError as error:
        raise MailboxTakenError(address=address) from error
    MailFolder.objects.create(mailbox=box, role="in", name=folder)
    MailFolder.objects.create(mailbox=box, role="sent", name=new.sent_folder.strip()[:200])
    _record(box, "added", by, at)
    return box


@transaction.atomic
def set_password(*, mailbox_id: int, password: str, by: Viewer, at: datetime) -> None:
    """Give a mailbox another password; it is tried at once.

    Raises: PermissionError, Mailbox.DoesNotExist, BadMailboxError. Records: MailboxChanged.
    """
    box = _of(mailbox_id, by)
    _check_password(password)
    box.secret, box.next_look_at = seal(password), at
    box.save(update_fields=["secret", "next_look_at"])
    _record(box, "password", by, at)


@transaction.atomic
def switch_mailbox(*, mailbox_id: int, is_on: bool, by: Viewer, at: datetime) -> None:
    """Switch the reading of a mailbox on or off; what came meanwhile is read afterwards.

    The same again does nothing. Raises: PermissionError, Mailbox.DoesNotExist.
    Records: MailboxChanged.
    """
    box = _of(mailbox_id, by)
    if box.is_on != is_on:
        box.is_on, box.next_look_at = is_on, at
        box.problem, box.problem_at = "", None
        box.save(update_fields=["is_on", "next_look_at", "problem", "problem_at"])
        _record(box, "on" if is_on else "off", by, at)


@transaction.atomic
def remove_mailbox(*, mailbox_id: int, by: Viewer, at: datetime) -> None:
    """Forget a mailbox and its password; the inquiries that came from it stay.

    Raises: PermissionError, Mailbox.DoesNotExist. Records: MailboxChanged.
    """
    box = _of(mailbox_id, by)
    _record(box, "removed", by, at)
    box.delete()


def try_mailbox(*, mailbox_id: int, by: Viewer) -> str:
    """Sign in and open the folder: give "" when that works, else the problem's code.

    Takes up to a minute; changes nothing. A demonstration connects to nobody: "demo".
    Raises: PermissionError, Mailbox.DoesNotExist.
    """
    demand_right(by)
    box = Mailbox.objects.get(pk=mailbox_id)
    if settings.IS_DEMO:
        return "demo"
    try:
        with signed_in(server_of(box)) as door:
            for folder in box.folders.exclude(name=""):
                door.open(folder.name)
    except MailProblemError as error:
        return error.code
    return ""


def demand_right(by: Viewer) -> None:
    """Raise PermissionError unless `by` may set the installation up."""
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _of(mailbox_id: int, by: Viewer) -> Mailbox:
    demand_right(by)
    return Mailbox.objects.select_for_update().get(pk=mailbox_id)


def _check(new: NewMailbox, server: str, login: str, folder: str) -> None:
    for field, text in (("server", server), ("login", login), ("folder", folder)):
        if not text or len(text) > 200 or not text.isprintable():
            raise BadMailboxError(field=field)
    if any(sign.isspace() for sign in server + login):
        raise BadMailboxError(field="server" if " " in server else "login")
    if not 0 < new.port < 65_536:
        raise BadMailboxError(field="port")
    if new.security not in SECURITIES:
        raise BadMailboxError(field="security")
    _check_password(new.password)
    if new.security == "none" and not is_here(server):
        raise UnsafeMailboxError(server=server)


def _check_password(password: str) -> None:
    if not password or len(password) > 500 or not password.isprintable():
        raise BadMailboxError(field="password")


def is_here(server: str) -> bool:
    """Say whether a server is this machine itself: nothing goes over the net to it."""
    try:
        return server == "localhost" or ip_address(server).is_loopback
    except ValueError:
        return False


def _record(box: Mailbox, what: str, by: Viewer, at: datetime) -> None:
    body = MailboxChanged(address=box.address, what=what)
    about = journal.About(case=f"mailbox:{box.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
