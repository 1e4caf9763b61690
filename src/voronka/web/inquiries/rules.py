"""The page of routing rules: their order, each rule, a trial; and what is written of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.clients.queries import sources
from voronka.deals.queries import products
from voronka.inquiries import rule_changes
from voronka.inquiries.decisions import rule_counts
from voronka.inquiries.rule_list import LAST, RuleList, RuleRow, rule_list
from voronka.inquiries.shifts import STATES, shifts
from voronka.inquiries.trying import try_rules
from voronka.journal.viewer import Viewer
from voronka.people.duties import duties
from voronka.people.queries import directory, teams
from voronka.people.settings import change_setting
from voronka.web.inquiries.rule_forms import rule_draft, trial
from voronka.web.pages import EVERYBODY, HEADS, RULERS, open_to, settings_of, viewer
from voronka.web.reading import BadFormError, posted_id
from voronka.web.shell import now, render

Act = Callable[[HttpRequest, Viewer, datetime], None]


@open_to(EVERYBODY)
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in order, who is on shift, and what a trial gives."""
    by, at = viewer(request), now()
    known, may_change = rule_list(), by.role in RULERS
    on_shift = shifts(at=at)
    context = {
        "now": at,
        "list": known,
        "counts": rule_counts(now=at),
        "names": {one.id: one.name for one in directory()},
        "team_names": {one.team_id: one.team for one in directory() if one.team_id},
        "is_on": settings_of(request)["routing_on"],
        "may_change": may_change,
        "may_try": by.role in HEADS,
        "edited": _edited(request, known) if may_change else None,
        "shifts": [(state, [r for r in on_shift if r.state == state]) for state in STATES],
    }
    context |= _choices() | _tried(request, by, at)
    return render(request, "inquiries/rules.html", context, here="inquiries")


@require_POST
@open_to(RULERS)
def rule_put(request: HttpRequest) -> HttpResponse:
    """Change the list of rules: `act` says what."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadFormError(name="act")
    act(request, viewer(request), now())
    messages.success(request, _("Записано, версия %(n)s") % {"n": rule_list().version})
    return HttpResponseRedirect(reverse("routing-rules"), status=303)


def _edited(request: HttpRequest, known: RuleList) -> RuleRow | None:
    """Give the rule to edit: one of the list, or a new one."""
    asked = request.GET.get("rule", "")
    if asked == "new":
        return RuleRow(0, "", LAST.wants, LAST.target)
    if asked == "last":
        return known.last
    return next((one for one in known.rows if str(one.id) == asked and not one.is_last), None)


def _choices() -> dict[str, Any]:
    """Give what a form may choose from: two queries and the kept names."""
    skills = {skill for one in duties().values() for skill in one.skills}
    return {
        "sources": [name for _pk, name in sources()],
        "products": [name for _pk, name, _price in products()],
        "people": [one for one in directory() if one.sells],
        "heads": [one for one in directory() if one.is_active and one.role != "auditor"],
        "skills": sorted(skills),
        "teams": teams(),
    }


def _tried(request: HttpRequest, by: Viewer, at: datetime) -> dict[str, Any]:
    asked = trial(request, now=at)
    if by.role not in HEADS or "try" not in request.GET:
        return {"trial": asked, "routed": None}
    made = try_rules(
        asked.case, e164=asked.e164, amount_kopecks=asked.amount_kopecks, at=asked.at
    )
    return {"trial": asked, "routed": made}


def _put(request: HttpRequest, by: Viewer, at: datetime) -> None:
    asked = request.POST.get("rule", "")
    if asked == "last":
        rule_changes.put_last(rule_draft(request.POST), by=by, at=at)
        return
    rule_id = posted_id(request, "rule") if asked else None
    rule_changes.put_rule(rule_draft(request.POST), rule_id=rule_id, by=by, at=at)


def _move(request: HttpRequest, by: Viewer, at: datetime) -> None:
    is_up = request.POST.get("to") == "up"
    rule_changes.move_rule(rule_id=posted_id(request, "rule"), is_up=is_up, by=by, at=at)


def _switch(request: HttpRequest, by: Viewer, at: datetime) -> None:
    is_on = request.POST.get("to") == "on"
    rule_changes.switch_rule(rule_id=posted_id(request, "rule"), is_on=is_on, by=by, at=at)


def _route(request: HttpRequest, by: Viewer, at: datetime) -> None:
    value = request.POST.get("to") == "on"
    change_setting(name="routing_on", value=value, by=by, at=at)


_ACTS: dict[str, Act] = {"put": _put, "move": _move, "switch": _switch, "route": _route}
