"""Strangers: numbers and addresses we were in touch with that stand nowhere in the base.

Each room that knows contacts gives them as rows of COLUMNS, see `calls/strangers`; what makes
a number known, and what is done about an unknown one, is said here once for all channels.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from voronka.clients.models import Mail, Phone
from voronka.inquiries.models import Inquiry, NotCustomer
from voronka.journal.viewer import Viewer

COLUMNS = (
    "channel", "address", "at", "wait_seconds", "talk_seconds", "direction", "manager_id",
    "row_id",
)  # fmt: skip
"""What a room tells of one contact. `at`: when it began; `row_id`: its own row, the proof."""
PREFIX = "stranger:"
LONGEST = 31


@dataclass(frozen=True, slots=True)
class Stranger:
    """A number or address without a card and an inquiry, by its first contact.

    `times`: how many contacts there were; `due_at`: until when it is to be written down.
    """

    channel: str
    address: str
    at: datetime
    wait_seconds: int
    talk_seconds: int
    direction: str
    manager_id: int | None
    row_id: int
    times: int
    due_at: datetime

    @property
    def answered_at(self) -> datetime:
        """The moment from which we talked."""
        return self.at + timedelta(seconds=self.wait_seconds)

    @property
    def case(self) -> str:
        """The stranger's name in the journal."""
        return case_of(self.address)


@dataclass(frozen=True, slots=True)
class NotCustomerRow:
    """A number that is no customer's, who said so, when and why."""

    id: int
    channel: str
    address: str
    reason: str
    at: datetime
    by: str
    may_return: bool


def case_of(address: str) -> str:
    """Name a stranger for the journal: the address itself, a long one by its digest."""
    if len(address) <= LONGEST:
        return PREFIX + address
    return PREFIX + address[:10] + "~" + sha256(address.encode()).hexdigest()[:20]


def unknown(rows: "QuerySet[Any]", address: str) -> "QuerySet[Any]":
    """Keep the rows whose `address`, the column "phone" or "mail", is nobody's.

    Known is what stands on a live card, in a live inquiry, or was said to be no customer's.
    """
    of_row = OuterRef(address)
    here = {"client__removed_at": None, "client__merged_into": None}
    on_card = (
        Mail.objects.filter(address=of_row, **here)
        if address == "mail"
        else Phone.objects.filter(e164=of_row, **here)
    )
    inquiries = Inquiry.objects.live().filter(**{address: of_row})
    dismissed = NotCustomer.objects.filter(address=of_row, undone_at=None)
    return rows.filter(~Exists(on_card), ~Exists(inquiries), ~Exists(dismissed))


def inquiry_of(address: str) -> "QuerySet[Inquiry]":
    """Give the live inquiries with a number or mail address, the newest first."""
    column = "mail" if "@" in address else "phone"
    return Inquiry.objects.live().filter(**{column: address}).order_by("-pk")


def registered(*, viewer: Viewer, address: str) -> int | None:
    """Give the newest inquiry with this number or address that the viewer may see."""
    seen = Inquiry.objects.visible_to(viewer).values("pk")
    rows = inquiry_of(address).filter(pk__in=seen)
    return rows.values_list("pk", flat=True).first()


def not_customers(*, viewer: Viewer) -> list[NotCustomerRow]:
    """List what was said to be no customer's by people within reach, the latest first."""
    rows = NotCustomer.objects.filter(undone_at=None)
    reach, change = viewer.reach("inquiry", "read"), viewer.reach("inquiry", "change")
    if reach is not None:
        rows = rows.filter(by_id__in=reach)
    columns = ("pk", "channel", "address", "reason", "at", "by__name", "by_id")
    return [
        NotCustomerRow(pk, channel, address, why, at, by or "", change is None or who in change)
        for pk, channel, address, why, at, by, who in rows.order_by("-at", "-pk").values_list(
            *columns
        )
    ]
