"""Erasing what is known of a client, or of one person there; figures stay as they were.

Rows, sums, moments, stages, sources and who did what remain; names, numbers and words go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Value

from voronka.agenda.models import Step
from voronka.agenda.steps import finish_step
from voronka.clients.models import Client
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.foundation.recent import changed
from voronka.foundation.text import fold
from voronka.inquiries.models import Inquiry, Withdrawal
from voronka.journal import actions as journal
from voronka.journal.kinds import PersonalErased
from voronka.journal.viewer import Viewer
from voronka.privacy.blanking import blank_facts, blank_own, cover_elsewhere
from voronka.privacy.deliveries import blank_deliveries
from voronka.privacy.file_copies import delete_copies, demand_no_running_load
from voronka.privacy.subject import Subject, subject


class EraseNotConfirmedError(RefusalError):
    """The name was not typed as it stands. details: name."""

    code = "erase_not_confirmed"


class EraseReasonMissingError(RefusalError):
    """Erasing needs a reason: it is all that remains to be read."""

    code = "erase_reason_missing"


class StillInWorkError(RefusalError):
    """Somebody still works with the client. details: deals, steps, inquiries (how many)."""

    code = "erase_in_work"


@dataclass(slots=True)
class Erased:
    """What went: rows by table, facts blanked, copies of files deleted."""

    rows: dict[str, int] = field(default_factory=dict)
    facts: int = 0
    files: int = 0


@transaction.atomic
def erase(
    *,
    client_id: int,
    reason: str,
    typed: str,
    by: Viewer,
    at: datetime,
    contact_id: int | None = None,
    also: Sequence[int] = (),
) -> Erased:
    """Erase a client with all merged cards and the twins named in `also`, or one person there.

    Cannot be taken back. Backups made before still hold it. An erased client again: nothing.

    Raises: PermissionError, Client.DoesNotExist, Contact.DoesNotExist,
        EraseReasonMissingError, EraseNotConfirmedError, StillInWorkError,
        LoadIsRunningError; nothing was changed.
    Records: PersonalErased, and StepDone of the task that a withdrawal had set.
    """
    if not by.may("personal", "change"):
        raise PermissionError("personal")
    one = subject(client_id=client_id, contact_id=contact_id, also=also, viewer=by)
    if one.is_whole and Client.objects.filter(pk=client_id, erased_at__isnull=False).exists():
        return Erased()
    if not reason.strip():
        raise EraseReasonMissingError
    if fold(typed) != fold(one.name):
        raise EraseNotConfirmedError(name=one.name)
    demand_no_running_load()
    _finish_tasks(one, by, at)
    _demand_no_work(one)
    _overwrite_deleted()
    files = delete_copies(one)
    # While the inquiries still say whose they are.
    rows = blank_deliveries(one) | blank_own(one, at=at) | cover_elsewhere(one)
    done = Erased(rows, blank_facts(one), files)
    _record(one, done, reason, by, at)
    _tidy_index()
    changed()
    transaction.on_commit(_shorten_log)
    return done


def in_work(one: Subject) -> dict[str, int]:
    """Count what must end before the erasing: open deals and steps, inquiries that wait.

    Of one person only inquiries count: the firm stays a client. One query.
    """
    rows: list[QuerySet[Any]] = [_counted("inquiries", _waiting(one))]
    if one.is_whole:
        tasks = _tasks(one).filter(step_id__isnull=False).values("step_id")
        steps = Step.objects.filter(one.steps(), removed_at=None).open()
        deals = Deal.objects.live().filter(pk__in=one.deal_ids, outcome="")
        rows += [_counted("deals", deals), _counted("steps", steps.exclude(pk__in=tasks))]
    return dict.fromkeys(("deals", "steps", "inquiries"), 0) | dict(rows[0].union(*rows[1:]))


def _waiting(one: Subject) -> "QuerySet[Any]":
    return Inquiry.objects.waiting().filter(pk__in=one.inquiry_ids)


def _counted(what: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    named = rows.order_by().annotate(what=Value(what)).values("what")
    counted: QuerySet[Any] = named.annotate(n=Count("pk")).values_list("what", "n")
    return counted


def _demand_no_work(one: Subject) -> None:
    left = in_work(one)
    if any(left.values()):
        raise StillInWorkError(**left)


def _tasks(one: Subject) -> "QuerySet[Withdrawal]":
    rows = Withdrawal.objects.filter(client_id__in=one.client_ids, erased_at=None)
    return rows if one.is_whole else rows.filter(contact_id=one.contact_id or 0)


def _finish_tasks(one: Subject, by: Viewer, at: datetime) -> None:
    for withdrawal in _tasks(one):
        step = Step.objects.filter(pk=withdrawal.step_id or 0).open().first()
        if step:
            finish_step(step_id=step.pk, outcome="", by=by, at=at)
        withdrawal.erased_at = at
        withdrawal.save(update_fields=["erased_at"])


def _record(one: Subject, done: Erased, reason: str, by: Viewer, at: datetime) -> None:
    body = PersonalErased(
        client_ids=list(one.client_ids),
        contact_id=one.contact_id,
        reason=one.traces.masked_near(reason.strip()[:500]),
        rows=done.rows,
        files=done.files,
        journal=done.facts,
    )
    about = journal.About(
        case=f"client:{one.client_id}", client_id=one.client_id, owner_id=one.manager_id
    )
    journal.record(body, about=about, by_id=by.by_id, at=at)


def _overwrite_deleted() -> None:
    """Let SQLite write zeroes over what is deleted; PostgreSQL does so when it vacuums."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _tidy_index() -> None:
    """Drop old words from the pages of the search index."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO clients_search(clients_search) VALUES ('optimize')")


def _shorten_log() -> None:
    """Empty SQLite's log of changes, which still holds the pages as they were."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA secure_delete = FAST")
