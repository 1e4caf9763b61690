"""What the processes of `test_mailboxes` do with a database and a mailbox of their own."""

import os
from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from voronka.inquiries.mailing.boxes import NewMailbox, add_mailbox
from voronka.inquiries.mailing.fetching import look_into
from voronka.inquiries.models import Mailbox
from voronka.inquiries.taking_in import take_in_waiting
from voronka.inquiries.tests.dovecot import PASSWORD
from voronka.people.viewers import SYSTEM


def join() -> None:
    """Make the database and join the mailbox, with the letters of the last day."""
    call_command("migrate", verbosity=0, interactive=False)
    new = NewMailbox(
        address="kill@firm.example",
        password=PASSWORD,
        server="127.0.0.1",
        port=int(os.environ["IMAP_PORT"]),
        security="none",
        days=1,
    )
    add_mailbox(new, by=SYSTEM, at=datetime.now(UTC))


def look() -> None:
    """Look into the mailbox once, as the postman does, and take in what came."""
    now = datetime.now(UTC) + timedelta(seconds=1)
    look_into(Mailbox.objects.get(), now=now)
    take_in_waiting(now=now)
