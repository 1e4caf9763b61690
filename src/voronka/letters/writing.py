"""Writing to a client: what a person wrote is queued, and sent by a job."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Value

from voronka.agenda.models import Step
from voronka.clients.cards import changeable
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.foundation import files
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.recent import recent
from voronka.foundation.text import storable
from voronka.inquiries.attachments import GivenFile, SortedFile, sort_files
from voronka.journal.kinds import LetterWritten
from voronka.journal.viewer import Viewer
from voronka.letters.filling import open_places
from voronka.letters.jobs import deliver
from voronka.letters.models import CHANNELS, Gateway, Letter, LetterFile, Sender, Template
from voronka.letters.senders import mail_address
from voronka.letters.telling import tell
from voronka.people.outside import OutsideClosedError, outside_is_closed

LONGEST = {"mail": 50_000, "message": 1_000}
PRESSED_TWICE = timedelta(seconds=60)
MOST_BYTES = 18 * 1024 * 1024
"""All files of a letter: most servers take 25 MB, and a letter is a third larger."""


class BadLetterError(RefusalError):
    """A letter needs this; details: field (channel, subject, text), most (signs)."""

    code = "bad_letter"


class UnfilledError(RefusalError):
    """Places of the template stand unfilled; details: places."""

    code = "unfilled"


class BadAttachmentError(RefusalError):
    """A file cannot go along; details: name, problem (too_big, bad_kind, empty, too_many),
    or no_files where it is no letter.
    """

    code = "bad_attachment"


class NoSenderError(RefusalError):
    """Nothing is set up that brings it; details: channel."""

    code = "no_sender"


@dataclass(frozen=True, kw_only=True)
class NewLetter:
    """A letter as typed. `to`: a mail address, or a number in any form.

    `step_id`: the open step that is done once the letter has been sent.
    """

    channel: str
    client_id: int
    to: str
    text: str
    subject: str = ""
    deal_id: int | None = None
    step_id: int | None = None
    template_id: int | None = None
    files: Sequence[GivenFile] = ()


@transaction.atomic
def write_letter(new: NewLetter, *, by: Viewer, at: datetime) -> Letter:
    """Queue a letter or a message to a client. Pressed twice within a minute it is one.

    Raises: Client.DoesNotExist, Deal.DoesNotExist, Step.DoesNotExist, PermissionError,
    BadLetterError, UnfilledError, BadAttachmentError, BadMailError, BadPhoneError,
    NoSenderError, OutsideClosedError; nothing was changed. Records: LetterWritten.
    """
    if by.by_id is None:
        raise PermissionError("letter")
    subject, text = _checked(new)
    attached = _sorted(new)
    to = mail_address(new.to) if new.channel == "mail" else parse_phone(new.to).e164
    demand_open(new.channel)
    client = _client(new.client_id, new.deal_id, by)
    since = at - PRESSED_TWICE
    again = Letter.objects.filter(
        client=client, channel=new.channel, to=to, subject=subject, text=text,
        by_id=by.by_id, at__gte=since,
    )  # fmt: skip
    contents = {(one.name, hashlib.sha256(one.content).hexdigest()) for one in attached}
    for there in again.exclude(state="failed").order_by("pk"):
        if set(there.files.values_list("name", "content")) == contents:
            return there
    deal = _deal(new, client, by)
    letter = Letter.objects.create(
        channel=new.channel,
        client=client,
        deal=deal,
        step=_step(new, client, deal, by),
        template=Template.objects.filter(pk=new.template_id or 0).first(),
        to=to,
        subject=subject,
        text=text,
        by_id=by.by_id,
        at=at,
        message_id=_new_id(new.channel),
        next_at=at,
    )
    LetterFile.objects.bulk_create(
        LetterFile(
            letter=letter, name=one.name, kind=one.kind, size=len(one.content),
            content=files.keep(one.content),
        )
        for one in attached
    )  # fmt: skip
    body = LetterWritten(
        letter_id=letter.pk, channel=new.channel, to=to, subject=subject, text=text[:4000]
    )
    tell(body, letter, by_id=by.by_id, at=at)
    deliver.enqueue(letter_pk=letter.pk)
    return letter


@transaction.atomic
def send_again(*, letter_id: int, by: Viewer, at: datetime) -> Letter:
    """Queue what could not be sent anew. Pressed twice it goes once.

    Raises: Letter.DoesNotExist, Client.DoesNotExist, NoSenderError, OutsideClosedError.
    """
    letter = Letter.objects.select_for_update(of=("self",)).exclude(text="").get(pk=letter_id)
    _client(letter.client_id, letter.deal_id, by)
    demand_open(letter.channel)
    if letter.state == "failed":
        letter.state, letter.problem, letter.attempts = "waiting", "", 0
        letter.at, letter.next_at = at, at
        if letter.channel == "message":
            # A gateway that knows the id would say yes and send nothing.
            letter.message_id = _new_id(letter.channel)
        letter.save()
        deliver.enqueue(letter_pk=letter.pk)
    return letter


def demand_open(channel: str) -> None:
    """Raise unless something that brings it is set up and may be used.

    Raises: OutsideClosedError, NoSenderError.
    """
    if outside_is_closed():
        raise OutsideClosedError
    if channel not in channels_open():
        raise NoSenderError(channel=channel)


@recent()
def channels_open() -> tuple[str, ...]:
    """List what is set up and switched on; kept until it changes."""
    senders = Sender.objects.filter(is_on=True).annotate(way=Value("mail")).values_list("way")
    gateways = Gateway.objects.filter(is_on=True).annotate(way=Value("message"))
    return tuple(sorted(way for (way,) in senders.union(gateways.values_list("way"))))


def _checked(new: NewLetter) -> tuple[str, str]:
    if new.channel not in CHANNELS:
        raise BadLetterError(field="channel", most=0)
    subject = " ".join(storable(new.subject).split()) if new.channel == "mail" else ""
    text = storable(new.text).replace("\r\n", "\n").strip()
    most = LONGEST[new.channel]
    if not text or len(text) > most:
        raise BadLetterError(field="text", most=most)
    if new.channel == "mail" and not 0 < len(subject) <= 300:
        raise BadLetterError(field="subject", most=300)
    if places := open_places(f"{subject}\n{text}"):
        raise UnfilledError(places=" ".join(places)[:200])
    return subject, text


def _client(client_id: int, deal_id: int | None, by: Viewer) -> Client:
    """Lock and give the card: whose it is writes, and who has the deal written about."""
    deals = Deal.objects.changeable_by(by).filter(pk=deal_id or 0, client_id=client_id)
    if deals.exists():
        return Client.objects.live().select_for_update(of=("self",)).get(pk=client_id)
    return changeable(client_id, by)


def _sorted(new: NewLetter) -> list[SortedFile]:
    found = sort_files(list(new.files))
    if found and new.channel != "mail":
        raise BadAttachmentError(name=found[0].name, problem="no_files")
    for one in found:
        if one.problem:
            raise BadAttachmentError(name=one.name, problem=one.problem)
    if sum(len(one.content) for one in found) > MOST_BYTES:
        raise BadAttachmentError(name=found[-1].name, problem="too_big")
    return found


def _deal(new: NewLetter, client: Client, by: Viewer) -> Deal | None:
    if new.deal_id is None:
        return None
    return Deal.objects.visible_to(by).get(pk=new.deal_id, client=client)


def _step(new: NewLetter, client: Client, deal: Deal | None, by: Viewer) -> Step | None:
    """Give the open step that this letter does: of its deal, else of its client."""
    if new.step_id is None:
        return None
    rows = Step.objects.changeable_by(by).open()
    return rows.get(pk=new.step_id, **({"deal": deal} if deal else {"client": client}))


def _new_id(channel: str) -> str:
    return f"<{uuid4().hex}@{'letters' if channel == 'mail' else 'messages'}.voronka>"
