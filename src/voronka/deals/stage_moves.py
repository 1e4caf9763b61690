"""Moving a deal along its funnel, closing it, and opening it again as a new attempt."""

from datetime import datetime

from django.db import transaction

from voronka.deals.dealing import about_deal, changeable, demand_version
from voronka.deals.demands import DemandRow, demand_passage
from voronka.deals.funnels import stages_between
from voronka.deals.models import Deal, RefusalReason, Stage
from voronka.deals.move_rules import demand_move, move_kind
from voronka.foundation.errors import RefusalError
from voronka.foundation.worktime import WorkCalendar
from voronka.journal import actions as journal
from voronka.journal.kinds import (
    DealLost,
    DealOpened,
    DealReopened,
    DealWon,
    DemandPassed,
    RefusalClarified,
    StageEntered,
)
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people import settings


class DealIsClosedError(RefusalError):
    """The deal is won or lost; reopen it before moving it."""

    code = "deal_is_closed"


class WrongFunnelError(RefusalError):
    """The stage belongs to another funnel than the deal's own, or was retired."""

    code = "wrong_funnel"


class ReasonMissingError(RefusalError):
    """A refusal needs a reason of the second level. details: group when only that was given."""

    code = "reason_missing"


class AmountMissingError(RefusalError):
    """A deal cannot be won before its sum is known."""

    code = "amount_missing"


