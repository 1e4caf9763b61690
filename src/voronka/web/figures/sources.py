"""Where inquiries and money come from, by source and campaign, and the rows behind."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from voronka.clients.queries import client_names
from voronka.deals.queries import deal_titles
from voronka.kpi.by_source import FIRST, LAST, WHATS, Line, by_source
from voronka.kpi.conventions import Period
from voronka.kpi.source import read
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
    lines = _lines(request, period, at)
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
    wanted = (get.get("source", ""), get.get("campaign", ""))
    lines = [
        line
        for line in _lines(request, period, at)
        if (line.origin.source, line.origin.campaign) == wanted
    ]
    rows = lines[0].rows(what) if lines else []
    start = int(get["from"]) if get.get("from", "").isdecimal() and len(get["from"]) < 8 else 0
    shown = rows[start : start + PAGE]
    context = {
        "now": at,
        "period": period,
        "what": what,
        "source": wanted[0],
        "campaign": wanted[1],
        "touch": _touch(request),
        "back": urlencode({"month": mark_of(request, period), "touch": _touch(request)}),
        "rows": shown,
        "n": len(rows),
        "total": sum(row.value for row in rows),
        "clients": client_names(viewer=by, ids={r.client_id for r in shown if r.client_id}),
        "deals": deal_titles(viewer=by, ids={r.deal_id for r in shown if r.deal_id}),
        "people": {one.id: one.name for one in directory()},
        "next": _next(request, start) if start + PAGE < len(rows) else "",
        "w": source_words,
    }
    return render(request, "figures/source_rows.html", context, here="figures")


def _lines(request: HttpRequest, period: Period, at: datetime) -> list[Line]:
    known, by = settings_of(request), viewer(request)
    material = read(
        viewer=by, period=period, now=at, calendar=calendar_of(known), settings=known
    )
    return by_source(material, viewer=by, touch=_touch(request))


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
