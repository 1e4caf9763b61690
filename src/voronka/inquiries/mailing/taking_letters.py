"""What becomes of a letter: an inquiry, a further letter of one, our answer, or nothing."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from voronka.inquiries.intake import answer_inquiry, register_inquiry
from voronka.inquiries.mail_models import Letter
from voronka.inquiries.mailing.letters import Letter as ReadLetter
from voronka.inquiries.mailing.letters import inquiry_of, read_letter
from voronka.inquiries.mailing.threads import (
    id_kept,
    inquiry_answered,
    is_ours,
    mails_of,
    own_addresses,
    writer_of,
    written_lately,
)
from voronka.inquiries.models import Inquiry
from voronka.inquiries.new_inquiry import NoInquiryError
from voronka.inquiries.reading import TOP_RAW, decoded
from voronka.inquiries.received_models import Received
from voronka.inquiries.receiving import keep_files, whole_body
from voronka.journal import actions as journal
from voronka.journal.kinds import InquiryLetter
from voronka.journal.viewer import Viewer
from voronka.people.models import Person
from voronka.people.viewers import SYSTEM, viewer_of

MOST_AN_HOUR = 20
"""No human writes more letters to one firm within an hour; two robots to each other do."""


def take_letter(received: Received, now: datetime) -> Inquiry:
    """Make of a letter what it is, within the transaction that takes it in.

    Raises: UnreadError; NoInquiryError for a machine's letter (auto:machine: and reply, bounce,
    list, robot or loop) or our own (ours).
    Records: InquiryRegistered and what follows it, or InquiryLetter and InquiryAnswered.
    """
    letter, own = read_letter(whole_body(received)), own_addresses()
    if received.shape == "sent":
        return _from_us(received, letter)
    if letter.mail in own:
        visitor = _visitor(letter, own)
        if visitor is None:
            return _from_us(received, letter)
        letter = visitor
    if is_ours(letter.message_id) or written_lately(received, letter.mail) >= MOST_AN_HOUR:
        raise NoInquiryError("auto:machine:loop")
    if known := inquiry_answered(letter.refers, at=received.at):
        _join(received, letter, known, "in", None)
        return known
    if letter.machine:
        raise NoInquiryError(f"auto:machine:{letter.machine}")
    return register_letter(received, letter, SYSTEM, now)


def register_letter(
    received: Received, letter: ReadLetter, by: Viewer, now: datetime
) -> Inquiry:
    """Write an inquiry down as the first letter of its thread.

    Records: InquiryRegistered and what follows it.
    """
    new = replace(
        inquiry_of(letter, decoded(whole_body(received)[:TOP_RAW])),
        number=received.number,
        arrived_at=received.at,
        external_id=received.external_id,
    )
    # A clock set back since must not have it answered before it came.
    inquiry = register_inquiry(new, by=by, at=max(now, received.at))
    _keep(received, letter, inquiry, "in", None)
    return inquiry


def _visitor(letter: ReadLetter, own: frozenset[str]) -> ReadLetter | None:
    """A site's form writes from our own address and names the visitor in Reply-To."""
    visitors = [one for one in letter.reply_to if one[1] not in own]
    if not visitors or letter.refers:
        return None
    return replace(letter, name=visitors[0][0], mail=visitors[0][1])


def _from_us(received: Received, letter: ReadLetter) -> Inquiry:
    known = inquiry_answered(letter.refers, at=received.at)
    if known is None:
        raise NoInquiryError("ours")
    person = writer_of(letter)
    _join(received, letter, known, "out", person)
    # A letter passed on to a colleague is no answer to the client.
    if not letter.machine and mails_of(known) & set(letter.to):
        by = viewer_of(person) if person else SYSTEM
        if not Inquiry.objects.changeable_by(by).filter(pk=known.pk).exists():
            by = SYSTEM
        at = max(received.at, known.arrived_at)
        answer_inquiry(inquiry_id=known.pk, by=by, at=at, channel="mail")
    return known


def _join(
    received: Received, letter: ReadLetter, inquiry: Inquiry, way: str, person: Person | None
) -> None:
    _keep(received, letter, inquiry, way, person)
    body = InquiryLetter(
        number=inquiry.number,
        direction=way,
        mail=letter.mail,
        subject=letter.subject,
        text=letter.text[:500],
        machine=letter.machine,
    )
    about = journal.About(
        case=inquiry.case,
        client_id=inquiry.client_id,
        deal_id=inquiry.deal_id,
        owner_id=inquiry.manager_id,
        source_id=inquiry.source_id,
    )
    by_id = person.pk if person else None
    journal.record(body, about=about, by_id=by_id, at=received.at)


@transaction.atomic
def _keep(
    received: Received, letter: ReadLetter, inquiry: Inquiry, way: str, person: Person | None
) -> None:
    keep_files(received, letter.files)
    Letter.objects.create(
        inquiry=inquiry,
        received=received,
        at=received.at,
        direction=way,
        message_id=id_kept(letter.message_id),
        mail=letter.mail,
        person=person,
        machine=letter.machine,
        subject=letter.subject,
        text=letter.text,
    )
