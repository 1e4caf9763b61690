"""Reads about inquiries for screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from voronka.inquiries.models import Inquiry
from voronka.journal.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """A line of the queue."""

    id: int
    number: int
    arrived_at: datetime
    channel: str
    source: str
    name: str
    phone: str
    mail: str
    text: str
    state: str
    state_reason: str
    client_id: int | None
    client: str
    deal_id: int | None
    deal_number: int | None
    manager_id: int | None
    manager: str
    assigned_at: datetime | None
    answered_at: datetime | None
    answer_seconds: int | None
    is_reply_known: bool
    seen_at: datetime | None
    accepted_at: datetime | None
    accept_until: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Say whether somebody still waits for a human's answer."""
        is_open = self.answered_at is None and self.state in ("new", "targeted")
        return is_open and self.is_reply_known


COLUMNS = (
    "pk", "number", "arrived_at", "channel", "source__name", "name", "phone", "mail", "text",
    "state", "state_reason", "client_id", "client__name", "deal_id", "deal__number",
    "manager_id", "manager__name", "assigned_at", "answered_at", "answer_seconds",
    "is_reply_known", "seen_at", "accepted_at", "accept_until",
)  # fmt: skip
_TEXTS = {COLUMNS.index(name) for name in ("source__name", "client__name", "manager__name")}


def queue(
    *,
    viewer: Viewer,
    state: str = "",
    channel: str = "",
    manager_id: int | None = None,
    since: datetime | None = None,
    before: tuple[datetime, int] | None = None,
) -> list[InquiryRow]:
    """List inquiries: those that wait first (the oldest on top), then the newest. One query.

    `state` "waiting" keeps only those without a human's answer. A page is 50 rows.
    """
    rows = Inquiry.objects.visible_to(viewer)
    if state == "waiting":
        rows = rows.waiting()
    elif state:
        rows = rows.filter(state=state)
    if channel:
        rows = rows.filter(channel=channel)
    if manager_id is not None:
        rows = rows.filter(manager_id=manager_id)
    if since is not None:
        rows = rows.filter(arrived_at__gte=since)
    if before is not None:
        rows = rows.filter(
            Q(arrived_at__lt=before[0]) | Q(arrived_at=before[0], pk__lt=before[1])
        )
    page = rows.order_by("-arrived_at", "-pk").values_list(*COLUMNS)[: PAGE + 1]
    return [_row(row) for row in page]


def front(
    *, viewer: Viewer, channel: str = "", manager_id: int | None = None
) -> tuple[list[InquiryRow], list[InquiryRow]]:
    """Give those who wait, the longest first, and the newest (a page and one), in one query.

    Who waits and is new stands in both.
    """
    rows = Inquiry.objects.visible_to(viewer)
    if channel:
        rows = rows.filter(channel=channel)
    if manager_id is not None:
        rows = rows.filter(manager_id=manager_id)
    order = ("-arrived_at", "-pk")
    newest = rows.order_by(*order).values("pk")[: PAGE + 1]
    waiting = rows.waiting().order_by(*order).values("pk")[: PAGE + 1]
    either = Inquiry.objects.filter(Q(pk__in=newest) | Q(pk__in=waiting))
    found = [_row(row) for row in either.order_by(*order).values_list(*COLUMNS)]
    longest = [row for row in reversed(found) if row.is_waiting]
    return longest, found[: PAGE + 1]


def inquiry(*, viewer: Viewer, inquiry_id: int) -> InquiryRow:
    """Give one inquiry. Raises: Inquiry.DoesNotExist."""
    rows = Inquiry.objects.visible_to(viewer).filter(pk=inquiry_id).values_list(*COLUMNS)
    return _row(rows.get())


def waiting_count(*, viewer: Viewer) -> int:
    """Count those who still wait for a human's answer."""
    return Inquiry.objects.visible_to(viewer).waiting().count()


def state_counts(*, viewer: Viewer, since: datetime) -> dict[str, int]:
    """Count the inquiries since a moment by state, plus "waiting"; one query."""
    waiting = Count(
        "pk",
        filter=Q(answered_at=None, state__in=("new", "targeted"), is_reply_known=True),
    )
    rows = Inquiry.objects.visible_to(viewer).filter(arrived_at__gte=since)
    found = rows.values_list("state").annotate(n=Count("pk"), waiting=waiting)
    counts: dict[str, int] = {state: n for state, n, _ in found}
    return counts | {"waiting": sum(w for _, _, w in found), "all": sum(n for _, n, _ in found)}


def _row(values: Sequence[Any]) -> InquiryRow:
    cells: list[Any] = [
        ("" if cell is None and n in _TEXTS else cell) for n, cell in enumerate(values)
    ]
    return InquiryRow(*cells)


def sent_with(*, inquiry_id: int) -> tuple[dict[str, str], str]:
    """Give the marks (utm and the like) and the raw input of an inquiry that the viewer was
    let to open.
    """
    found = Inquiry.objects.filter(pk=inquiry_id).values_list("marks", "raw").first()
    return (dict(found[0]), found[1]) if found else ({}, "")
