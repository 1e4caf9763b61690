"""Writing back: what a person wrote is queued, and sent by a job."""

from datetime import datetime, timedelta

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.text import storable
from voronka.inquiries.models import Inquiry
from voronka.inquiries.telegram.jobs import deliver
from voronka.inquiries.telegram.tables import Reply, Thread
from voronka.inquiries.telling import tell
from voronka.journal.kinds import InquiryMessage
from voronka.journal.viewer import Viewer
from voronka.people.outside import OutsideClosedError, outside_is_closed

TOP_UNITS = 4096
PRESSED_TWICE = timedelta(seconds=60)


class BadReplyError(RefusalError):
    """Nothing was written, or more than Telegram takes in one message; `most` in signs."""

    code = "bad_reply"


class BotOffError(RefusalError):
    """The bot of this chat is switched off or was taken away."""

    code = "bot_off"


@transaction.atomic
def write_reply(
    *, inquiry_id: int, text: str, by: Viewer, at: datetime, button: str = ""
) -> Reply:
    """Queue an answer; with a `button`, a request for the number. Pressed twice within a
    minute it is one. It counts as an answer once it was sent; a request for a number never.

    Raises: Inquiry.DoesNotExist, Thread.DoesNotExist, BadReplyError, BotOffError,
    OutsideClosedError. Records: InquiryMessage.
    """
    inquiry = Inquiry.objects.changeable_by(by).get(pk=inquiry_id)
    thread = Thread.objects.select_related("chat__bot").get(inquiry=inquiry)
    text = storable(text).strip()
    if not text or len(text.encode("utf-16-le")) // 2 > TOP_UNITS:
        raise BadReplyError(most=TOP_UNITS)
    _demand_open(thread)
    kind = "ask_phone" if button else "answer"
    since = at - PRESSED_TWICE
    again = thread.replies.filter(kind=kind, text=text, by_id=by.by_id, at__gte=since)
    if there := again.exclude(state="failed").first():
        return there
    return queue_reply(thread, kind=kind, text=text, button=button, by=by, at=at)


@transaction.atomic
def send_again(*, reply_id: int, inquiry_id: int, by: Viewer, at: datetime) -> Reply:
    """Queue what could not be sent anew; it is then an answer of whoever pressed.

    Pressed twice it goes once. What the machine writes by itself is not sent again.

    Raises: Inquiry.DoesNotExist, Reply.DoesNotExist, BotOffError, OutsideClosedError.
    Records: InquiryMessage.
    """
    inquiry = Inquiry.objects.changeable_by(by).get(pk=inquiry_id)
    rows = Reply.objects.exclude(kind="auto").exclude(text="").select_for_update(of=("self",))
    reply = rows.select_related("thread__chat__bot").get(pk=reply_id, thread__inquiry=inquiry)
    _demand_open(reply.thread)
    if reply.state == "failed":
        reply.state, reply.problem, reply.attempts = "waiting", "", 0
        reply.at, reply.next_at, reply.by_id = at, at, by.by_id
        reply.save()
        _tell(reply, inquiry, "again", by, at)
    return reply


def queue_reply(
    thread: Thread, *, kind: str, text: str, by: Viewer, at: datetime, button: str = ""
) -> Reply:
    """Queue a message; to be called inside the transaction of what causes it."""
    made = Reply.objects.create(
        thread=thread, kind=kind, text=text, button=button, by_id=by.by_id, at=at, next_at=at
    )
    _tell(made, thread.inquiry, kind, by, at)
    return made


def _demand_open(thread: Thread) -> None:
    bot = thread.chat.bot
    if not (bot.is_on and bot.token):
        raise BotOffError(name=bot.name)
    if outside_is_closed():
        raise OutsideClosedError


def _tell(reply: Reply, inquiry: Inquiry, how: str, by: Viewer, at: datetime) -> None:
    """Write the fact, and let the worker send."""
    said = InquiryMessage(number=inquiry.number, how=how, text=reply.text[:4000])
    tell(said, inquiry, by_id=by.by_id, at=at)
    deliver.enqueue(chat_pk=reply.thread.chat_id)