@transaction.atomic
def move_deal(
    *,
    deal_id: int,
    to_stage_id: int,
    by: Viewer,
    at: datetime,
    version: int | None = None,
    reason: str = "",
    is_undo: bool = False,
) -> Deal:
    """Put a deal on another stage of its funnel, on behalf of `by`, at the aware moment `at`.

    Moving to the stage it is on does and records nothing: a second click is harmless, even
    with an old `version`. Forward it must meet the demands of every stage it leaves behind;
    `reason` lets it pass the soft ones. Taking the own latest move back (`is_undo`) demands
    nothing.

    Raises: Deal.DoesNotExist (also when `by` may not change it), ChangedMeanwhileError,
        DealIsClosedError, WrongFunnelError, MoveForbiddenError, DemandUnmetError,
        ReasonWantedError; none leaves a trace.
    Records: DemandPassed for each soft demand passed over, StageEntered.
    """
    deal = changeable(deal_id, by)
    if deal.stage_id == to_stage_id:
        return deal
    demand_version(deal, version)
    target = Stage.objects.get(pk=to_stage_id)
    if deal.outcome:
        raise DealIsClosedError(outcome=deal.outcome)
    if target.funnel_id != deal.funnel_id or target.retired_at is not None:
        raise WrongFunnelError(stage=target.name)
    if not (is_undo and _was_just_there(deal, to_stage_id, by)):
        beside = demand_move(deal, move_kind(deal, target.place), by=by, to=target)
        _pass_demands(deal, target.place, beside, reason, by, at)
    entered = StageEntered(
        attempt=deal.attempt,
        from_stage_id=deal.stage_id,
        to_stage_id=target.pk,
        stage_name=target.name,
        seconds_in_previous=max(0, int((at - deal.stage_since).total_seconds())),
    )
    deal.came_from = deal.stage_id
    deal.stage, deal.stage_since, deal.version = target, at, deal.version + 1
    deal.save(update_fields=["stage", "stage_since", "version"])
    journal.record(entered, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


@transaction.atomic
def win_deal(
    *,
    deal_id: int,
    by: Viewer,
    at: datetime,
    version: int | None = None,
    calendar: WorkCalendar | None = None,
    reason: str = "",
) -> Deal:
    """Close a deal as won. Winning a won deal does nothing. It meets the demands of the stage
    it stands on and of all that it skips; `reason` lets it pass the soft ones.

    Raises: Deal.DoesNotExist, ChangedMeanwhileError, DealIsClosedError when it is lost,
        AmountMissingError, MoveForbiddenError, DemandUnmetError, ReasonWantedError; none
        leaves a trace.
    Records: DemandPassed, DealWon.
    """
    deal = changeable(deal_id, by)
    if deal.outcome == "won":
        return deal
    deal = _closable(deal, version)
    if deal.amount_kopecks is None:
        raise AmountMissingError
    _pass_demands(deal, None, demand_move(deal, "win", by=by), reason, by, at)
    calendar = calendar or settings.calendar(settings.all_settings())
    body = DealWon(
        attempt=deal.attempt,
        amount_kopecks=deal.amount_kopecks,
        seconds_open=max(0, int((at - deal.attempt_since).total_seconds())),
        working_seconds_open=int(calendar.between(deal.attempt_since, at).total_seconds()),
    )
    _close(deal, "won", at)
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


@transaction.atomic
def lose_deal(
    *,
    deal_id: int,
    reason_id: int | None,
    by: Viewer,
    at: datetime,
    detail: str = "",
    version: int | None = None,
) -> Deal:
    """Close a deal as lost, with a reason of the second level. Losing a lost deal does nothing.

    Raises: Deal.DoesNotExist, ReasonMissingError, ChangedMeanwhileError, DealIsClosedError
        when it is won, MoveForbiddenError; none leaves a trace.
    Records: DealLost.
    """
    deal = changeable(deal_id, by)
    if deal.outcome == "lost":
        return deal
    reason = sound_reason(reason_id)
    deal = _closable(deal, version)
    demand_move(deal, "lose", by=by)
    deal.refusal_reason, deal.refusal_detail = reason, detail.strip()[:500]
    body = DealLost(
        attempt=deal.attempt,
        amount_kopecks=deal.amount_kopecks,
        reason_id=reason.pk,
        reason=reason.name,
        reason_group=reason.group.name if reason.group else "",
        is_other=reason.is_other,
        detail=deal.refusal_detail,
        seconds_open=max(0, int((at - deal.attempt_since).total_seconds())),
    )
    _close(deal, "lost", at)
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


@transaction.atomic
def clarify_refusal(
    *, deal_id: int, reason_id: int | None, detail: str, by: Viewer, at: datetime
) -> Deal:
    """Name the reason of a refusal better; the same reason and words again do nothing.

    Raises: Deal.DoesNotExist, ReasonMissingError, DealIsClosedError unless the deal is lost.
    Records: RefusalClarified.
    """
    deal = changeable(deal_id, by)
    reason, detail = sound_reason(reason_id), detail.strip()[:500]
    if deal.outcome != "lost":
        raise DealIsClosedError(outcome=deal.outcome)
    if (deal.refusal_reason_id, deal.refusal_detail) == (reason.pk, detail):
        return deal
    deal.refusal_reason, deal.refusal_detail = reason, detail
    deal.version += 1
    deal.save(update_fields=["refusal_reason", "refusal_detail", "version"])
    body = RefusalClarified(
        attempt=deal.attempt,
        reason_id=reason.pk,
        reason=reason.name,
        reason_group=reason.group.name if reason.group else "",
        is_other=reason.is_other,
        detail=detail,
    )
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


@transaction.atomic
def reopen_deal(*, deal_id: int, by: Viewer, at: datetime) -> Deal:
    """Open a closed deal again as the next attempt, on the stage where it stood, or
    on the next one where that is no more.

    The won money is taken back by the fact itself (its sum, negative). An open deal stays.

    Raises: Deal.DoesNotExist, MoveForbiddenError.
    Records: DealReopened, DealOpened, StageEntered.
    """
    deal = changeable(deal_id, by)
    if not deal.outcome:
        return deal
    demand_move(deal, "reopen", by=by)
    was, taken_back = deal.outcome, -(deal.amount_kopecks or 0) if deal.outcome == "won" else 0
    deal.outcome, deal.closed_at, deal.refusal_reason, deal.refusal_detail = "", None, None, ""
    deal.attempt, deal.attempt_since, deal.stage_since = deal.attempt + 1, at, at
    deal.stage = _in_use(deal.stage)
    deal.version += 1
    deal.save()
    bodies = (
        DealReopened(attempt=deal.attempt, was=was, amount_kopecks=taken_back),
        DealOpened(attempt=deal.attempt, amount_kopecks=deal.amount_kopecks, title=deal.title),
        StageEntered(
            attempt=deal.attempt,
            from_stage_id=None,
            to_stage_id=deal.stage_id,
            stage_name=deal.stage.name,
            seconds_in_previous=0,
        ),
    )
    for body in bodies:
        journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


def _was_just_there(deal: Deal, stage_id: int, by: Viewer) -> bool:
    """Say whether the deal's latest move came from a stage, made by who asks."""
    moves = Fact.objects.filter(deal_id=deal.pk, kind="deal.stage_entered")
    last = moves.order_by("-pk").values_list("by_id", "body").first()
    if last is None:
        return False
    by_id, body = last
    way = (body["from_stage_id"], body["to_stage_id"])
    return way == (stage_id, deal.stage_id) and by_id == by.by_id


def _pass_demands(
    deal: Deal,
    place: int | None,
    beside: list[DemandRow],
    reason: str,
    by: Viewer,
    at: datetime,
) -> None:
    """Demand what the stages up to a place ask for; None: up to the funnel's end.

    Back nothing is demanded but what stands `beside`: a reason for the move itself.
    """
    left = stages_between(deal.funnel_id, deal.stage.place, place)
    known = settings.calendar(settings.all_settings())
    passed = demand_passage(
        deal, list(left), reason=reason, day=known.day_of(at), beside=beside
    )
    for row in passed:
        body = DemandPassed(
            attempt=deal.attempt,
            stage_id=row.stage_id,
            stage=left.get(row.stage_id, deal.stage.name),
            demand_id=row.id,
            demand_kind=row.kind,
            what=row.what,
            least=row.least,
            reason=reason.strip()[:500],
        )
        journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)


def sound_reason(reason_id: int | None) -> RefusalReason:
    """Give a reason of the second level that is in use. Raises: ReasonMissingError."""
    reasons = RefusalReason.objects.select_related("group")
    reason = reasons.filter(pk=reason_id or 0, retired_at=None).first()
    if reason is None:
        raise ReasonMissingError
    if reason.group_id is None:
        raise ReasonMissingError(group=reason.name)
    return reason


def _in_use(stage: Stage) -> Stage:
    """Give a stage, or the live one nearest to it where it was retired."""
    if stage.retired_at is None:
        return stage
    live = Stage.objects.filter(funnel_id=stage.funnel_id, retired_at=None).order_by("place")
    return live.filter(place__gte=stage.place).first() or live.last() or stage


def _closable(deal: Deal, version: int | None) -> Deal:
    demand_version(deal, version)
    if deal.outcome:
        raise DealIsClosedError(outcome=deal.outcome)
    return deal


def _close(deal: Deal, outcome: str, at: datetime) -> None:
    deal.outcome, deal.closed_at, deal.version = outcome, at, deal.version + 1
    deal.save(
        update_fields=["outcome", "closed_at", "version", "refusal_reason", "refusal_detail"]
    )
