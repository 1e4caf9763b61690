"""The figures of a month, by department and by manager, and the list behind each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from voronka.clients.queries import client_names
from voronka.deals import queries as deals
from voronka.kpi import registry, stage_conversion, standing
from voronka.kpi.channels import ANY, FIGURES, of_channel
from voronka.kpi.conventions import Figure, Period, Row
from voronka.kpi.source import Material, read
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web import words
from voronka.web.pages import EVERYBODY, open_to, settings_of, viewer
from voronka.web.periods import choices, mark_of, period_of
from voronka.web.shell import now, render

PAGE = 100
CODES = (
    "K1", "K1B", "K2", "K3", "K4", "K5", "K6", "K7", "K13", "K14", "K15", "K16", "K18", "K24",
    "K25",
)  # fmt: skip


@open_to(EVERYBODY)
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month, stages, and a table by manager; six queries."""
    by, at = viewer(request), now()
    period = period_of(request, calendar_of(settings_of(request)), at)
    material = _material(request, period, at, None)
    funnels = deals.funnels()
    funnel = request.GET.get("funnel", "")
    funnel_id = int(funnel) if funnel.isdecimal() else (funnels[0][0] if funnels else 0)
    found = {code: make(material) for code, make in registry.FROM_JOURNAL.items()}
    found |= standing.both(viewer=by, now=at)
    context = {
        "now": at,
        "period": period,
        "months": choices(request, period, at),
        "month": mark_of(request, period),
        "figures": found,
        "flows": stage_conversion.flows(viewer=by, period=period, funnel_id=funnel_id),
        "funnels": funnels,
        "funnel_id": funnel_id,
        "people": _by_person(material),
    }
    return render(request, "figures/figures.html", context, here="figures")


@open_to(EVERYBODY)
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """Show a figure with the rows that sum up to it."""
    if code not in CODES:
        raise Http404
    by, at = viewer(request), now()
    period = period_of(request, calendar_of(settings_of(request)), at)
    manager = request.GET.get("manager", "")
    owner = int(manager) if manager.isdecimal() else None
    found, rows = _found(request, code, period, at, owner)
    first = request.GET.get("from", "")
    start = int(first) if first.isdecimal() and len(first) < 8 else 0
    shown = rows[start : start + PAGE]
    names = client_names(viewer=by, ids={row.client_id for row in shown if row.client_id})
    context = {
        "now": at,
        "code": code,
        "figure": found,
        "rows": shown,
        "n": len(rows),
        "total": sum(row.value for row in rows),
        "clients": names,
        "deals": deals.deal_titles(
            viewer=by, ids={row.deal_id for row in shown if row.deal_id}
        ),
        "people": {one.id: one.name for one in directory()},
        "sellers": [one for one in directory() if one.sells],
        "manager": manager,
        "period": period,
        "months": choices(request, period, at),
        "month": mark_of(request, period),
        "is_now": code in ("K24", "K25"),
        "start": start,
        "next_start": start + PAGE if start + PAGE < len(rows) else None,
        "previous": max(0, start - PAGE) if start else None,
        "stage": request.GET.get("stage", ""),
        "channel": _channel(request) if code in FIGURES else "",
    }
    return render(request, "figures/figure.html", context, here="figures")


def _found(
    request: HttpRequest, code: str, period: Period, at: datetime, owner: int | None
) -> tuple[Figure, list[Row]]:
    by = viewer(request)
    if code in registry.FROM_JOURNAL:
        ids = None if owner is None else frozenset({owner})
        material = _material(request, period, at, ids)
        if channel := _channel(request):
            material = of_channel(material, channel)
        made = registry.FROM_JOURNAL[code](material)
        return made, list(made.rows)
    if code == "K14":
        stage = request.GET.get("stage", "")
        rows = stage_conversion.stage_rows(
            viewer=by, period=period, stage_id=int(stage) if stage.isdecimal() else 0
        )
    else:
        rows = registry.standing_rows(code, viewer=by, now=at)
    kept = [row for row in rows if owner is None or row.owner_id == owner]
    return standing.figure_of(code, kept), kept


def _channel(request: HttpRequest) -> str:
    channel = request.GET.get("channel", "")
    return channel if channel in (ANY, *words.CHANNELS) else ""


def _material(
    request: HttpRequest, period: Period, at: datetime, owners: frozenset[int] | None
) -> Material:
    known = settings_of(request)
    return read(
        viewer=viewer(request),
        period=period,
        now=at,
        calendar=calendar_of(known),
        settings=known,
        owner_ids=owners,
    )


def _by_person(material: Material) -> list[dict[str, Any]]:
    """Make the figures once more per person, from the facts already read."""
    events: dict[int, dict[str, list[Any]]] = {}
    for kind, list_ in material.events.items():
        for event in list_:
            if event.owner_id:
                events.setdefault(event.owner_id, {}).setdefault(kind, []).append(event)
    names = {one.id: one for one in directory()}
    table = []
    for pk, own in events.items():
        if pk in names:
            mine = replace(material, events=own)
            made = {code: make(mine) for code, make in registry.FROM_JOURNAL.items()}
            table.append({"id": pk, "name": names[pk].name, "figures": made})
    return sorted(table, key=lambda row: -float(row["figures"]["K13"].value or 0))
