"""Taking an edit of many deals back: what people changed since stays as they left it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from voronka.agenda.models import BulkEdit, Step
from voronka.agenda.steps import cancel_step, move_step
from voronka.deals.dealing import hand_over_deal
from voronka.deals.models import Deal
from voronka.deals.stage_moves import move_deal
from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people.models import Person

UNDO_DAYS = 30


class TooLateToUndoError(RefusalError):
    """An edit can be taken back within thirty days."""

    code = "too_late_to_undo"


@transaction.atomic
def undo(*, edit_id: int, by: Viewer, at: datetime) -> tuple[int, list[int]]:
    """Take an own edit back; give how many deals went back, and the numbers that did not.

    What people changed since stays as they left it. An undone edit stays undone.

    Raises: BulkEdit.DoesNotExist, TooLateToUndoError.
    """
    edit = BulkEdit.objects.select_for_update().get(pk=edit_id, by_id=by.by_id)
    if edit.undone_at:
        return 0, []
    if at - edit.at > timedelta(days=UNDO_DAYS):
        raise TooLateToUndoError
    kept = [one["number"] for one in reversed(edit.done) if not _take_back(one, by, at)]
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])
    return len(edit.done) - len(kept), kept


def edits(*, by: Viewer, at: datetime) -> list[tuple[int, str, datetime, int, bool]]:
    """List the own edits that can be taken back: id, act, when, deals, is undone."""
    rows = BulkEdit.objects.filter(by_id=by.by_id, at__gte=at - timedelta(days=UNDO_DAYS))
    return [
        (edit.pk, edit.act, edit.at, len(edit.done), edit.undone_at is not None)
        for edit in rows.order_by("-at", "-pk")[:20]
    ]


def _take_back(one: dict[str, Any], by: Viewer, at: datetime) -> bool:
    """Take one change back; False where it stands: things went on, or a rule forbids it now."""
    try:
        with transaction.atomic():
            return _taken(one, by, at)
    except RefusalError:
        return False


def _taken(one: dict[str, Any], by: Viewer, at: datetime) -> bool:
    deal = Deal.objects.changeable_by(by).filter(pk=one["deal"]).first()
    if deal is None:
        return False
    if one["act"] == "step":
        return _take_step_back(one, by, at)
    if one["act"] == "handover":
        there = Person.objects.filter(pk=one["was"] or 0, is_active=True).exists()
        if deal.manager_id != one["is"] or not there:
            return False
        hand_over_deal(deal_id=deal.pk, to_id=one["was"], by=by, at=at)
        return True
    if deal.stage_id != one["is"] or deal.version != one["version"] or deal.outcome:
        return False
    move_deal(deal_id=deal.pk, to_stage_id=one["was"], by=by, at=at, is_undo=True)
    return True


def _take_step_back(one: dict[str, Any], by: Viewer, at: datetime) -> bool:
    step = Step.objects.changeable_by(by).open().filter(pk=one["step"]).first()
    if step is None:
        return False
    if one["was"]:
        was = datetime.fromisoformat(one["was"])
        move_step(step_id=step.pk, due_at=was, by=by, at=at, is_undo=True)
        return True
    if step.due_at.isoformat() != one["due"]:
        return False
    cancel_step(step_id=step.pk, reason="", by=by, at=at)
    return True
