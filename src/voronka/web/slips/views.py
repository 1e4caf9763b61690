"""The page of slips, one slip with its evidence, and accepting one with a reason."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.control import accepting, queries
from voronka.control.rules import GROUPS, RULES
from voronka.inquiries.chains import let_pass_since
from voronka.journal.queries import slip_timeline
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.pages import EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.shell import now, render
from voronka.web.timeline import days_of

PAGE = 50


@open_to(EVERYBODY)
def slips(request: HttpRequest) -> HttpResponse:
    """Show the open slips by kind and by money, or those closed within a week."""
    by, at = viewer(request), now()
    manager, rule = request.GET.get("manager", ""), request.GET.get("rule", "")
    group, closed = request.GET.get("kind", ""), request.GET.get("closed", "")
    manager_id = int(manager) if manager.isdecimal() else None
    ids = None if manager_id is None else frozenset({manager_id})
    light = queries.light_slips(viewer=by, manager_ids=ids)
    rules = (rule,) if rule in RULES else tuple(k for k, r in RULES.items() if r.group == group)
    week = at - timedelta(days=7)
    if closed:
        rows = queries.closed_slips(viewer=by, since=week, limit=200)
    else:
        rows = queries.open_slips(
            viewer=by,
            rules=rules,
            manager_id=manager_id,
            limit=PAGE + 1,
            after=_after(request),
            only_escalated=group == "escalated",
        )
    month = calendar_of(settings_of(request)).midnight(at.date().replace(day=1))
    moved = queries.since_by_rule(viewer=by, since=month)
    kept = {"manager": manager, "rule": rule, "kind": group}
    page = rows if closed else rows[:PAGE]
    sellers = [one for one in directory() if one.sells]
    people = [] if manager_id or len(sellers) < 2 else _people(light)
    context = {
        "now": at,
        "slips": page,
        "closed": closed,
        "kinds": _kinds(light, {rule: opened for rule, (opened, _wrong) in moved.items()}),
        "risk": queries.risk_of(light),
        "groups": GROUPS,
        "kept": kept,
        "rule": rule,
        "kind": group,
        "escalated": sum(slip.escalated_to_id is not None for slip in light),
        "sellers": sellers,
        "people": people,
        "let_pass": [] if closed else let_pass_since(viewer=by, since=month),
        "names": {one.id: one.name for one in directory()},
        "clean": _clean(people),
        "top": max((slip.money_kopecks for slip in page), default=0),
        "next": _next(kept, page[-1]) if not closed and len(rows) > PAGE else "",
        "rules": RULES,
        "wrong": {rule: wrong for rule, (_opened, wrong) in moved.items()},
        "month": month,
    }
    return render(request, "slips/slips.html", context, here="slips")


@open_to(EVERYBODY)
def slip(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Show one slip: what was not done, its price and how it was reckoned, its story."""
    by = viewer(request)
    one = queries.slip(viewer=by, slip_id=slip_id)
    reach = by.reach("slip", "change")
    context = {
        "now": now(),
        "slip": one,
        "rule": RULES[one.rule],
        "days": days_of(
            slip_timeline(case=one.subject, slip_id=slip_id),
            calendar_of(settings_of(request)),
        ),
        "may_change": reach is None or one.manager_id in reach,
        "tomorrow": now().date() + timedelta(days=1),
        "reasons": accepting.REASONS,
    }
    return render(request, "slips/one.html", context, here="slips")


@require_POST
@open_to(SELLING)
def accept(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Accept a slip: nothing can be done, says a person, until a day."""
    try:
        check_on = date.fromisoformat(request.POST.get("check_on", ""))
    except ValueError:
        check_on = date.min
    accepting.accept_slip(
        slip_id=slip_id,
        reason=request.POST.get("reason", ""),
        known=request.POST.get("known", ""),
        check_on=check_on,
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Огрех принят с причиной"))
    return HttpResponseRedirect(reverse("slips"), status=303)


def _kinds(light: list[queries.LightSlip], month: dict[str, int]) -> list[dict[str, Any]]:
    n = Counter(slip.rule for slip in light)
    money: Counter[str] = Counter()
    for slip in light:
        money[slip.rule] += slip.money_kopecks
    whole, top = sum(money.values()), max(money.values(), default=0)
    rows = [
        {
            "rule": rule,
            "group": RULES[rule].group,
            "n": n[rule],
            "money": money[rule],
            "share": money[rule] / whole if whole else 0.0,
            "width": round(100 * money[rule] / top, 1) if top else 0,
            "month": month.get(rule, 0),
        }
        for rule in RULES
    ]
    return sorted(rows, key=lambda row: -row["money"])


def _people(light: list[queries.LightSlip]) -> list[dict[str, Any]]:
    """Sum the open slips by person, a deal once by its dearest; the dearest person first."""
    names = {one.id: one.name for one in directory()}
    held: dict[int | None, list[queries.LightSlip]] = {}
    for slip in light:
        held.setdefault(slip.manager_id, []).append(slip)
    rows = [
        {
            "id": pk,
            "name": names.get(pk or 0, ""),
            "n": len(slips),
            "money": queries.risk_of(slips).money_kopecks,
        }
        for pk, slips in held.items()
    ]
    return sorted(rows, key=lambda row: -row["money"])


def _clean(people: list[dict[str, Any]]) -> list[str]:
    """Name the sellers without an open slip; nobody is named where everybody is."""
    busy = {row["id"] for row in people}
    free = [one.name for one in directory() if one.sells and one.id not in busy]
    return free if people else []


def _after(request: HttpRequest) -> tuple[int, int] | None:
    money, mark, pk = request.GET.get("after", "").partition("~")
    return (int(money), int(pk)) if mark and money.isdecimal() and pk.isdecimal() else None


def _next(kept: dict[str, str], last: queries.SlipRow) -> str:
    given = {key: value for key, value in kept.items() if value}
    return urlencode(given | {"after": f"{last.money_kopecks}~{last.id}"})
