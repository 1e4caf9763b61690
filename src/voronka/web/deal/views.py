"""A deal's card and what people do with it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.agenda.queries import steps_of_deal
from voronka.clients.custom_fields import fields_of
from voronka.clients.queries import client_names, contacts_of, sources
from voronka.deals import dealing, queries, stage_moves
from voronka.deals.demands import ReasonWantedError, demands_of
from voronka.foundation.money import parse_rubles
from voronka.foundation.worktime import WorkCalendar
from voronka.journal.queries import deal_timeline
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.clients.forms import custom_of
from voronka.web.clients.shown import custom_lines
from voronka.web.deal.indicators import lines_of
from voronka.web.deal.lines import read_lines
from voronka.web.deal.path import in_stage_seconds, passed_seconds, standing_slips
from voronka.web.deal.steps import STEP_KINDS
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.reading import posted_day, posted_id
from voronka.web.shell import now, render
from voronka.web.timeline import days_of

TABS = {"call": "call.", "step": "step.", "stage": "deal.", "slip": "slip."}
LATEST = 20


@open_to(EVERYBODY)
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show a deal: its path, next step, money, client and all that happened."""
    by = viewer(request)
    card = queries.deal(viewer=by, deal_id=deal_id)
    tab = request.GET.get("tab", "")
    entries = deal_timeline(deal_id=deal_id, limit=400)
    shown = [one for one in entries if one.kind.startswith(TABS.get(tab, ""))]
    calendar, at = calendar_of(settings_of(request)), now()
    stages = queries.stages(card.funnel_id)
    here = next((n for n, stage in enumerate(stages) if stage.id == card.row.stage_id), 0)
    context = {
        "now": at,
        "card": card,
        "row": card.row,
        "stages": stages,
        "stage": stages[here] if stages else None,
        "place": here,
        "next_stage": stages[here + 1] if here + 1 < len(stages) else None,
        "in_stage": in_stage_seconds(card.row, calendar, at),
        "steps": steps_of_deal(deal_id=deal_id),
        "contacts": contacts_of(client_id=card.row.client_id),
        "passed": passed_seconds(entries, calendar),
        "slips": standing_slips(entries),
        "names": {one.id: one.name for one in directory()},
        "days": days_of(shown if tab else shown[:LATEST], calendar, by.reach("call", "read")),
        "more": 0 if tab else max(0, len(entries) - LATEST),
        "tab": tab,
        "custom": custom_lines(card.custom, fields_of("deal")),
        "may_change": _may_change(request, card.row),
        "sellers": [one for one in directory() if one.sells],
        "due": _usual_deadline(calendar, at),
        "step_kinds": STEP_KINDS,
        "indicators": lines_of(card, stages),
        "has_demands": not card.row.outcome and bool(demands_of([card.row.stage_id])),
    }
    return render(request, "deal/deal.html", context, here="board")


@open_to(SELLING)
def edit(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Change a deal's fields and product lines."""
    by = viewer(request)
    card = queries.deal(viewer=by, deal_id=deal_id)
    if request.method == "POST":
        version = posted_id(request, "version")
        fields = _fields(request)
        changed = dealing.change_deal(
            deal_id=deal_id, fields=fields, by=by, at=now(), version=version
        )
        lines = read_lines(request.POST)
        if lines or card.lines:
            dealing.put_lines(
                deal_id=deal_id, lines=lines, by=by, at=now(), version=changed.version
            )
        return _to(deal_id)
    context = {
        "card": card,
        "row": card.row,
        "custom_fields": fields_of("deal"),
        "products": queries.products(),
        "sources": sources(),
        "blank_lines": range(3),
    }
    return render(request, "deal/edit.html", context, here="board")


@require_POST
@open_to(SELLING)
def closure(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Win or lose a deal."""
    by, version = viewer(request), posted_id(request, "version")
    if request.POST.get("outcome") == "won":
        why = request.POST.get("reason", "")
        try:
            stage_moves.win_deal(deal_id=deal_id, by=by, at=now(), version=version, reason=why)
        except ReasonWantedError:
            where = reverse("deal-move-reason", args=[deal_id])
            return HttpResponseRedirect(where, status=303)
        messages.success(request, _("Сделка выиграна"))
        return _to(deal_id)
    reason = request.POST.get("reason", "")
    reason_id = int(reason) if reason.isdecimal() else None
    if queries.deal(viewer=by, deal_id=deal_id).row.outcome == "lost":
        detail = request.POST.get("detail", "")
        stage_moves.clarify_refusal(
            deal_id=deal_id, reason_id=reason_id, detail=detail, by=by, at=now()
        )
        messages.success(request, _("Причина уточнена"))
    else:
        stage_moves.lose_deal(
            deal_id=deal_id,
            reason_id=reason_id,
            detail=request.POST.get("detail", ""),
            by=by,
            at=now(),
            version=version,
        )
        undo = reverse("deal-reopening", args=[deal_id])
        messages.success(request, _("Отказ записан"), extra_tags=f"undo:{undo}")
    return _to(deal_id)


@open_to(SELLING)
def refusal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask for the reason of a refusal, in two levels."""
    card = queries.deal(viewer=viewer(request), deal_id=deal_id)
    context = {"card": card, "row": card.row, "reasons": queries.refusal_reasons()}
    return render(request, "deal/refusal.html", context, here="board")


@require_POST
@open_to(SELLING)
def reopening(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Open a closed deal again as a new attempt."""
    opened = stage_moves.reopen_deal(deal_id=deal_id, by=viewer(request), at=now())
    messages.success(request, _("Сделка снова открыта, попытка %(n)s") % {"n": opened.attempt})
    return _to(deal_id)


@require_POST
@open_to(SELLING)
def handover(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Give a deal to another manager."""
    to_id = posted_id(request, "to")
    dealing.hand_over_deal(deal_id=deal_id, to_id=to_id, by=viewer(request), at=now())
    return HttpResponseRedirect(reverse("board"), status=303)


@open_to(SELLING)
def new(request: HttpRequest, client_id: int) -> HttpResponse:
    """Open a deal with a client."""
    if request.method == "POST":
        amount = request.POST.get("amount", "").strip()
        funnel = request.POST.get("funnel", "")
        made = dealing.open_deal(
            client_id=client_id,
            title=request.POST.get("title", ""),
            amount_kopecks=parse_rubles(amount) if amount else None,
            funnel_id=int(funnel) if funnel.isdecimal() else None,
            by=viewer(request),
            at=now(),
        )
        return _to(made.pk)
    names = client_names(viewer=viewer(request), ids=[client_id])
    if not names:
        raise Http404
    context = {
        "funnels": queries.funnels(),
        "client_id": client_id,
        "client_name": names[client_id],
    }
    return render(request, "deal/new.html", context, here="board")


def _fields(request: HttpRequest) -> dict[str, Any]:
    amount = request.POST.get("amount_kopecks", "").strip()
    return {
        "title": request.POST.get("title", ""),
        "amount_kopecks": parse_rubles(amount) if amount else None,
        "source": request.POST.get("source", ""),
        "expected_close_on": posted_day(request, "expected_close_on"),
        "note": request.POST.get("note", ""),
        "custom": custom_of(request.POST),
    }


def _may_change(request: HttpRequest, row: queries.DealRow) -> bool:
    reach = viewer(request).reach("deal", "change")
    return reach is None or row.manager_id in reach


def _usual_deadline(calendar: WorkCalendar, at: datetime) -> datetime:
    return calendar.add(at, timedelta(hours=9))


def _to(deal_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("deal", args=[deal_id]), status=303)
