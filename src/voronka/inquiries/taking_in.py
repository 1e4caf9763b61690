"""From the door into the queue: the worker reads what was received, once."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from voronka.inquiries.consents import take_consent
from voronka.inquiries.intake import register_inquiry
from voronka.inquiries.mailing.letters import read_letter
from voronka.inquiries.mailing.taking_letters import register_letter, take_letter
from voronka.inquiries.models import Inquiry
from voronka.inquiries.new_inquiry import NewInquiry, NoInquiryError
from voronka.inquiries.reading import UnreadError, decoded, read
from voronka.inquiries.received_models import Received
from voronka.inquiries.receiving import number_unread, whole_body
from voronka.inquiries.telegram.joining import take_message
from voronka.journal import actions as journal
from voronka.journal.kinds import DeliveryDropped
from voronka.journal.viewer import Viewer
from voronka.people.viewers import SYSTEM

AT_ONCE, TOP_RAW = 200, 64 * 1024
BY_KEY = "api: "
"""So begin the senders that showed a key."""
log = logging.getLogger("voronka.intake")


def take_in_waiting(*, now: datetime, still: Callable[[], bool] = lambda: True) -> int:
    """Take in all that waits, the oldest first; give how many. Each is a step of its own.

    One that fails is left to a person and holds up no other; a failing database is told.
    """
    taken = 0
    while still():
        waiting = Received.objects.filter(state="waiting").order_by("pk")
        found = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        if not found:
            break
        taken += sum(_taken(pk, now) for pk in found)
    return taken


def _taken(received_id: int, now: datetime) -> bool:
    try:
        return take_in(received_id=received_id, now=now)
    except (OperationalError, InterfaceError):
        # The database is busy or away: this one waits as all others do.
        raise
    except Exception:
        log.exception("delivery %s could not be taken in", received_id)
        return _given_up(received_id)


@transaction.atomic
def _given_up(received_id: int) -> bool:
    rows = Received.objects.select_for_update().filter(pk=received_id, state="waiting")
    if (received := rows.first()) is None:
        return False
    _leave(received, "failed")
    received.save(update_fields=["number", "state", "problem"])
    return True


@transaction.atomic
def take_in(*, received_id: int, now: datetime) -> bool:
    """Make an inquiry of one delivery; False when another worker has done so.

    What nobody can read is left to a person, with the reason; what is no inquiry (a letter of
    a machine, or our own) is put aside with it.
    """
    rows = Received.objects.select_for_update()
    received = rows.filter(pk=received_id, state="waiting").first()
    if received is None:
        return False
    try:
        with transaction.atomic():
            take = _TAKERS.get(received.shape, _registered)
            received.inquiry = take(received, now)
            received.state = "done"
    except UnreadError as error:
        _leave(received, error.code)
    except NoInquiryError as error:
        received.state, received.problem = "dropped", error.code
    received.save(update_fields=["number", "inquiry", "state", "problem"])
    return True


def _leave(received: Received, problem: str) -> None:
    """Leave a delivery to a person."""
    received.state, received.problem = "unread", problem
    number_unread(received)


def _registered(received: Received, now: datetime) -> Inquiry:
    new: NewInquiry = read(received.shape, whole_body(received), received.channel)
    if received.sender.startswith(BY_KEY):
        new = _named_by_key(new)
    # A clock set back since must not have it answered before it came.
    at = max(now, received.at)
    known = replace(
        new,
        number=received.number,
        arrived_at=received.at,
        external_id=new.external_id or received.external_id,
    )
    made = register_inquiry(known, by=SYSTEM, at=at)
    take_consent(made, new.consent, by=SYSTEM, at=received.at)
    return made


def _named_by_key(new: NewInquiry) -> NewInquiry:
    """Who was given a key may name a source of their own: it joins the firm's list."""
    marks = dict(new.marks)
    return replace(new, source=new.source or marks.pop("utm_source", ""), marks=marks)


_TAKERS: dict[str, Callable[[Received, datetime], Inquiry]] = {
    "mail": take_letter,
    "sent": take_letter,
    "telegram": take_message,
}
"""By shape: what becomes of a delivery that is more than an inquiry."""


@transaction.atomic
def write_unread(*, received_id: int, new: NewInquiry, by: Viewer, at: datetime) -> Inquiry:
    """Make an inquiry of what no machine could read, with its number and time of arrival.

    A second click gives the one that is there.

    Raises: Received.DoesNotExist, BadInquiryError, PermissionError.
    Records: InquiryRegistered.
    """
    received = _unread_of(received_id, by)
    if received.inquiry is None:
        known = replace(
            new,
            channel=received.channel,
            number=received.number,
            arrived_at=received.at,
            external_id=received.external_id,
            raw=decoded(whole_body(received))[:TOP_RAW],
        )
        received.inquiry = register_inquiry(known, by=by, at=at)
        received.state = "done"
        received.save(update_fields=["inquiry", "state"])
    return received.inquiry


@transaction.atomic
def take_anyway(*, received_id: int, by: Viewer, at: datetime) -> Inquiry:
    """Make an inquiry of a letter that was put aside as a machine's, or as our own.

    A second click gives the one that is there.

    Raises: Received.DoesNotExist, PermissionError, UnreadError. Records: InquiryRegistered.
    """
    received = _unread_of(received_id, by)
    if received.state == "dropped" and received.shape == "mail":
        letter = read_letter(whole_body(received))
        received.inquiry = register_letter(received, letter, by, at)
        received.state = "done"
        received.save(update_fields=["inquiry", "state"])
    if received.inquiry is None:
        raise Received.DoesNotExist
    return received.inquiry


@transaction.atomic
def drop_unread(*, received_id: int, by: Viewer, at: datetime) -> None:
    """Say that a delivery is no inquiry; what was sent stays.

    Raises: Received.DoesNotExist, PermissionError. Records: DeliveryDropped.
    """
    received = _unread_of(received_id, by)
    if received.state == "unread":
        received.state = "dropped"
        received.save(update_fields=["state"])
        body = DeliveryDropped(number=received.number or 0, channel=received.channel)
        about = journal.About(case=f"received:{received.pk}")
        journal.record(body, about=about, by_id=by.by_id, at=at)


def _unread_of(received_id: int, by: Viewer) -> Received:
    if by.reach("inquiry", "change") is not None:
        raise PermissionError("inquiry")
    return Received.objects.select_for_update().get(pk=received_id)
