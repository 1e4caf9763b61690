"""The figure of a stage: what the manager records there, typed, and when it came too late."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from voronka.clients.custom_fields import clean_value
from voronka.clients.models import CustomField
from voronka.deals.dealing import about_deal, changeable
from voronka.deals.funnels import note_setting
from voronka.deals.models import Deal, Demand, Stage
from voronka.deals.recorded_figures import Value, kept
from voronka.foundation.errors import RefusalError
from voronka.journal import actions as journal
from voronka.journal.kinds import IndicatorRecorded
from voronka.journal.viewer import Viewer

KINDS = ("number", "money", "date", "choice", "flag")


class BadIndicatorError(RefusalError):
    """A figure of a stage has an unknown kind, or is a choice of fewer than two."""

    code = "bad_indicator"


class NoIndicatorError(RefusalError):
    """Nothing is recorded on that stage. details: stage."""

    code = "no_indicator"


@transaction.atomic
def put_indicator(
    *,
    stage_id: int,
    name: str,
    kind: str,
    by: Viewer,
    at: datetime,
    unit: str = "",
    choices: Sequence[str] = (),
) -> Stage:
    """Say what is recorded on a stage; without a name nothing is any more.

    What was recorded stays on the deals. A demand for a figure that is gone goes with it.
    Raises: PermissionError, BadIndicatorError, Stage.DoesNotExist. Records: SettingChanged.
    """
    if not by.may("settings", "change"):
        raise PermissionError("settings")
    stage = Stage.objects.select_for_update().get(pk=stage_id, retired_at=None)
    before = _told(stage)
    name, kinds = name.strip()[:120], {kind} if name.strip() else {""}
    listed = list(dict.fromkeys(one.strip()[:120] for one in choices if one.strip()))
    if name and (kind not in KINDS or (kind == "choice" and len(listed) < 2)):
        raise BadIndicatorError(name=name, kind=kind)
    stage.indicator_name, stage.indicator_kind = name, kinds.pop()
    stage.indicator_unit = unit.strip()[:20] if name and kind == "number" else ""
    stage.indicator_choices = listed[:30] if stage.indicator_kind == "choice" else []
    if before != _told(stage):
        stage.save()
        note_setting(f"stage:{stage.pk}:indicator", before, _told(stage), by, at)
        if not name:
            _drop_demand(stage, by, at)
    return stage


@transaction.atomic
def record_indicator(
    *, deal_id: int, stage_id: int, text: str, by: Viewer, at: datetime
) -> Deal:
    """Record a stage's figure on a deal as typed; "" takes it back, the same does nothing.

    The deal's version stays: a figure hinders nobody who moves the deal meanwhile.

    Raises: Deal.DoesNotExist (also when `by` may not change it), Stage.DoesNotExist for a
        stage of another funnel, NoIndicatorError, BadFieldValueError; none leaves a trace.
    Records: IndicatorRecorded.
    """
    deal = changeable(deal_id, by)
    stage = Stage.objects.get(pk=stage_id, funnel_id=deal.funnel_id)
    if not stage.indicator_kind:
        raise NoIndicatorError(stage=stage.name)
    value = _read(stage, text)
    known = dict(deal.indicators or {})
    before = known.pop(str(stage.pk), None)
    if value == (before["value"] if before and before["attempt"] == deal.attempt else None):
        return deal
    is_late = bool(deal.outcome) or stage.place < deal.stage.place
    if value is not None:
        known[str(stage.pk)] = kept(stage, value, attempt=deal.attempt, is_late=is_late, at=at)
    deal.indicators = known
    deal.save(update_fields=["indicators"])
    body = IndicatorRecorded(
        attempt=deal.attempt,
        stage_id=stage.pk,
        stage=stage.name,
        name=stage.indicator_name,
        value_kind=stage.indicator_kind,
        unit=stage.indicator_unit,
        value=value,
        is_late=is_late,
    )
    journal.record(body, about=about_deal(deal), by_id=by.by_id, at=at)
    return deal


def _read(stage: Stage, text: str) -> Value | None:
    """Read as a field of the card is read: one way to type a sum, a day, a yes."""
    field = CustomField(
        name=stage.indicator_name, kind=stage.indicator_kind, options=stage.indicator_choices
    )
    value: Value | None = clean_value(field, text)
    return value


def _told(stage: Stage) -> str:
    parts = (stage.indicator_name, stage.indicator_kind, stage.indicator_unit)
    return ", ".join(one for one in (*parts, *stage.indicator_choices) if one)


def _drop_demand(stage: Stage, by: Viewer, at: datetime) -> None:
    for row in Demand.objects.filter(stage=stage, kind="indicator", retired_at=None):
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        note_setting(f"demand:{row.pk}", "on", "", by, at)
