"""Setting, moving, doing and dropping next steps."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min

from voronka.agenda.models import KINDS, Step
from voronka.clients.models import Client
from voronka.deals.dealing import about_deal, note_next_step
from voronka.deals.models import Deal
from voronka.foundation.errors import RefusalError
from voronka.journal import actions as journal
from voronka.journal.kinds import FactBody, StepCancelled, StepDone, StepMoved, StepSet
from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class BadStepError(RefusalError):
    """A step needs a known kind, a deal or a client, and an active person."""

    code = "bad_step"


class StepInPastError(RefusalError):
    """A new deadline lies in the past."""

    code = "step_in_past"


@transaction.atomic
def set_step(
    *,
    kind: str,
    title: str,
    due_at: datetime,
    by: Viewer,
    at: datetime,
    deal_id: int | None = None,
    client_id: int | None = None,
    person_id: int | None = None,
) -> Step:
    """Plan what comes next with a deal or a client; the deal's manager does it unless said.

    The same open step (kind, title, deadline, person) again gives the one that is there.

    Raises: BadStepError, StepInPastError, Deal.DoesNotExist, Client.DoesNotExist,
        PermissionError.
    Records: StepSet.
    """
    if not by.may("step", "change"):
        raise PermissionError("step")
    if kind not in KINDS or (deal_id is None and client_id is None):
        raise BadStepError(kind=kind)
    if due_at < at:
        raise StepInPastError
    deal = _deal(deal_id, by)
    client = deal.client if deal else Client.objects.visible_to(by).get(pk=client_id or 0)
    person = person_id or (deal.manager_id if deal else client.manager_id) or by.by_id
    is_there = not person_id or Person.objects.filter(pk=person_id, is_active=True).exists()
    if person is None or not is_there:
        raise BadStepError(kind=kind)
    title = title.strip()[:300]
    same = Step.objects.filter(
        kind=kind, title=title, due_at=due_at, person_id=person, deal=deal, client=client
    )
    if there := same.open().first():
        return there
    step = Step.objects.create(
        kind=kind,
        title=title,
        deal=deal,
        client=client,
        person_id=person,
        due_at=due_at,
        first_due_at=due_at,
        created_at=at,
        created_by_id=by.by_id,
    )
    body = StepSet(step_id=step.pk, step_kind=kind, title=title, due_at=due_at.isoformat())
    _record(body, step, by, at)
    return step


@transaction.atomic
def move_step(
    *, step_id: int, due_at: datetime, by: Viewer, at: datetime, is_undo: bool = False
) -> Step:
    """Give an open step another deadline; the first deadline stays known.

    `is_undo`: back to the deadline it had, which may have passed.

    Raises: Step.DoesNotExist, StepInPastError. Records: StepMoved.
    """
    step = _open_step(step_id, by)
    if due_at == step.due_at:
        return step
    if due_at < at and not is_undo:
        raise StepInPastError
    step.due_at, step.moved_count = due_at, step.moved_count + (-1 if is_undo else 1)
    step.save(update_fields=["due_at", "moved_count"])
    body = StepMoved(
        step_id=step.pk,
        step_kind=step.kind,
        title=step.title,
        due_at=due_at.isoformat(),
        moved_count=step.moved_count,
    )
    _record(body, step, by, at)
    return step


@transaction.atomic
def finish_step(*, step_id: int, outcome: str, by: Viewer, at: datetime) -> Step:
    """Mark a step done, with what came of it. A done step stays as it is.

    Raises: Step.DoesNotExist. Records: StepDone.
    """
    step = Step.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=step_id)
    if step.done_at or step.cancelled_at:
        return step
    step.done_at, step.outcome = at, outcome.strip()[:500]
    step.save(update_fields=["done_at", "outcome"])
    body = StepDone(
        step_id=step.pk,
        step_kind=step.kind,
        title=step.title,
        outcome=step.outcome,
        late_seconds=max(0, int((at - step.first_due_at).total_seconds())),
    )
    _record(body, step, by, at)
    return step


@transaction.atomic
def cancel_step(*, step_id: int, reason: str, by: Viewer, at: datetime) -> Step:
    """Drop a step that is no longer needed, and say why. Twice does nothing.

    Raises: Step.DoesNotExist. Records: StepCancelled.
    """
    step = Step.objects.changeable_by(by).select_for_update(of=("self",)).get(pk=step_id)
    if step.done_at or step.cancelled_at:
        return step
    step.cancelled_at, step.outcome = at, reason.strip()[:500]
    step.save(update_fields=["cancelled_at", "outcome"])
    body = StepCancelled(
        step_id=step.pk, step_kind=step.kind, title=step.title, reason=step.outcome
    )
    _record(body, step, by, at)
    return step


def _deal(deal_id: int | None, by: Viewer) -> Deal | None:
    if deal_id is None:
        return None
    rows = Deal.objects.changeable_by(by).select_related("client", "manager")
    return rows.get(pk=deal_id)


def _open_step(step_id: int, by: Viewer) -> Step:
    rows = Step.objects.changeable_by(by).open()
    return rows.select_for_update(of=("self",)).get(pk=step_id)


def _record(body: FactBody, step: Step, by: Viewer, at: datetime) -> None:
    if step.deal_id:
        earliest = Step.objects.filter(deal_id=step.deal_id, removed_at=None).open()
        note_next_step(deal_id=step.deal_id, due_at=earliest.aggregate(x=Min("due_at"))["x"])
        deal = Deal.objects.select_related("manager").get(pk=step.deal_id)
        about = about_deal(deal)
    else:
        about = journal.About(
            case=f"client:{step.client_id}", client_id=step.client_id, owner_id=step.person_id
        )
    journal.record(body, about=about, by_id=by.by_id, at=at)
