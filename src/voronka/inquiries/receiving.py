"""The door: what comes in is stored, numbered and acknowledged before anybody reads it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from voronka.foundation import files
from voronka.foundation.errors import RefusalError
from voronka.foundation.text import storable
from voronka.foundation.turns import take_turn
from voronka.foundation.waking import wake_after_commit
from voronka.inquiries.attachments import GivenFile, SortedFile, sort_files
from voronka.inquiries.models import Inquiry
from voronka.inquiries.received_models import Received, ReceivedFile

TOP_BODY, TOP_NAME = 256 * 1024, 120
SAME_WITHIN = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
CONVERSATIONS = ("mail", "sent", "telegram")
"""Shapes that may go on with an inquiry: numbered once read, so that numbers leave no gaps."""


class TooManyError(RefusalError):
    """More came through this channel within a minute than the setting allows. Nothing is lost:
    nothing was acknowledged; the sender tries again.
    """

    code = "too_many"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What stands at the door. `external_id`: the sender's own name for it, told once per
    channel; without one the same body from the same sender within ten minutes is the same.
    `problem`: already known that nobody can read it (not_json, too_long ...).
    """

    channel: str
    shape: str
    body: bytes
    sender: str = ""
    external_id: str = ""
    problem: str = ""
    files: list[GivenFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The number under which it stands, and whether it is there for the first time.

    The number is 0 where only reading tells whether it is an inquiry of its own.
    """

    received_id: int
    number: int
    is_new: bool


def receive(given: Delivery, *, at: datetime, per_minute: int = 0) -> Receipt:
    """Store a delivery; when this returns, it is durable and has its number, unless it may
    belong to an inquiry that is there.

    The same one again gives the first one's receipt. The worker takes it in from here.

    Raises: TooManyError when `per_minute` (0: no limit) came through the channel already.
    """
    digest = _digest(given)
    if there := _same(given, digest, at):
        return Receipt(there.pk, there.number or 0, is_new=False)
    _not_too_many(given.channel, at, per_minute)
    kept = _kept(given.files)
    whole = files.keep(given.body) if len(given.body) > TOP_BODY else ""
    with transaction.atomic():
        take_turn("inquiry number")
        if there := _same(given, digest, at):
            return Receipt(there.pk, there.number or 0, is_new=False)
        is_read_first = given.shape in CONVERSATIONS and not given.problem
        made = Received.objects.create(
            number=None if is_read_first else next_number(),
            channel=given.channel,
            shape=given.shape,
            at=at,
            sender=storable(given.sender)[:200],
            external_id=_own_name(given),
            digest=digest,
            body=given.body[:TOP_BODY],
            body_file=whole,
            size=len(given.body),
            state="unread" if given.problem else "waiting",
            problem=given.problem,
        )
        _write_files(made, kept)
        wake_after_commit()
    return Receipt(made.pk, made.number or 0, is_new=True)


def keep_files(received: Received, given: list[GivenFile]) -> None:
    """Keep files that were found within a delivery already stored."""
    _write_files(received, _kept(given))


def number_unread(received: Received) -> None:
    """Number what was to be numbered once read, and cannot be read."""
    if received.number is None:
        take_turn("inquiry number")
        received.number = next_number()


def next_number() -> int:
    """Give the next number of an inquiry; to be asked inside the turn "inquiry number"."""
    top = Received.objects.aggregate(top=Max("number"))["top"] or 0
    return 1 + max(top, Inquiry.objects.aggregate(top=Max("number"))["top"] or 0)


def whole_body(received: Received) -> bytes:
    """Give all that was sent."""
    return files.read(received.body_file) if received.body_file else bytes(received.body)


def _kept(given: list[GivenFile]) -> list[tuple[SortedFile, str]]:
    sorted_files = sort_files(given)
    return [(one, "" if one.problem else files.keep(one.content)) for one in sorted_files]


def _write_files(received: Received, kept: list[tuple[SortedFile, str]]) -> None:
    ReceivedFile.objects.bulk_create(
        ReceivedFile(
            received=received,
            name=storable(one.name),
            kind=one.kind,
            size=len(one.content),
            content=content,
            problem=one.problem,
        )
        for one, content in kept
    )


def _digest(given: Delivery) -> str:
    if given.external_id:
        return ""
    said = hashlib.sha256(f"{given.channel}\n{given.sender}\n".encode())
    said.update(given.body)
    for one in given.files:
        said.update(hashlib.sha256(one.content).digest())
    return said.hexdigest()


def _own_name(given: Delivery) -> str:
    """Give the sender's own name for it; of a long one all signs count, told by a hash."""
    name = storable(given.external_id)
    if len(name) <= TOP_NAME:
        return name
    return f"{name[:50]} {hashlib.sha256(name.encode()).hexdigest()}"


def _same(given: Delivery, digest: str, at: datetime) -> Received | None:
    rows = Received.objects.filter(channel=given.channel)
    if given.external_id:
        return rows.filter(external_id=_own_name(given)).first()
    lately = (at - SAME_WITHIN, at + SAME_WITHIN)
    return rows.filter(digest=digest, at__range=lately).order_by("-pk").first()


def _not_too_many(channel: str, at: datetime, per_minute: int) -> None:
    if per_minute:
        lately = Received.objects.filter(channel=channel, at__range=(at - MINUTE, at))
        if lately.count() >= per_minute:
            raise TooManyError(limit=per_minute)
