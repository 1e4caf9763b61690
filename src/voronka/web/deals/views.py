"""The list of deals: conditions, saved views, totals of the whole filter."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.agenda import bulk
from voronka.agenda.queries import next_steps
from voronka.deals import queries, saved_views
from voronka.foundation.money import parse_rubles
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.board.cards import age
from voronka.web.deal.steps import STEP_KINDS
from voronka.web.pages import EVERYBODY, HEADS, open_to, settings_of, viewer
from voronka.web.shell import now, render


@open_to(EVERYBODY)
def deals(request: HttpRequest) -> HttpResponse:
    """Show a page of 50 deals and what the whole filter sums up to, five queries."""
    by, conditions = viewer(request), conditions_of(request)
    rows = queries.deal_list(viewer=by, conditions=conditions, after=_after(request))
    page, sort = rows[: queries.PAGE], conditions.get("sort", "amount")
    steps = next_steps([row.id for row in page])
    calendar, at, known = calendar_of(settings_of(request)), now(), settings_of(request)
    cards = [
        age(row, steps.get(row.id), calendar, at, known["completeness_threshold"])
        for row in page
    ]
    views = queries.saved_views(person_id=by.person_id)
    context = {
        "now": at,
        "cards": cards,
        "totals": queries.list_totals(viewer=by, conditions=conditions),
        "views": [(pk, name, _query(view), own) for pk, name, view, own in views],
        "current": _query(conditions),
        "stages": queries.all_stages(),
        "sellers": [one for one in directory() if one.sells],
        "c": conditions,
        "sort": sort,
        "next": _next(conditions, page[-1], sort) if len(rows) > queries.PAGE else "",
        "may_share": by.role in HEADS,
        "may_change": by.may("deal", "change"),
        "step_kinds": STEP_KINDS,
        "due": calendar.add(at, timedelta(hours=9)),
        "most": bulk.MOST,
    }
    return render(request, "deals/list.html", context, here="board")


@require_POST
@open_to(EVERYBODY)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the shown conditions as a view, or forget a view."""
    by, drop = viewer(request), request.POST.get("drop", "")
    if drop.isdecimal():
        saved_views.drop_view(owner_id=by.person_id, view_id=int(drop))
        return HttpResponseRedirect(reverse("deals"), status=303)
    view = saved_views.keep_view(
        owner_id=by.person_id,
        name=request.POST.get("name", ""),
        conditions=clean(request.POST),
        is_shared=bool(request.POST.get("shared")) and by.role in HEADS,
    )
    messages.success(request, _("Представление «%(name)s» сохранено") % {"name": view.name})
    return HttpResponseRedirect(f"{reverse('deals')}?{_query(view.conditions)}", status=303)


def conditions_of(request: HttpRequest) -> dict[str, Any]:
    """Read the conditions that the list knows; the rest of the address is ignored."""
    return clean(request.GET)


def clean(given: Any) -> dict[str, Any]:
    """Keep the conditions that the list knows."""
    found: dict[str, Any] = {}
    for name in ("funnel", "stage", "manager"):
        if (value := given.get(name, "")).isdecimal() and len(value) < 12:
            found[name] = int(value)
    if given.get("state") in ("won", "lost", "all"):
        found["state"] = given["state"]
    if given.get("sort") in ("created", "stage_since"):
        found["sort"] = given["sort"]
    if query := given.get("q", "").strip()[:100]:
        found["q"] = query
    if given.get("no_step"):
        found["no_step"] = 1
    return found | _least(given)


def _least(given: Any) -> dict[str, Any]:
    if least := given.get("min", "").strip():
        return {"min_kopecks": parse_rubles(least)}
    kopecks = given.get("min_kopecks", "")
    return {"min_kopecks": int(kopecks)} if kopecks.isdecimal() and len(kopecks) < 18 else {}


def _query(conditions: dict[str, Any]) -> str:
    return urlencode({key: value for key, value in conditions.items() if value})


def _next(conditions: dict[str, Any], last: queries.DealRow, sort: str) -> str:
    key: Any = {
        "created": last.created_at.isoformat(),
        "stage_since": last.stage_since.isoformat(),
    }.get(sort, last.amount_kopecks if last.amount_kopecks is not None else "")
    return urlencode(conditions | {"after": f"{key}~{last.id}"})


def _after(request: HttpRequest) -> tuple[Any, int] | None:
    key, mark, pk = request.GET.get("after", "").partition("~")
    if not mark or not pk.isdecimal():
        return None
    if request.GET.get("sort") in ("created", "stage_since"):
        try:
            return datetime.fromisoformat(key), int(pk)
        except ValueError:
            return None
    return (int(key) if key.isdecimal() else None), int(pk)
