"""Rows of a file as calls, each joined to its client, manager and open deal."""

from collections.abc import Sequence

from django.db import transaction

from voronka.calls.answers import answer_by_loaded
from voronka.calls.loading import CallRow, put_calls
from voronka.calls.models import Call
from voronka.deals.models import Deal
from voronka.importing.client_index import ClientIndex, Keys
from voronka.importing.loading import Task
from voronka.importing.models import Trace
from voronka.importing.row_values import Values

TABLE = "calls.call"


class CallLoader:
    """Loads calls. A call of a number that nobody knows is kept without a client."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._index = ClientIndex(task.batch_id, ("phone",))
        self._seen: dict[str, int] = {}

    def resume(self) -> None:
        """Recall the calls of the rows that were written."""
        rows = Trace.objects.filter(batch_id=self._task.batch_id, table=TABLE)
        numbers = dict(rows.values_list("row_id", "row"))
        found = Call.objects.filter(pk__in=numbers).exclude(external_id="")
        self._seen = {
            external: numbers[pk] for pk, external in found.values_list("pk", "external_id")
        }

    def load(self, chunk: Sequence[Values]) -> None:
        """Decide and write a chunk of rows."""
        report = self._task.report
        self._index.look_up(_keys(row) for row in chunk)
        ids = {row.text("external_id") for row in chunk} - {""}
        standing = Call.objects.filter(external_id__in=ids, removed_at=None)
        there = set(
            standing.exclude(batch_id=self._task.batch_id or -1).values_list(
                "external_id", flat=True
            )
        )
        made: list[tuple[Values, CallRow]] = []
        for row in chunk:
            external = row.text("external_id")
            if external and external in self._seen:
                report.double(row.number, self._seen[external], "external_id")
                continue
            if external in there:
                report.count("unchanged")
                continue
            if external:
                self._seen[external] = row.number
            made.append((row, self._call(row)))
        report.count("created", len(made))
        report.made("calls", len(made))
        answered = sum(call.is_answered for _, call in made)
        report.made("answered", answered)
        if not self._task.is_dry:
            self._write(made)

    def _call(self, row: Values) -> CallRow:
        found = self._index.find(_keys(row))
        entity = found[0] if found else None
        talk = row.one.get("talk_seconds", 0)
        manager_id = self._task.names.person(row.text("owner"))
        manager_id = manager_id or (entity.manager_id if entity else None)
        is_answered = row.one.get("answered", talk > 0)
        phone = row.one.get("client_phone")
        numbers = row.many.get("client_phone", ())
        return CallRow(
            started_at=row.one["started_at"],
            direction=row.one.get("direction", "in"),
            phone=phone.e164 if phone else numbers[0].e164 if numbers else "",
            client_id=entity.id if entity else None,
            manager_id=manager_id,
            team_id=self._task.names.teams.get(manager_id or 0),
            is_answered=is_answered,
            wait_seconds=row.one.get("wait_seconds", 0),
            talk_seconds=talk if is_answered else 0,
            external_id=row.text("external_id")[:120],
        )

    def _write(self, made: list[tuple[Values, CallRow]]) -> None:
        task = self._task
        ids = {call.client_id for _, call in made if call.client_id}
        deals: dict[int, list[Deal]] = {}
        for deal in Deal.objects.live().filter(client_id__in=ids).order_by("created_at", "pk"):
            deals.setdefault(deal.client_id, []).append(deal)
        for _, call in made:
            for deal in deals.get(call.client_id or 0, ()):
                is_over = deal.closed_at is not None and deal.closed_at < call.started_at
                if deal.created_at <= call.started_at and not is_over:
                    call.deal_id, call.funnel_id = deal.pk, deal.funnel_id
                    call.stage_id = (
                        deal.stage_id if deal.stage_since <= call.started_at else None
                    )
        rows = [call for _, call in made]
        put_calls(rows, calendar=task.calendar, batch_id=task.batch_id, by_id=task.by_id)
        for row, call in made:
            task.trace(row.number, TABLE, call.id)


@transaction.atomic
def answer_waiting(task: Task) -> None:
    """Answer by the calls of a load whoever still waits, once all of its rows are there.

    A file may begin with its latest call. An undo takes the answers back.
    """
    answered = answer_by_loaded(batch_id=task.batch_id, at=task.at)
    task.keep_changes("inquiries.inquiry", answered)


def _keys(row: Values) -> Keys:
    return Keys(phones=tuple(one.e164 for one in row.many.get("client_phone", ())))
