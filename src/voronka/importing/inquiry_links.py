"""Deals joined to the inquiries they came from: the same external id in both files."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from voronka.deals.loading import DealRow
from voronka.importing.loading import Task
from voronka.importing.row_values import Values
from voronka.inquiries.models import Inquiry

TABLE = "inquiries.inquiry"


class InquiryLinks:
    """Finds the inquiry behind a deal's external id, once per chunk."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._found: dict[str, Inquiry] = {}

    def look_up(self, external_ids: Iterable[str]) -> None:
        """Ask for the inquiries with these external ids, one query."""
        rows = Inquiry.objects.live().filter(external_id__in=set(external_ids))
        self._found = {row.external_id: row for row in rows.order_by("-pk")}

    def has(self, row: Values) -> bool:
        """Say whether an inquiry stands behind this row."""
        return row.text("external_id") in self._found

    def arrived(self, row: Values) -> datetime | None:
        """Give when the inquiry behind this row arrived."""
        found = self._found.get(row.text("external_id"))
        return found.arrived_at if found else None

    def source(self, row: Values) -> int | None:
        """Give where the inquiry behind this row came from."""
        found = self._found.get(row.text("external_id"))
        return found.source_id if found else None

    def join(self, rows: Sequence[tuple[Values, DealRow]]) -> None:
        """Put deal, client and manager on the inquiries; those without a state are targeted.

        Must run inside the chunk's transaction. Records the facts of the inquiry's room.
        """
        changed, done = [], []
        names = ("deal_id", "client_id", "manager_id", "assigned_at", "state", "state_at")
        for row, deal in rows:
            inquiry = self._found.get(row.text("external_id"))
            if inquiry is None or inquiry.deal_id:
                continue
            before = {name: getattr(inquiry, name) for name in names}
            inquiry.deal_id, inquiry.client_id = deal.id, deal.client_id
            if inquiry.manager_id is None and deal.manager_id:
                inquiry.manager_id, inquiry.assigned_at = deal.manager_id, inquiry.arrived_at
            if inquiry.state == "new":
                inquiry.state, inquiry.state_at = "targeted", deal.created_at
            changed.append((inquiry, deal, before["state"]))
            done.append((inquiry.pk, before, {name: getattr(inquiry, name) for name in names}))
        rows_ = [inquiry for inquiry, _, _ in changed]
        Inquiry.objects.bulk_update(rows_, names, batch_size=200)
        classify_joined(changed, batch_id=self._task.batch_id, by_id=self._task.by_id)
        self._task.keep_changes(TABLE, done)


def classify_joined(
    changed: Sequence[tuple[Inquiry, DealRow, str]], *, batch_id: int, by_id: int | None
) -> None:
    """Record that inquiries became targeted with their deals. Records: InquiryClassified."""
    from voronka.journal import actions as journal  # noqa: PLC0415
    from voronka.journal.kinds import InquiryClassified  # noqa: PLC0415

    journal.record_many(
        journal.fact_of(
            InquiryClassified(number=one.number, state="targeted", was=was, reason=""),
            about=journal.About(
                case=one.case,
                client_id=one.client_id,
                deal_id=one.deal_id,
                owner_id=one.manager_id,
                source_id=one.source_id,
            ),
            by_id=by_id,
            at=max(one.arrived_at, deal.created_at),
            batch_id=batch_id,
        )
        for one, deal, was in changed
        if was == "new"
    )
