"""Which letter belongs to which inquiry, and which addresses are our own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from voronka.foundation.text import storable
from voronka.inquiries.mail_models import Letter, Mailbox
from voronka.inquiries.mailing.letters import Letter as ReadLetter
from voronka.inquiries.models import Inquiry
from voronka.inquiries.received_models import Received
from voronka.people.models import Person

THREAD_LIVES = timedelta(days=90)
"""An older thread that is taken up again is a new inquiry: nobody waits for it any more."""


def id_kept(message_id: str) -> str:
    """Give a letter's id as it is kept: as it stands, a very long one by its hash."""
    plain = storable(message_id)
    return plain if len(plain) <= 250 else hashlib.sha256(plain.encode()).hexdigest()


def is_known(refers: Sequence[str]) -> bool:
    """Say whether any of these ids is a letter of an inquiry."""
    return bool(refers) and Letter.objects.filter(message_id__in=map(id_kept, refers)).exists()


def inquiry_answered(refers: Sequence[str], *, at: datetime) -> Inquiry | None:
    """Give the inquiry that a letter belongs to, by the nearest letter that it names."""
    kept = [id_kept(one) for one in refers]
    if not kept:
        return None
    rows = Letter.objects.filter(
        message_id__in=kept, inquiry__removed_at=None, at__gte=at - THREAD_LIVES
    )
    found = {
        one.message_id: one.inquiry for one in rows.select_related("inquiry").order_by("pk")
    }
    return next((found[one] for one in kept if one in found), None)


def own_addresses() -> frozenset[str]:
    """Give the addresses of our mailboxes and people, in lower case."""
    boxes = Mailbox.objects.values_list("address", flat=True)
    people = Person.objects.filter(is_active=True).values_list("email", flat=True)
    return frozenset(one.lower() for one in (*boxes, *people))


def writer_of(letter: ReadLetter) -> Person | None:
    """Give which of our people wrote a letter."""
    if not letter.mail:
        return None
    return Person.objects.filter(email__iexact=letter.mail, is_active=True).first()


def mails_of(inquiry: Inquiry) -> frozenset[str]:
    """Give the addresses from which an inquiry was written."""
    rows = Letter.objects.filter(inquiry=inquiry, direction="in").values_list("mail", flat=True)
    return frozenset({inquiry.mail.lower(), *rows} - {""})


def is_ours(message_id: str) -> bool:
    """Say whether a letter of that id went out from us: then it has come back."""
    rows = Letter.objects.filter(message_id=id_kept(message_id), direction="out")
    return bool(message_id) and rows.exists()


def written_lately(received: Received, sender: str) -> int:
    """Count the letters of a sender within the hour before this one."""
    hour = (received.at - timedelta(hours=1), received.at)
    rows = Received.objects.filter(channel="mail", shape="mail", sender=sender, at__range=hour)
    return rows.filter(pk__lt=received.pk).count() if sender else 0
