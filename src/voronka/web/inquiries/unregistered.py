"""Whom we talked to and did not write down: the panel of the queue, the page, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.control.strangers import price_of, strangers
from voronka.foundation.worktime import WorkCalendar
from voronka.inquiries.registering import dismiss_stranger, register_stranger, return_stranger
from voronka.inquiries.strangers import Stranger, not_customers, registered
from voronka.journal.viewer import Viewer
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.formats import phone
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.shell import now, render
from voronka.web.slip_lines import anchor

SHOWN, MOST = 3, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One number not written down, as lists show it; `late_seconds`: working time."""

    one: Stranger
    manager: str
    price_kopecks: int
    is_late: bool
    is_due_today: bool
    late_seconds: int
    anchor: str


def lines(by: Viewer, at: datetime, known: dict[str, Any]) -> list[Line]:
    """List whom the viewer's people talked to and nobody wrote down, the latest first."""
    calendar = calendar_of(known)
    names = {one.id: one.name for one in directory()}
    found = strangers(viewer=by, now=at, calendar=calendar, settings=known)
    return [
        Line(
            one=one,
            manager=names.get(one.manager_id or 0, ""),
            price_kopecks=price_of(one),
            is_late=one.due_at <= at,
            is_due_today=calendar.day_of(one.due_at) == calendar.day_of(at),
            late_seconds=_late(one, at, calendar),
            anchor=anchor(one.address),
        )
        for one in found
    ]


def panel(by: Viewer, at: datetime, known: dict[str, Any]) -> dict[str, Any]:
    """Give what the queue's panel shows: the oldest of the late, the next of the due."""
    found = lines(by, at, known)
    late = [line for line in found if line.is_late][::-1]
    due = sorted((line for line in found if not line.is_late), key=lambda line: line.one.due_at)
    # One of those that can still be saved stands there even when many are late.
    shown = [*late[: SHOWN - min(len(due), 1)], *due][:SHOWN]
    return {
        "lines": shown,
        "late": len(late),
        "due": len(due),
        "rest": len(found) - len(shown),
        "money": sum(line.price_kopecks for line in late),
        "may_change": by.may("inquiry", "change"),
        "least": known["unregistered_seconds"],
    }


@open_to(EVERYBODY)
def unregistered(request: HttpRequest) -> HttpResponse:
    """Show day by day whom nobody wrote down, and what was said to be no customer's."""
    by, at, known = viewer(request), now(), settings_of(request)
    address = request.GET.get("address", "")
    if address and (written := registered(viewer=by, address=address)):
        return HttpResponseRedirect(reverse("inquiry", args=[written]))
    manager = request.GET.get("manager", "")
    found = [
        line
        for line in lines(by, at, known)
        if not manager or str(line.one.manager_id or "") == manager
    ]
    late = [line for line in found if line.is_late]
    context = {
        "now": at,
        "days": _by_day(found[:MOST], calendar_of(known)),
        "n": len(found),
        "hidden": max(0, len(found) - MOST),
        "late": len(late),
        "money": sum(line.price_kopecks for line in late),
        "due": len(found) - len(late),
        "marks": not_customers(viewer=by),
        "may_change": by.may("inquiry", "change"),
        "least": known["unregistered_seconds"],
        "sellers": [one for one in directory() if one.sells],
        "manager": manager,
        "back": reverse("unregistered"),
    }
    return render(request, "inquiries/unregistered.html", context, here="inquiries")


@require_POST
@open_to(SELLING)
def register(request: HttpRequest) -> HttpResponse:
    """Write a number down as an answered inquiry; again: go to the one that is there."""
    by = viewer(request)
    address = request.POST.get("address", "")
    one = _stranger(request, address)
    if one is None:
        known = registered(viewer=by, address=address) if address else None
        if known is None:
            raise Http404
        return HttpResponseRedirect(reverse("inquiry", args=[known]), status=303)
    made = register_stranger(one, by=by)
    said = _("Обращение № %(n)s записано, время и ответ взяты из разговора. Разметьте его.")
    messages.success(request, said % {"n": made.number})
    return HttpResponseRedirect(reverse("inquiry", args=[made.pk]), status=303)


@require_POST
@open_to(SELLING)
def dismiss(request: HttpRequest) -> HttpResponse:
    """Say that a number is no customer's, with a reason; again: nothing changes."""
    by, address = viewer(request), request.POST.get("address", "")
    if one := _stranger(request, address):
        reason = request.POST.get("reason", "")
        mark = dismiss_stranger(one, reason=reason, by=by, at=now())
        said = _("%(who)s: не клиент, больше не спросим") % {"who": phone(address).striptags()}
        undo = reverse("stranger-return", args=[mark.pk])
        messages.success(request, said, extra_tags=f"undo:{undo}")
    return _back(request)


@require_POST
@open_to(SELLING)
def bring_back(request: HttpRequest, mark_id: int) -> HttpResponse:
    """Take back that a number is no customer's."""
    mark = return_stranger(mark_id=mark_id, by=viewer(request), at=now())
    said = _("%(who)s снова в списке незаписанных") % {"who": phone(mark.address).striptags()}
    messages.success(request, said)
    return _back(request)


def _stranger(request: HttpRequest, address: str) -> Stranger | None:
    by, known = viewer(request), settings_of(request)
    found = strangers(viewer=by, now=now(), calendar=calendar_of(known), settings=known)
    return next((one for one in found if one.address == address), None)


def _late(one: Stranger, at: datetime, calendar: WorkCalendar) -> int:
    late: timedelta = calendar.between(one.due_at, at)
    return int(late.total_seconds())


def _by_day(found: Iterable[Line], calendar: WorkCalendar) -> list[tuple[date, list[Line]]]:
    days: dict[date, list[Line]] = {}
    for line in found:
        days.setdefault(calendar.day_of(line.one.at), []).append(line)
    return list(days.items())


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("unregistered")
    return HttpResponseRedirect(back, status=303)
