"""The queue of inquiries, one inquiry, and writing one down by hand."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.clients.queries import sources
from voronka.inquiries import accepting, chains, intake, queries
from voronka.inquiries.received_queries import files_of
from voronka.inquiries.rule_list import rule_list
from voronka.inquiries.telegram.queries import chat_of
from voronka.journal.queries import case_timeline
from voronka.kpi.conventions import month_of
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.inquiries.channels import overview
from voronka.web.inquiries.clocked import clocked
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.reading import posted_id
from voronka.web.shell import now, render
from voronka.web.timeline import days_of

STATES = ("", "waiting", "new", "targeted", "not_targeted", "spam", "duplicate")
BY_HAND = ("call", "mail", "messenger", "hand")


@open_to(EVERYBODY)
def inquiries(request: HttpRequest) -> HttpResponse:
    """Show the queue: those who wait first, then the newest; five queries."""
    by, at, known = viewer(request), now(), settings_of(request)
    calendar, norm = calendar_of(known), known["answer_norm_minutes"] * 60
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    channel, manager = request.GET.get("channel", ""), request.GET.get("manager", "")
    before = _before(request)
    narrowed: dict[str, Any] = {
        "channel": channel,
        "manager_id": int(manager) if manager.isdecimal() else None,
    }
    waiting: list[queries.InquiryRow] = []
    if state or before:
        rows = queries.queue(viewer=by, state=state, before=before, **narrowed)
    else:
        waiting, rows = queries.front(viewer=by, **narrowed)
    page = rows[: queries.PAGE]
    seen = {row.id for row in waiting}
    month = month_of(calendar.day_of(at), calendar)
    counts = queries.state_counts(viewer=by, since=month.start)
    shown = waiting + [row for row in page if row.id not in seen]
    why = chains.chains_of(shown)
    kept = {"state": state, "channel": channel, "manager": manager}
    context = {
        "now": at,
        "rows": [clocked(row, known, at, why[row.id]) for row in shown],
        "names": {one.id: one.name for one in directory()},
        "by_id": by.person_id,
        "counts": counts,
        "states": STATES,
        "kept": kept,
        "norm": norm,
        "rules_version": rule_list().version,
        "sellers": [one for one in directory() if one.sells],
        "next": _next(kept, page[-1]) if len(rows) > queries.PAGE else "",
        "late": sum(clocked(r, known, at).tone == "bad" for r in waiting),
        **overview(by, at, known),
    }
    return render(request, "inquiries/queue.html", context, here="inquiries")


@open_to(EVERYBODY)
def inquiry(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Show one inquiry with its clocks, what was written, and what to do with it.

    That its manager has opened it is a fact.
    """
    by, at, known = viewer(request), now(), settings_of(request)
    row = queries.inquiry(viewer=by, inquiry_id=inquiry_id)
    marks, raw = queries.sent_with(inquiry_id=inquiry_id)
    if row.is_waiting and row.seen_at is None and row.manager_id == by.person_id:
        accepting.see_inquiry(inquiry_id=inquiry_id, by=by, at=at)
        row = replace(row, seen_at=at)
    chain, calendar = chains.chains_of([row])[row.id], calendar_of(known)
    reach = by.reach("inquiry", "change")
    context = {
        "now": at,
        "one": clocked(row, known, at, chain),
        "row": row,
        "marks": marks,
        "raw": raw[:4000],
        "chat": chat_of(inquiry_id=inquiry_id) if row.channel == "messenger" else None,
        "files": files_of(inquiry_id=inquiry_id),
        "routed": chain.routed,
        "names": {one.id: one.name for one in directory()},
        "days": days_of(case_timeline(case=f"inquiry:{inquiry_id}"), calendar),
        "sellers": [one for one in directory() if one.sells],
        "by_id": by.person_id,
        "may_change": reach is None or row.manager_id in reach or row.manager_id is None,
    }
    return render(request, "inquiries/one.html", context, here="inquiries")


