"""Editing the regulation: everything goes into the draft of the funnel's next version."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals import demands, drafts, funnels, move_rules, queries
from voronka.deals.indicators import put_indicator
from voronka.journal.viewer import Viewer
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.reading import BadFormError, posted_id
from voronka.web.shell import now

DAY = 9 * 3600
Act = Callable[[HttpRequest, drafts.Draft, Viewer, datetime], int | None]


@require_POST
@open_to(RULERS)
def regulation_put(request: HttpRequest) -> HttpResponse:
    """Edit the draft: `act` says what; the draft is begun with the first edit."""
    by, at, funnel_id = viewer(request), now(), posted_id(request, "funnel")
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadFormError(name="act")
    with transaction.atomic():
        draft = drafts.open_draft(funnel_id=funnel_id, by=by, at=at)
        stage_id = act(request, draft, by, at)
    messages.success(request, _("Записано в черновик. Действует, когда опубликуете."))
    return _back(funnel_id, stage_id)


@require_POST
@open_to(RULERS)
def regulation_draft(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, or make one of an older version."""
    by, at, funnel_id = viewer(request), now(), posted_id(request, "funnel")
    if request.POST.get("version"):
        version_id = posted_id(request, "version")
        drafts.draft_version(version_id=version_id, by=by, at=at)
        messages.success(
            request, _("Прежняя версия лежит в черновике. Проверьте и публикуйте.")
        )
    else:
        drafts.drop_draft(funnel_id=funnel_id, by=by, at=at)
        messages.success(request, _("Черновик убран"))
    return _back(funnel_id, None)


def _back(funnel_id: int, stage_id: int | None) -> HttpResponse:
    asked = {"funnel": funnel_id} | ({"stage": stage_id} if stage_id else {})
    where = f"{reverse('regulation')}?{urlencode(asked)}{'#stage' if stage_id else ''}"
    return HttpResponseRedirect(where, status=303)


def _stage(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> int:
    """Add a stage, or write its name, norm, place and hint."""
    form, days = request.POST, request.POST.get("days", "").replace(",", ".").strip()
    stage_id = (
        drafts.stage_in_draft(draft, posted_id(request, "stage")) if form.get("stage") else 0
    )
    try:
        norm = int(float(days) * DAY) if days else None
    except (ValueError, OverflowError):
        raise funnels.BadSetupError(name=days) from None
    if norm is not None and not 0 <= norm < 10**9:
        raise funnels.BadSetupError(name=days)
    if stage_id and form.get("was_days") == form.get("days"):
        # What is shown is rounded: written back it would be another norm.
        norm = queries.norm_of(stage_id)
    place = form.get("place", "")
    put = funnels.put_stage(
        funnel_id=draft.pk,
        stage_id=stage_id or None,
        name=form.get("name", ""),
        norm_seconds=norm or None,
        place=int(place) if place.isdecimal() and len(place) < 4 else None,
        by=by,
        at=at,
    )
    if "hint" in form:
        funnels.put_hint(stage_id=put.pk, text=form["hint"], by=by, at=at)
    return put.pk


def _drop_stage(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> None:
    stage_id = drafts.stage_in_draft(draft, posted_id(request, "stage"))
    funnels.retire_stage(stage_id=stage_id, by=by, at=at)


def _demand(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> int:
    """Add a demand to a stage."""
    form, least = request.POST, request.POST.get("least", "")
    kind, _sep, what = form.get("kind", "").partition(":")
    stage_id = drafts.stage_in_draft(draft, posted_id(request, "stage"))
    demands.put_demand(
        stage_id=stage_id,
        kind=kind,
        what=what,
        least=int(least[:6]) if kind == "talk" and least.isdecimal() else 0,
        level=form.get("level", "warn"),
        since=_since(request),
        by=by,
        at=at,
    )
    return stage_id


def _level(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> int:
    """Change a demand's level and day, or take it away."""
    demand_id = drafts.demand_in_draft(draft, posted_id(request, "demand"))
    if request.POST.get("drop"):
        demands.drop_demand(demand_id=demand_id, by=by, at=at)
    else:
        demands.change_demand(
            demand_id=demand_id,
            level=request.POST.get("level", ""),
            since=_since(request),
            by=by,
            at=at,
        )
    return drafts.stage_in_draft(draft, posted_id(request, "stage"))


def _moves(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> None:
    """Write the table of moves: fields «back:manager», and «17:lead» for stage 17."""
    for key, level in request.POST.dict().items():
        row, _sep, role = key.partition(":")
        if not role:
            continue
        if row.isdecimal() and len(row) < 18:
            stage_id = drafts.stage_in_draft(draft, int(row))
            move_rules.put_entry_rule(
                stage_id=stage_id, role=role, level=str(level), by=by, at=at
            )
        else:
            move_rules.put_move_rule(
                funnel_id=draft.pk, move=row, role=role, level=str(level), by=by, at=at
            )


def _indicator(request: HttpRequest, draft: drafts.Draft, by: Viewer, at: datetime) -> int:
    """Say what is recorded on a stage, or that nothing is any more."""
    form = request.POST
    put = put_indicator(
        stage_id=drafts.stage_in_draft(draft, posted_id(request, "stage")),
        name="" if form.get("without") else form.get("name", ""),
        kind=form.get("value_kind", ""),
        unit=form.get("unit", ""),
        choices=form.get("choices", "").split(","),
        by=by,
        at=at,
    )
    return put.pk


def _since(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        raise BadFormError(name="since") from None


_ACTS: dict[str, Act] = {
    "stage": _stage,
    "drop-stage": _drop_stage,
    "demand": _demand,
    "level": _level,
    "moves": _moves,
    "indicator": _indicator,
}
