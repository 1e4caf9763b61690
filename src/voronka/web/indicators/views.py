"""The figure of a stage: set in the regulation, and K29 with the list behind it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals import queries
from voronka.deals.indicators import put_indicator
from voronka.kpi.stage_indicator import stage_indicator
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.pages import EVERYBODY, RULERS, open_to, settings_of, viewer
from voronka.web.periods import choices, mark_of, period_of
from voronka.web.shell import now, render

PAGE = 100


@open_to(EVERYBODY)
def indicator(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Show K29 of a stage: how often recorded, which values, how they go with wins."""
    by, at = viewer(request), now()
    _funnel_id, stage = queries.live_stage(stage_id)
    period = period_of(request, calendar_of(settings_of(request)), at)
    found = stage_indicator(viewer=by, period=period, stage_id=stage_id)
    first = request.GET.get("from", "")
    start = int(first) if first.isdecimal() and len(first) < 8 else 0
    shown = found.left[start : start + PAGE]
    context = {
        "now": at,
        "stage": stage,
        "found": found,
        "figure": found.figure,
        "rows": shown,
        "deals": queries.deal_titles(
            viewer=by, ids={one.row.deal_id for one in shown if one.row.deal_id}
        ),
        "people": {one.id: one.name for one in directory()},
        "period": period,
        "months": choices(request, period, at),
        "month": mark_of(request, period),
        "next_start": start + PAGE if start + PAGE < len(found.left) else None,
        "previous": max(0, start - PAGE) if start else None,
    }
    return render(request, "indicators/indicator.html", context, here="regulation")


@require_POST
@open_to(RULERS)
def put(request: HttpRequest, stage_id: int) -> HttpResponse:
    """Say what is recorded on a stage, or that nothing is any more."""
    form = request.POST
    stage = put_indicator(
        stage_id=stage_id,
        name="" if form.get("without") else form.get("name", ""),
        kind=form.get("value_kind", ""),
        unit=form.get("unit", ""),
        choices=form.get("choices", "").split(","),
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Регламент изменён"))
    where = f"{reverse('regulation')}?funnel={stage.funnel_id}#s{stage.pk}"
    return HttpResponseRedirect(where, status=303)