@open_to(SELLING)
def new(request: HttpRequest) -> HttpResponse:
    """Write down an inquiry that came by voice, mail or messenger."""
    if request.method == "POST":
        form, by, at = request.POST, viewer(request), now()
        manager, channel = form.get("manager", ""), form.get("channel", "")
        to_id = int(manager) if manager.isdecimal() else by.by_id
        made = intake.register_inquiry(
            intake.NewInquiry(
                channel=channel if channel in BY_HAND else "hand",
                name=form.get("name", ""),
                phone=form.get("phone", ""),
                mail=form.get("mail", ""),
                text=form.get("text", ""),
                source=form.get("source", ""),
                manager_id=None if manager == "route" else to_id,
            ),
            by=by,
            at=at,
        )
        if form.get("answered"):
            intake.answer_inquiry(inquiry_id=made.pk, by=by, at=at, channel=made.channel)
        messages.success(request, _("Обращение № %(n)s записано") % {"n": made.number})
        return _to(made.pk)
    context = {
        "channels": BY_HAND,
        "sources": sources(),
        "sellers": [one for one in directory() if one.sells],
        "by_id": viewer(request).person_id,
        "sells": viewer(request).role == "manager",
        "is_routed": settings_of(request)["routing_on"],
    }
    return render(request, "inquiries/new.html", context, here="inquiries")


@require_POST
@open_to(SELLING)
def act(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Answer, accept, classify, assign an inquiry, or make it a deal."""
    form, by, at = request.POST, viewer(request), now()
    what = form.get("what", "")
    if what == "answer":
        channel = form.get("channel", "")
        intake.answer_inquiry(inquiry_id=inquiry_id, by=by, at=at, channel=channel)
        messages.success(request, _("Ответ записан, часы остановлены"))
    elif what == "accept":
        return _accept(request, inquiry_id)
    elif what == "assign":
        to_id = posted_id(request, "to")
        reason = form.get("reason", "")
        intake.assign_inquiry(inquiry_id=inquiry_id, to_id=to_id, by=by, at=at, reason=reason)
        messages.success(request, _("Передано"))
        return HttpResponseRedirect(reverse("inquiries"), status=303)
    elif what == "deal":
        title = form.get("title", "")
        deal = intake.deal_from_inquiry(inquiry_id=inquiry_id, title=title, by=by, at=at)
        return HttpResponseRedirect(reverse("deal", args=[deal.pk]) + "#step", status=303)
    else:
        reason, state = form.get("reason", ""), form.get("state", "")
        intake.classify_inquiry(inquiry_id=inquiry_id, state=state, reason=reason, by=by, at=at)
        messages.success(request, _("Размечено"))
    return _to(inquiry_id)


def _accept(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Accept; what has gone on to another meanwhile is told as that, not as missing."""
    try:
        accepting.accept_inquiry(inquiry_id=inquiry_id, by=viewer(request), at=now())
    except (ObjectDoesNotExist, accepting.NotYoursToAcceptError):
        messages.error(request, _("Не успели: обращение уже у другого."))
        return HttpResponseRedirect(reverse("inquiries"), status=303)
    messages.success(request, _("Принято, обращение ваше"))
    return _to(inquiry_id)


def _before(request: HttpRequest) -> tuple[datetime, int] | None:
    moment, mark, pk = request.GET.get("before", "").partition("~")
    if not mark or not pk.isdecimal():
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(pk)) if at.tzinfo and at > datetime(1990, 1, 1, tzinfo=at.tzinfo) else None


def _next(kept: dict[str, str], last: queries.InquiryRow) -> str:
    given = {key: value for key, value in kept.items() if value}
    return urlencode(given | {"before": f"{last.arrived_at.isoformat()}~{last.id}"})


def _to(inquiry_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("inquiry", args=[inquiry_id]), status=303)
