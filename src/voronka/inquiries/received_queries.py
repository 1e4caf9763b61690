"""Reads about deliveries: what nobody could read, the raw input, the files that came along."""

from dataclasses import dataclass
from datetime import datetime

from voronka.foundation import files
from voronka.inquiries.mailing.letters import subject_of
from voronka.inquiries.models import Inquiry
from voronka.inquiries.reading import decoded
from voronka.inquiries.received_models import Received, ReceivedFile
from voronka.journal.viewer import Viewer

SHOWN, HEADERS = 4000, 32_000


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that came along; `is_kept` is False where `problem` says why not. Bytes."""

    id: int
    name: str
    kind: str
    size: int
    is_kept: bool
    problem: str


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A delivery that a person has to look at. `said`: its beginning as text; `size`: bytes;
    `number`: None for what was put aside.
    """

    id: int
    number: int | None
    at: datetime
    channel: str
    sender: str
    problem: str
    said: str
    size: int


def unread(*, viewer: Viewer, limit: int = 100) -> list[UnreadRow]:
    """List what nobody could read, the newest first; for those who see all inquiries."""
    if viewer.reach("inquiry", "read") is not None:
        return []
    rows = Received.objects.filter(state="unread").order_by("-pk")[:limit]
    return [_unread(one, decoded(bytes(one.body[:SHOWN]))) for one in rows]


def put_aside(*, viewer: Viewer, limit: int = 50) -> list[UnreadRow]:
    """List the letters of machines and our own that became no inquiry, the newest first; for
    those who see all inquiries. `said`: the subject.
    """
    if viewer.reach("inquiry", "read") is not None:
        return []
    rows = Received.objects.filter(state="dropped", shape="mail", inquiry=None)
    found = rows.exclude(problem="").order_by("-pk")[:limit]
    return [_unread(one, subject_of(bytes(one.body[:HEADERS]))) for one in found]


def files_of(*, inquiry_id: int) -> list[FileRow]:
    """List the files of an inquiry that the viewer was let to open."""
    rows = ReceivedFile.objects.filter(received__inquiry_id=inquiry_id).order_by("pk")
    return [
        FileRow(one.pk, one.name, one.kind, one.size, bool(one.content), one.problem)
        for one in rows
    ]


def file_content(*, viewer: Viewer, file_id: int) -> tuple[str, bytes]:
    """Give a kept file's name and bytes to who may see its inquiry.

    Raises: ReceivedFile.DoesNotExist, Inquiry.DoesNotExist, FileNotFoundError.
    """
    one = ReceivedFile.objects.select_related("received").exclude(content="").get(pk=file_id)
    Inquiry.objects.visible_to(viewer).get(pk=one.received.inquiry_id or 0)
    return one.name, files.read(one.content)


def _unread(one: Received, said: str) -> UnreadRow:
    return UnreadRow(
        one.pk, one.number, one.at, one.channel, one.sender, one.problem, _plain(said), one.size
    )


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "·" for sign in text)
