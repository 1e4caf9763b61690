"""Mailboxes are looked into: each new letter is stored at the door, then its number noted."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q

from voronka.foundation.sealing import LostKeyError, unseal
from voronka.inquiries.mail_models import Mailbox, MailFolder
from voronka.inquiries.mailing.headers import addresses, ids, name_of
from voronka.inquiries.mailing.imap import Door, Head, MailProblemError, Server, signed_in
from voronka.inquiries.mailing.letters import message_of
from voronka.inquiries.mailing.threads import is_known
from voronka.inquiries.received_models import Received
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.taking_in import take_in_waiting

LOOKED_EVERY = timedelta(seconds=30)
AFTER_PROBLEM = {"bad_login": timedelta(minutes=10), "lost_key": timedelta(minutes=10)}
"""A server that is asked too often with a wrong password locks the mailbox."""
LEASE = timedelta(minutes=10)
AT_ONCE = 200
TOP_LETTER = 25 * 1024 * 1024
FIELDS = "MESSAGE-ID DATE FROM SENDER SUBJECT IN-REPLY-TO REFERENCES"
log = logging.getLogger("voronka.mail")


def look_into_due(*, now: datetime) -> int:
    """Look into every mailbox whose time has come; give how many letters were stored.

    Of several processes one looks. A problem is noted at the mailbox, and the others go on.
    Nobody looks in a demonstration: strangers may have set its mailboxes.
    """
    if settings.IS_DEMO:
        return 0
    stored = 0
    for box in Mailbox.objects.filter(is_on=True, next_look_at__lte=now).order_by("pk"):
        mine = Mailbox.objects.filter(pk=box.pk, next_look_at=box.next_look_at, is_on=True)
        if mine.update(next_look_at=now + LEASE):
            stored += _looked_into(box, now)
    return stored


def look_into(box: Mailbox, *, now: datetime) -> int:
    """Store what is new in a mailbox: letters to us, then our answers to them.

    A letter is stored before its number is noted, so that an end at any moment loses none;
    its own name keeps it from being there twice. Raises: MailProblemError.
    """
    with signed_in(server_of(box)) as door:
        folders = {one.role: one for one in box.folders.all()}
        stored = _read_folder(door, box, folders["in"], now)
        if stored:
            # Answers are known by the letters that they answer.
            take_in_waiting(now=now)
        sent = folders.get("sent")
        if sent and (sent.name or _found(door, sent)):
            stored += _read_folder(door, box, sent, now)
    return stored


def server_of(box: Mailbox) -> Server:
    """Give where the mailbox is. Raises: MailProblemError lost_key."""
    try:
        password = unseal(box.secret)
    except LostKeyError as error:
        raise MailProblemError("lost_key") from error
    return Server(
        host=box.server,
        port=box.port,
        security=box.security,
        login=box.login,
        password=password,
    )


def _looked_into(box: Mailbox, now: datetime) -> int:
    rows, stored = Mailbox.objects.filter(pk=box.pk), 0
    try:
        stored = look_into(box, now=now)
    except MailProblemError as error:
        log.warning("mailbox %s: %s", box.pk, error.code)
        later = now + AFTER_PROBLEM.get(error.code, LOOKED_EVERY * 2)
        since = box.problem_at if box.problem == error.code else now
        rows.update(problem=error.code, problem_at=since, next_look_at=later)
    except DatabaseError:
        raise
    except Exception:
        log.exception("mailbox %s could not be looked into", box.pk)
        rows.update(problem="failed", problem_at=now, next_look_at=now + LEASE)
    else:
        later = now + LOOKED_EVERY
        rows.update(problem="", problem_at=None, succeeded_at=now, next_look_at=later)
    return stored


def _found(door: Door, sent: MailFolder) -> bool:
    sent.name = door.sent_folder()[:200]
    if sent.name:
        sent.save(update_fields=["name"])
    return bool(sent.name)


def _read_folder(door: Door, box: Mailbox, folder: MailFolder, now: datetime) -> int:
    marks = box.marks_read and folder.role == "in"
    validity, _following = door.open(folder.name, to_write=marks)
    if folder.uid_validity != validity:
        # All numbers are new: what was stored already is known by name.
        folder.uid_validity, folder.last_uid = validity, 0
        folder.save(update_fields=["uid_validity", "last_uid"])
    uids, stored = door.uids(above=folder.last_uid, since=box.since), 0
    for n in range(0, len(uids), AT_ONCE):
        chunk = uids[n : n + AT_ONCE]
        for head in door.heads(chunk, FIELDS):
            stored += _store(door, box, folder, head, now)
            if marks:
                door.mark_read(head.uid)
        _note(folder, chunk[-1])
    return stored


def _store(door: Door, box: Mailbox, folder: MailFolder, head: Head, now: datetime) -> bool:
    if head.at < box.since:
        return False
    listed = message_of(head.header)
    if folder.role == "sent" and not is_known(ids(listed, "In-Reply-To", "References")):
        # What our people write to others than inquiries is not ours to keep.
        return False
    name = name_of(listed)
    if name and Received.objects.filter(channel="mail", external_id=name).exists():
        return False
    body, problem = _body(door, head)
    if body is None:
        return False
    sender = addresses(listed, "From", "Sender")
    given = Delivery(
        channel="mail",
        shape="sent" if folder.role == "sent" else "mail",
        body=body,
        sender=sender[0][1] if sender else "",
        # Without an id: by its bytes, which say when it passed which server.
        external_id=name or f"bytes~{hashlib.sha256(body).hexdigest()}",
        problem=problem,
    )
    receipt = receive(given, at=min(head.at, now))
    _note(folder, head.uid)
    return receipt.is_new


def _body(door: Door, head: Head) -> tuple[bytes | None, str]:
    """Give a letter and why nobody but a person can read it; None when it is there no more."""
    try:
        body = door.body(head.uid, most=TOP_LETTER)
    except MailProblemError as error:
        if error.code != "broken":
            raise
        # The server itself cannot read it: that one must not stop all that follow.
        return head.header, "bad_mail"
    return body, "too_long" if head.size > TOP_LETTER else ""


def _note(folder: MailFolder, uid: int) -> None:
    """Note how far the folder is read; another process may be further already."""
    rows = MailFolder.objects.filter(pk=folder.pk, uid_validity=folder.uid_validity)
    rows.filter(Q(last_uid__lt=uid)).update(last_uid=uid)
