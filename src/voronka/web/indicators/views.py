"""The figure of a stage: K29 with the list behind it."""

from django.http import HttpRequest, HttpResponse

from voronka.deals import queries
from voronka.kpi.stage_indicator import stage_indicator
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.pages import EVERYBODY, open_to, settings_of, viewer
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
