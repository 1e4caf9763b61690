"""Reads about call-backs for screens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from voronka.calls.call_back_models import CallBack
from voronka.journal.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CallBackRow:
    """A call-back that is due; `owner_id` is who has its inquiry now, where it has one."""

    id: int
    phone: str
    times: int
    first_missed_at: datetime
    last_missed_at: datetime
    due_at: datetime
    owner_id: int | None
    client_id: int | None
    client: str
    deal_id: int | None
    deal_number: int | None
    inquiry_id: int | None
    step_id: int | None


COLUMNS = (
    "pk", "phone", "times", "first_missed_at", "last_missed_at", "due_at", "owner_id",
    "client_id", "client__name", "deal_id", "deal__number", "inquiry_id", "step_id",
    "inquiry__manager_id",
)  # fmt: skip


def open_call_backs(
    *, viewer: Viewer, person_id: int | None = None, limit: int = 60
) -> list[CallBackRow]:
    """List what is to be called back, the earliest deadline first; one query.

    `person_id`: only whose turn it is: the holder of the inquiry, else the owner.
    """
    rows = CallBack.objects.visible_to(viewer).open()
    if person_id is not None:
        strange = Q(client=None, deal=None, inquiry__manager__isnull=False)
        rows = rows.filter(
            strange & Q(inquiry__manager_id=person_id) | ~strange & Q(owner_id=person_id)
        )
    found = rows.order_by("due_at", "pk").values_list(*COLUMNS)[:limit]
    return [_row(row) for row in found]


def _row(values: tuple[Any, ...]) -> CallBackRow:
    *cells, by_inquiry = values
    owner_id, client_id, client, deal_id = cells[6:10]
    cells[6] = holder(owner_id, client_id, deal_id, by_inquiry)
    cells[8] = client or ""
    return CallBackRow(*cells)


def holder(
    owner_id: int | None, client_id: int | None, deal_id: int | None, by_inquiry: int | None
) -> int | None:
    """Give whose turn it is: an inquiry without a card may have gone on to another."""
    return owner_id if client_id or deal_id else by_inquiry or owner_id
