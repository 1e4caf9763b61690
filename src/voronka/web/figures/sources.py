"""Where inquiries and money come from, by source and campaign, and the rows behind."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from voronka.clients.queries import client_names
from voronka.deals.queries import deal_titles
from voronka.inquiries.touches import Origin
from voronka.journal.viewer import Viewer
from voronka.kpi.by_source import FIRST, LAST, WHATS, Line, by_source, rows_of
from voronka.kpi.conventions import Period, Row
from voronka.kpi.source import Material, read
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web import source_words
from voronka.web.pages import EVERYBODY, open_to, settings_of, viewer
from voronka.web.periods import choices, mark_of, period_of
from voronka.web.shell import now, render

PAGE = 100


@open_to(EVERYBODY)
def sources(request: HttpRequest) -> HttpResponse:
    """Show the table of origins of a period, by the first or the last touch; eight queries."""
    at = now()
    period = period_of(request, calendar_of(settings_of(request)), at)
    touch = _touch(request)
    material = _material(request, period, at)
    lines = by_source(material, viewer=viewer(request), touch=touch)
    context = {
        "now": at,
        "period": period,
        "months": choices(request, period, at),
        "month": mark_of(request, period),
        "touch": touch,
        "lines": [(line, _address(request, period, line)) for line in lines],
        "most": max((line.won_kopecks for line in lines), default=0),
        "total": _total(lines),
        "w": source_words,
    }
    return render(request, "figures/sources.html", context, here="figures")


@open_to(EVERYBODY)
def source_rows(request: HttpRequest) -> HttpResponse:
    """List the rows behind one number of the table."""
    by, at, get = viewer(request), now(), request.GET
    period = period_of(request, calendar_of(settings_of(request)), at)
    what = get.get("what", "")
    what = what if what in WHATS else WHATS[0]
    origin = Origin(get.get("source", ""), get.get("campaign", ""))
    material, touch = _material(request, period, at), _touch(request)
    rows = rows_of(material, viewer=by, what=what, origin=origin, touch=touch)
    start = int(get["from"]) if get.get("from", "").isdecimal() and len(get["from"]) < 8 else 0
    shown = rows[start : start + PAGE]
    context = {
        "now": at,
        "period": period,
        "what": what,
        "origin": origin,
        "touch": touch,
        "back": urlencode({"month": mark_of(request, period), "touch": touch}),
        "rows": shown,
        "n": len(rows),
        "total": sum(row.value for row in rows),
        "names": _names(shown, what, by),
        "people": {one.id: one.name for one in directory()},
        "next": _next(request, start) if start + PAGE < len(rows) else "",
        "w": source_words,
    }
    return render(request, "figures/source_rows.html", context, here="figures")


def _names(rows: list[Row], what: str, by: Viewer) -> dict[int, str]:
    """Name what the rows are about by the row's deal, or the client who turned to us."""
    if what in ("deals", "won"):
        titles = deal_titles(viewer=by, ids={row.deal_id for row in rows if row.deal_id})
        return {pk: f"№ {number}, {title}" for pk, (number, title) in titles.items()}
    return client_names(viewer=by, ids={row.client_id for row in rows if row.client_id})


def _material(request: HttpRequest, period: Period, at: datetime) -> Material:
    known = settings_of(request)
    return read(
        viewer=viewer(request),
        period=period,
        now=at,
        calendar=calendar_of(known),
        settings=known,
    )


def _touch(request: HttpRequest) -> str:
    return LAST if request.GET.get("touch") == LAST else FIRST


def _address(request: HttpRequest, period: Period, line: Line) -> str:
    return urlencode(
        {
            "month": mark_of(request, period),
            "touch": _touch(request),
            "source": line.origin.source,
            "campaign": line.origin.campaign,
        }
    )


def _next(request: HttpRequest, start: int) -> str:
    given = {name: value for name, value in request.GET.items() if name != "from"}
    return urlencode(given | {"from": start + PAGE})


def _total(lines: list[Line]) -> dict[str, int]:
    return {
        "inquiries": sum(len(line.inquiries) for line in lines),
        "targeted": sum(len(line.targeted) for line in lines),
        "deals": sum(len(line.deals) for line in lines),
        "wins": sum(line.wins for line in lines),
        "won": sum(line.won_kopecks for line in lines),
        "other": sum(line.other_won_kopecks for line in lines),
    }
