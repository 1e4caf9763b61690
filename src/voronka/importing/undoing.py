"""Taking a whole load back, updates included; what people changed since stays and is listed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from voronka.agenda.models import Step
from voronka.calls.models import Call
from voronka.calls.past_call_backs import lay_past_of
from voronka.clients.loading import refresh_many
from voronka.clients.models import Client, Contact, Mail, Phone
from voronka.control.watch import look_at_all
from voronka.deals.models import Deal, Stage
from voronka.foundation.recent import changed
from voronka.importing.loads import LoadBusyError, demand_right
from voronka.importing.models import Change, Load
from voronka.inquiries.models import Inquiry
from voronka.journal import actions as journal
from voronka.journal.kinds import ImportUndone
from voronka.journal.models import Batch, Fact
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

CHUNK = 2000
TABLES: dict[str, type[Model]] = {
    "clients.client": Client,
    "deals.deal": Deal,
    "inquiries.inquiry": Inquiry,
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo. `conflicts`: (table, row id, why) of what stays."""

    removed: int
    restored: int
    conflicts: list[tuple[str, int, str]]


@transaction.atomic
def undo_load(*, load_id: int, by: Viewer, at: datetime) -> Undone:
    """Take back what a load made and changed, in one transaction.

    A row made by the load is removed unless somebody worked on it since; a changed field gets
    its old value unless it was changed again. An undone load stays undone.

    Raises: PermissionError, Load.DoesNotExist, LoadBusyError.
    Records: ImportUndone; the load's own facts stay and are no longer counted.
    """
    demand_right(by)
    load = Load.objects.select_for_update().get(pk=load_id)
    if load.state == "undone":
        return Undone(0, 0, [])
    if load.state not in ("done", "failed") or load.batch_id is None:
        raise LoadBusyError(state=load.state)
    conflicts: list[tuple[str, int, str]] = []
    restored = _restore(load.batch_id, conflicts)
    removed = _remove(load.batch_id, at, conflicts)
    lay_past_of(load.batch_id)
    _retire(load.batch_id, at)
    Batch.objects.filter(pk=load.batch_id).update(undone_at=at)
    load.state = "undone"
    load.report = load.report | {"conflicts": [list(one) for one in conflicts[:1000]]}
    load.save(update_fields=["state", "report"])
    body = ImportUndone(
        import_id=load.pk,
        file_name=load.file_name,
        removed=removed,
        restored=restored,
        conflicts=len(conflicts),
    )
    about = journal.About(case=f"import:{load.pk}")
    journal.record(body, about=about, by_id=by.by_id, at=at)
    changed()
    look_at_all(now=at)
    return Undone(removed, restored, conflicts)


def _restore(batch_id: int, conflicts: list[tuple[str, int, str]]) -> int:
    """Give changed columns their values of before, the last change first."""
    restored = 0
    for table, model in TABLES.items():
        changes = list(Change.objects.filter(batch_id=batch_id, table=table).order_by("-pk"))
        for chunk in _chunks(changes):
            rows = model._default_manager.in_bulk([one.row_id for one in chunk])
            names: set[str] = set()
            for change in chunk:
                row = rows.get(change.row_id)
                if row is None or _is_own(row, batch_id):
                    continue
                names |= _put_back(row, change, conflicts)
                restored += 1
            if names:
                model._default_manager.bulk_update(rows.values(), sorted(names), batch_size=200)
            if model is Client:
                _take_numbers_off(batch_id, list(rows), rows)
    return restored


def _put_back(row: Any, change: Change, conflicts: list[tuple[str, int, str]]) -> set[str]:
    names = set()
    for name, after in change.after.items():
        field = row._meta.get_field(name.removesuffix("_id"))
        if _plain(getattr(row, name)) != after:
            conflicts.append((change.table, change.row_id, name))
            continue
        before = change.before[name]
        setattr(row, name, field.to_python(before) if before is not None else None)
        names.add(field.name)
    return names


def _take_numbers_off(batch_id: int, ids: list[int], cards: dict[Any, Any]) -> None:
    for table in (Phone, Mail, Contact):
        table._default_manager.filter(batch_id=batch_id, client_id__in=ids).delete()
    refresh_many(list(cards.values()))


def _remove(batch_id: int, at: datetime, conflicts: list[tuple[str, int, str]]) -> int:
    """Remove what the load made, the dependent rows first."""
    removed = 0
    for table, rows, blanked in (
        ("calls.call", Call.objects.filter(batch_id=batch_id, removed_at=None), True),
        ("inquiries.inquiry", Inquiry.objects.filter(batch_id=batch_id, removed_at=None), True),
        ("deals.deal", Deal.objects.filter(batch_id=batch_id, removed_at=None), False),
        ("clients.client", Client.objects.filter(batch_id=batch_id, removed_at=None), False),
    ):
        for ids in _chunks(list(rows.order_by("pk").values_list("pk", flat=True))):
            kept = _worked_on(table, ids, batch_id)
            conflicts += [(table, pk, why) for pk, why in sorted(kept.items())]
            gone: QuerySet[Any] = rows.model._default_manager.filter(
                pk__in=[pk for pk in ids if pk not in kept]
            )
            # What is gone must not stop the same file from being loaded again.
            values: dict[str, Any] = {"removed_at": at} | (
                {"external_id": ""} if blanked else {}
            )
            removed += gone.update(**values)
    return removed


def _retire(batch_id: int, at: datetime) -> None:
    """Take people and stages that only this load brought out of use."""
    people = Person.objects.filter(batch_id=batch_id, is_active=True)
    busy = Deal.objects.live().exclude(manager=None).values("manager_id")
    people.exclude(pk__in=busy).update(is_active=False, dismissed_at=at)
    stages = Stage.objects.filter(batch_id=batch_id, retired_at=None)
    stages.exclude(pk__in=Deal.objects.live().values("stage_id")).update(retired_at=at)


def _worked_on(table: str, ids: list[int], batch_id: int) -> dict[int, str]:
    """Find, among rows of the load, those that people or later rows touched, and how."""
    found: dict[int, str] = {}
    if table == "clients.client":
        for name, rows in (
            ("deal", Deal.objects.live().filter(client_id__in=ids)),
            ("inquiry", Inquiry.objects.live().filter(client_id__in=ids).exclude(deal=None)),
            ("step", Step.objects.filter(client_id__in=ids, removed_at=None)),
        ):
            found |= dict.fromkeys(rows.values_list("client_id", flat=True), name)
        column = "client_id"
    else:
        column = "deal_id" if table == "deals.deal" else ""
    if table == "deals.deal":
        steps = Step.objects.filter(deal_id__in=ids, removed_at=None)
        found |= dict.fromkeys(steps.values_list("deal_id", flat=True), "step")
    cases = {f"{table.split('.')[1]}:{pk}": pk for pk in ids}
    facts = Fact.objects.filter(batch_id=None, by_id__isnull=False)
    facts = facts.exclude(kind__in=("client.opened", "slip.opened", "slip.closed"))
    facts = facts.filter(**{f"{column}__in": ids}) if column else facts.filter(case__in=cases)
    for case, client_id, deal_id in facts.values_list("case", "client_id", "deal_id"):
        pk = client_id if column == "client_id" else deal_id if column else cases.get(case)
        if pk in set(ids):
            found.setdefault(pk, "changed")
    return found


def _is_own(row: Any, batch_id: int) -> bool:
    return bool(row.batch_id == batch_id)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)


def _chunks(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[n : n + CHUNK] for n in range(0, len(rows), CHUNK))
