"""An inquiry's way: registered, assigned, answered, classified."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from voronka.clients.cards import (
    BadMailError,
    NewClient,
    add_client,
    clean_mail,
    known_source,
    source_named,
)
from voronka.clients.finding import by_phone
from voronka.clients.models import Client
from voronka.deals.dealing import open_deal
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.foundation.phones import parse_phone
from voronka.foundation.text import storable
from voronka.foundation.turns import take_turn
from voronka.inquiries.accepting import take_in_hand
from voronka.inquiries.answering import note_answer
from voronka.inquiries.choosing import choose_manager
from voronka.inquiries.decisions import override
from voronka.inquiries.holding import give
from voronka.inquiries.models import CHANNELS, STATES, Inquiry
from voronka.inquiries.new_inquiry import NewInquiry as NewInquiry
from voronka.inquiries.receiving import next_number
from voronka.inquiries.spam import marked_before
from voronka.inquiries.telling import tell
from voronka.journal.kinds import (
    FactBody,
    InquiryAssigned,
    InquiryClassified,
    InquiryRegistered,
)
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.models import Person


class BadInquiryError(RefusalError):
    """An unknown channel or state, or nothing at all was said."""

    code = "bad_inquiry"


class StateReasonMissingError(RefusalError):
    """ "Not targeted", spam and duplicates need a reason."""

    code = "state_reason_missing"


@transaction.atomic
def register_inquiry(new: NewInquiry, *, by: Viewer, at: datetime) -> Inquiry:
    """Write an inquiry down, with its number, even when half of it cannot be read.

    A known phone or mail joins it to the client, the client's manager and newest open deal;
    else, where routing is on, it goes to whom is likeliest to win it. What a machine takes for
    spam is marked so and goes to nobody.
    The same channel and external id again give the inquiry that is there.

    Raises: BadInquiryError when the channel is unknown or everything is empty.
    Records: InquiryRegistered, InquiryAssigned when somebody got it, InquiryClassified of spam.
    """
    new = _storable(new)
    said = (new.name, new.phone, new.mail, new.text)
    if new.channel not in CHANNELS or not "".join(said).strip():
        raise BadInquiryError(channel=new.channel)
    # Decided one after another, so that no cap is passed by two at once. What has its number
    # from the door leaves the turn of numbers to the door.
    take_turn("inquiry decision")
    if new.number is None:
        take_turn("inquiry number")
    known = Inquiry.objects.filter(channel=new.channel, external_id=new.external_id[:120])
    if new.external_id and (there := known.first()):
        return there
    phone, mail = _read(new)
    client = _known_client(phone, mail, new.client_id)
    inquiry = _numbered(new, at, phone, mail, client)
    spam = "" if new.manager_id or client else _spam(new, phone, mail)
    manager_id = new.manager_id or (None if spam else choose_manager(inquiry, at=at))
    if manager_id:
        give(inquiry, to_id=manager_id, by_id=by.by_id, at=at)
    source = inquiry.source.name if inquiry.source else ""
    body = InquiryRegistered(
        number=inquiry.number, channel=new.channel, source=source, text=inquiry.text[:500]
    )
    _record(body, inquiry, by, at)
    if manager_id:
        _record(InquiryAssigned(number=inquiry.number, to_id=manager_id), inquiry, by, at)
    if spam:
        _classify(inquiry, "spam", spam, by, at)
    return inquiry


def _spam(new: NewInquiry, phone: str, mail: str) -> str:
    """Why a machine takes it for spam, as "auto:trap", "auto:sender:4"; "" when it does not."""
    if new.spam:
        return f"auto:{new.spam}"
    marked = marked_before(phone, mail)
    return f"auto:sender:{marked}" if marked else ""


def _numbered(
    new: NewInquiry, at: datetime, phone: str, mail: str, client: Client | None
) -> Inquiry:
    """Write an inquiry with the next number."""
    deal = client.deals.live().filter(outcome="").order_by("-pk").first() if client else None
    return Inquiry.objects.create(
        number=new.number or next_number(),
        arrived_at=new.arrived_at or at,
        channel=new.channel,
        source=source_named(new.source) or known_source(new.marks.get("utm_source", "")),
        name=new.name.strip()[:200],
        phone=phone or new.phone.strip()[:40],
        mail=mail or new.mail.strip()[:200],
        text=new.text.strip(),
        marks=dict(new.marks),
        raw=new.raw,
        client=client,
        deal=deal,
        external_id=new.external_id[:120],
    )


@transaction.atomic
def assign_inquiry(
    *, inquiry_id: int, to_id: int, by: Viewer, at: datetime, reason: str = ""
) -> Inquiry:
    """Give an inquiry to an active person; the person's clock and timer start anew.

    Raises: Inquiry.DoesNotExist, Person.DoesNotExist. Records: InquiryAssigned, and
    InquiryOverridden when the rules had chosen another one.
    """
    inquiry = _changeable(inquiry_id, by)
    to = Person.objects.get(pk=to_id, is_active=True)
    if inquiry.manager_id == to.pk:
        return inquiry
    overridden = override(inquiry, to_id=to.pk, reason=reason, by=by, at=at)
    give(inquiry, to_id=to.pk, by_id=by.by_id, at=at)
    _record(InquiryAssigned(number=inquiry.number, to_id=to.pk), inquiry, by, at)
    if overridden:
        _record(overridden, inquiry, by, at)
    return inquiry


@transaction.atomic
def answer_inquiry(
    *,
    inquiry_id: int,
    by: Viewer,
    at: datetime,
    channel: str = "",
    talk_seconds: int | None = None,
    is_automatic: bool = False,
) -> Inquiry:
    """Note a human's reply; only the first one counts. A call below the norm is no answer,
    nor is a reply that a machine wrote.

    Whoever answers an inquiry that nobody has takes it.

    Raises: Inquiry.DoesNotExist. Records: InquiryAnswered with both clocks.
    """
    inquiry = _changeable(inquiry_id, by)
    least = settings.all_settings()["talk_seconds"]
    is_attempt = talk_seconds is not None and talk_seconds < least
    if not (inquiry.answered_at or is_attempt or is_automatic):
        note_answer(inquiry, by_id=by.by_id, at=at, channel=channel)
    return inquiry


@transaction.atomic
def classify_inquiry(
    *, inquiry_id: int, state: str, reason: str, by: Viewer, at: datetime
) -> Inquiry:
    """Say whether an inquiry is targeted. The same state again does nothing.

    Raises: Inquiry.DoesNotExist, BadInquiryError, StateReasonMissingError.
    Records: InquiryClassified.
    """
    inquiry = _changeable(inquiry_id, by)
    if state not in STATES or state == "new":
        raise BadInquiryError(state=state)
    if state != "targeted" and not reason.strip():
        raise StateReasonMissingError(state=state)
    if inquiry.state == state and inquiry.state_reason == reason.strip():
        return inquiry
    _classify(inquiry, state, reason, by, at)
    return inquiry


def _classify(inquiry: Inquiry, state: str, reason: str, by: Viewer, at: datetime) -> None:
    body = InquiryClassified(
        number=inquiry.number, state=state, was=inquiry.state, reason=reason.strip()[:200]
    )
    inquiry.state, inquiry.state_reason, inquiry.state_at = state, body.reason, at
    inquiry.save(update_fields=["state", "state_reason", "state_at"])
    _record(body, inquiry, by, at)
    take_in_hand(inquiry, by=by, at=at)


@transaction.atomic
def deal_from_inquiry(*, inquiry_id: int, title: str, by: Viewer, at: datetime) -> Deal:
    """Make a targeted inquiry into a deal, with a client's card when there is none.

    A second click gives the deal that is there. The source that a link named joins the firm's
    own: a person has found it worth a deal.

    Raises: Inquiry.DoesNotExist, NoFunnelError, TitleMissingError.
    Records: ClientAdded, DealOpened, StageEntered, InquiryClassified.
    """
    inquiry = _changeable(inquiry_id, by)
    if inquiry.deal is None:
        named = str(inquiry.marks.get("utm_source", ""))
        inquiry.source = inquiry.source or source_named(named)
        client = inquiry.client or _new_client(inquiry, by, at)
        source = inquiry.source.name if inquiry.source else ""
        manager_id = inquiry.manager_id or by.by_id
        inquiry.client = client
        inquiry.deal = open_deal(
            client_id=client.pk, title=title, by=by, at=at, manager_id=manager_id, source=source
        )
        inquiry.save(update_fields=["client", "deal", "source"])
    classify_inquiry(inquiry_id=inquiry_id, state="targeted", reason="", by=by, at=at)
    return inquiry.deal


def _new_client(inquiry: Inquiry, by: Viewer, at: datetime) -> Client:
    phone, mail = inquiry.phone, inquiry.mail
    new = NewClient(
        name=inquiry.name or phone or mail or f"№ {inquiry.number}",
        kind="person",
        phones=[phone] if phone.startswith("+") else [],
        mails=[mail] if "@" in mail else [],
        source=inquiry.source.name if inquiry.source else "",
        manager_id=inquiry.manager_id,
    )
    return add_client(new, by=by, at=at)


def _changeable(inquiry_id: int, by: Viewer) -> Inquiry:
    rows = Inquiry.objects.changeable_by(by).select_related("source")
    return rows.select_for_update(of=("self",)).get(pk=inquiry_id)


def _storable(new: NewInquiry) -> NewInquiry:
    names = ("name", "phone", "mail", "text", "source", "raw", "external_id")
    texts: dict[str, Any] = {name: storable(getattr(new, name)) for name in names}
    marks = {storable(name): storable(value) for name, value in new.marks.items()}
    return replace(new, marks=marks, **texts)


def _read(new: NewInquiry) -> tuple[str, str]:
    try:
        phone = parse_phone(new.phone).e164 if new.phone.strip() else ""
    except RefusalError:
        phone = ""
    try:
        mail = clean_mail(new.mail) if new.mail.strip() else ""
    except BadMailError:
        mail = ""
    return phone, mail


def _known_client(phone: str, mail: str, client_id: int | None) -> Client | None:
    found = by_phone(phone).first() if phone else None
    if found is None and mail:
        rows = Client.objects.live().filter(mails__address=mail)
        found = rows.order_by("created_at", "pk").first()
    if found is None and client_id:
        found = Client.objects.live().filter(pk=client_id).first()
    return found


def _record(body: FactBody, inquiry: Inquiry, by: Viewer, at: datetime) -> None:
    tell(body, inquiry, by_id=by.by_id, at=at)
