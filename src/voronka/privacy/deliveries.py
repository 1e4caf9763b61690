"""Erasing what was received at the door: the raw input, the files that came along, notices."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q

from voronka.calls.exchange_models import CallEvent
from voronka.calls.models import Call
from voronka.calls.sound.keeping import drop_purged, drop_unnamed
from voronka.foundation.traces import Traces
from voronka.inquiries.models import (
    Chat,
    Letter,
    NotCustomer,
    Received,
    ReceivedFile,
    Reply,
    Thread,
)
from voronka.inquiries.reading import decoded
from voronka.inquiries.receiving import whole_body
from voronka.letters.models import Letter as LetterToClient
from voronka.letters.models import LetterFile
from voronka.people.models import Notice
from voronka.privacy.recordings import blank_recordings
from voronka.privacy.subject import Subject


def blank_deliveries(one: Subject, *, at: datetime) -> dict[str, int]:
    """Empty the deliveries of the subject's inquiries, and unread ones that hold a trace.

    A file goes from the store once nothing else names it. Notices lose whose they were.
    """
    own = Received.objects.filter(inquiry_id__in=one.inquiry_ids)
    ids = set(own.values_list("pk", flat=True)) | _unread_with(one.traces)
    attached = ReceivedFile.objects.filter(received_id__in=ids)
    names = set(attached.exclude(content="").values_list("content", flat=True))
    rows = Received.objects.filter(pk__in=ids)
    names |= set(rows.exclude(body_file="").values_list("body_file", flat=True))
    sent = LetterFile.objects.filter(letter__in=LetterToClient.objects.filter(one.letters()))
    names |= set(sent.values_list("content", flat=True))
    n_sent = sent.delete()[0]
    sounds = blank_recordings(one, at=at)
    n_files = attached.delete()[0]
    empty = dict.fromkeys(("body_file", "sender", "digest", "external_id"), "")
    n = rows.update(body=b"", size=0, **empty)
    letters = Letter.objects.filter(inquiry_id__in=one.inquiry_ids)
    letters.update(**dict.fromkeys(("message_id", "mail", "subject", "text"), ""))
    set_aside = {*one.traces.phones, *one.traces.mails}
    NotCustomer.objects.filter(address__in=set_aside).delete()
    transaction.on_commit(lambda: _drop(names))
    return sounds | {
        "calls.callevent": _blank_events(one),
        "inquiries.received": n,
        "inquiries.receivedfile": n_files,
        "letters.letterfile": n_sent,
        "inquiries.chat": _blank_chats(one),
        "people.notice": _blank_notices(one),
    }


def _blank_chats(one: Subject) -> int:
    """Forget whose chats they were and what was written there; nothing goes there any more.

    A chat that is another client's as well stays that client's.
    """
    threads = Thread.objects.filter(inquiry_id__in=one.inquiry_ids)
    replies = Reply.objects.filter(thread__in=threads)
    replies.filter(state="waiting").update(state="failed", problem="gone", leased_until=None)
    replies.update(text="")
    shared = Thread.objects.exclude(inquiry_id__in=one.inquiry_ids).values("chat_id")
    chats = Chat.objects.filter(pk__in=threads.values("chat_id")).exclude(pk__in=shared)
    # Who wrote to a bot is known by the chat's id; those of private chats are above zero.
    return chats.update(chat_id=-F("pk"), name="", username="", phone="", language="")


def _unread_with(traces: Traces) -> set[int]:
    """Find deliveries without an inquiry whose text holds a trace."""
    found = set()
    for row in Received.objects.filter(inquiry=None).exclude(size=0).iterator():
        try:
            said = decoded(whole_body(row))
        except FileNotFoundError:
            said = decoded(bytes(row.body))
        if traces.masked(said) != said:
            found.add(row.pk)
    return found


def _blank_events(one: Subject) -> int:
    """Empty what exchanges said of the subject's calls, and what nobody could read of them.

    The rows stay with their names: what was told once is not taken in again.
    """
    calls = Call.objects.filter(pk__in=one.call_ids).exclude(exchange=None)
    said = CallEvent.objects.exclude(body="")
    ids = set(
        said.filter(state="unread")
        .filter(
            reduce(or_, (Q(body__contains=p.lstrip("+")) for p in one.traces.phones), Q(pk=0))
        )
        .values_list("pk", flat=True)
    )
    for exchange_id, ref in calls.values_list("exchange_id", "call_ref"):
        own = said.filter(exchange_id=exchange_id, call_ref=ref)
        ids |= set(own.values_list("pk", flat=True))
    return CallEvent.objects.filter(pk__in=ids).update(body="", state="done", problem="")


def _blank_notices(one: Subject) -> int:
    wanted = set(one.inquiry_ids)
    found = [
        row for row in Notice.objects.iterator() if row.about.get("id") in wanted
        or row.about.get("call_id") in one.call_ids
        or one.traces.masked(str(row.about)) != str(row.about)
    ]  # fmt: skip
    for row in found:
        row.about = row.about | {"who": ""}
        row.save(update_fields=["about"])
    return len(found)


def _drop(names: set[str]) -> None:
    # What went to another client too is theirs; rooms below know nothing of letters.
    sent = LetterFile.objects.filter(content__in=names).values_list("content", flat=True)
    drop_unnamed(names - set(sent))
    drop_purged()
