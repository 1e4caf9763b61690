"""Reads about mailboxes for the page that sets them up; passwords never leave."""

from dataclasses import dataclass
from datetime import datetime

from voronka.inquiries.mail_models import Mailbox, MailFolder
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as it is set, and how its last look ended."""

    id: int
    address: str
    server: str
    port: int
    security: str
    login: str
    folder: str
    sent_folder: str
    marks_read: bool
    is_on: bool
    since: datetime
    succeeded_at: datetime | None
    problem: str
    problem_at: datetime | None


def mailboxes(*, viewer: Viewer) -> list[MailboxRow]:
    """List the mailboxes to those who set the installation up; two queries."""
    if not viewer.may("settings", "change"):
        return []
    boxes = list(Mailbox.objects.order_by("address"))
    names = {(one.mailbox_id, one.role): one.name for one in MailFolder.objects.all()}
    return [
        MailboxRow(
            one.pk, one.address, one.server, one.port, one.security, one.login,
            names.get((one.pk, "in"), ""), names.get((one.pk, "sent"), ""), one.marks_read,
            one.is_on, one.since, one.succeeded_at, one.problem, one.problem_at,
        )
        for one in boxes
    ]  # fmt: skip
