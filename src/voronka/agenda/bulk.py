"""Editing many deals at once: first what would change, then the change itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from voronka.agenda.models import KINDS, BulkEdit, Step
from voronka.agenda.steps import BadStepError, StepInPastError, move_step, set_step
from voronka.deals.dealing import hand_over_deal
from voronka.deals.demands import unmet
from voronka.deals.models import Deal, Stage
from voronka.deals.move_rules import may_move, move_kind
from voronka.deals.stage_moves import move_deal
from voronka.foundation.errors import RefusalError
from voronka.journal.viewer import Viewer
from voronka.people import settings
from voronka.people.models import Person

ACTS = ("step", "handover", "stage")
MOST = 500
# A person's calls stand one after another, not all at the same minute.
APART = timedelta(minutes=20)


class BadBulkEditError(RefusalError):
    """Nothing was chosen, more than 500 deals were, or the act is unknown."""

    code = "bad_bulk_edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to do with every deal: a step (kind, title, due_at), a person, or a stage."""

    act: str
    kind: str = ""
    title: str = ""
    due_at: datetime | None = None
    to_id: int | None = None
    stage_id: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What would change in one deal. `why_not` says why nothing does.

    `was` and `becomes`: deadlines, names of people or of stages, as the act has it.
    """

    deal_id: int
    number: int
    client: str
    manager: str
    was: Any
    becomes: Any
    why_not: str = ""
    step_id: int | None = None


def plan(*, deal_ids: Iterable[int], wanted: Wanted, by: Viewer, at: datetime) -> list[Planned]:
    """Tell what the edit would change, three queries; nothing is written.

    Deals that `by` may not change are left out without a word.

    Raises: BadBulkEditError, BadStepError, StepInPastError, Person.DoesNotExist,
        Stage.DoesNotExist.
    """
    deals = _deals(deal_ids, by)
    if wanted.act == "step":
        return _plan_steps(deals, wanted, at)
    if wanted.act == "handover":
        to = Person.objects.get(pk=wanted.to_id or 0, is_active=True)
        return [_planned(deal, "", to.name, _why_no_handover(deal, to, by)) for deal in deals]
    if wanted.act == "stage":
        stage = Stage.objects.get(pk=wanted.stage_id or 0, retired_at=None)
        return [
            _planned(deal, deal.stage.name, stage.name, _why_no_move(deal, stage, by, at))
            for deal in deals
        ]
    raise BadBulkEditError(act=wanted.act)


@transaction.atomic
def carry_out(*, deal_ids: Iterable[int], wanted: Wanted, by: Viewer, at: datetime) -> BulkEdit:
    """Make the planned changes, all or none; every one is a fact of its own.

    Raises: as `plan`, and what the single acts raise.
    """
    planned = plan(deal_ids=deal_ids, wanted=wanted, by=by, at=at)
    done = [_do(one, wanted, by, at) for one in planned if not one.why_not]
    return BulkEdit.objects.create(by_id=by.by_id, at=at, act=wanted.act, done=done)


def _deals(deal_ids: Iterable[int], by: Viewer) -> list[Deal]:
    wanted = set(deal_ids)
    if not wanted or len(wanted) > MOST:
        raise BadBulkEditError(n=len(wanted), most=MOST)
    rows = Deal.objects.changeable_by(by).filter(pk__in=wanted)
    return list(rows.select_related("client", "manager", "stage").order_by("pk"))


def _plan_steps(deals: list[Deal], wanted: Wanted, at: datetime) -> list[Planned]:
    if wanted.kind not in KINDS or wanted.due_at is None:
        raise BadStepError(kind=wanted.kind)
    if wanted.due_at < at:
        raise StepInPastError
    ids = [deal.pk for deal in deals]
    rows = Step.objects.filter(deal_id__in=ids, removed_at=None).open().order_by("-due_at")
    earliest = {step.deal_id: step for step in rows}
    taken: Counter[int | None] = Counter()
    found = []
    for deal in deals:
        step = earliest.get(deal.pk)
        was = step.due_at if step else None
        if deal.outcome or (was and was >= at):
            found.append(_planned(deal, was, None, "closed" if deal.outcome else "has_step"))
            continue
        due_at = wanted.due_at + taken[deal.manager_id] * APART
        taken[deal.manager_id] += 1
        moved = step.pk if step and step.kind == wanted.kind else None
        found.append(replace(_planned(deal, was, due_at), step_id=moved))
    return found


def _planned(deal: Deal, was: Any, becomes: Any, why_not: str = "") -> Planned:
    manager = deal.manager.name if deal.manager else ""
    return Planned(deal.pk, deal.number, deal.client.name, manager, was, becomes, why_not)


def _why_no_move(deal: Deal, stage: Stage, by: Viewer, at: datetime) -> str:
    if deal.outcome:
        return "closed"
    if deal.funnel_id != stage.funnel_id:
        return "other_funnel"
    if deal.stage_id == stage.pk:
        return "same_stage"
    if may_move(deal, move_kind(deal, stage.place), by=by, to=stage) != "yes":
        return "move_rule"
    day = settings.calendar(settings.all_settings()).day_of(at)
    return "demands" if unmet(deal, to_stage_id=stage.pk, day=day) else ""


def _why_no_handover(deal: Deal, to: Person, by: Viewer) -> str:
    if deal.manager_id == to.pk:
        return "same_person"
    return "" if may_move(deal, "hand_over", by=by) == "yes" else "move_rule"


def _do(one: Planned, wanted: Wanted, by: Viewer, at: datetime) -> dict[str, Any]:
    note: dict[str, Any] = {"act": wanted.act, "deal": one.deal_id, "number": one.number}
    if wanted.act == "handover":
        before = Deal.objects.get(pk=one.deal_id).manager_id
        hand_over_deal(deal_id=one.deal_id, to_id=wanted.to_id or 0, by=by, at=at)
        return note | {"was": before, "is": wanted.to_id}
    if wanted.act == "stage":
        before = Deal.objects.get(pk=one.deal_id).stage_id
        to = wanted.stage_id or 0
        moved = move_deal(deal_id=one.deal_id, to_stage_id=to, by=by, at=at)
        return note | {"was": before, "is": to, "version": moved.version}
    if one.step_id:
        step = move_step(step_id=one.step_id, due_at=one.becomes, by=by, at=at)
        return note | {"step": step.pk, "was": one.was.isoformat()}
    step = set_step(
        kind=wanted.kind, title=wanted.title, due_at=one.becomes, deal_id=one.deal_id,
        by=by, at=at,
    )  # fmt: skip
    return note | {"step": step.pk, "was": None, "due": step.due_at.isoformat()}
