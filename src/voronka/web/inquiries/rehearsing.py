"""The page of a rehearsal: rules tried on past inquiries. Nothing is written."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from voronka.inquiries.rehearsal.drafting import NEW, RuleChange, drafted
from voronka.inquiries.rehearsal.report import rehearse
from voronka.inquiries.rule_list import RuleList, RuleRow, rule_list
from voronka.people.queries import directory
from voronka.routing.rules import WAYS
from voronka.web.inquiries.rule_forms import rule_draft, whole
from voronka.web.pages import RULERS, open_to
from voronka.web.reading import BadFormError
from voronka.web.shell import now, render

PERIODS = (30, 90, 180, 365)
USUAL_DAYS = 90
OWN_FIELDS = ("draft", "days", "on.", "way.", "place.")
"""What the page's own form says; the rest of the address is a rule as it was edited."""


@open_to(RULERS)
def rehearsal(request: HttpRequest) -> HttpResponse:
    """Show what a draft of the rules, else the rules in force, would have done."""
    if request.method == "POST":
        return _told_in_address(request)
    form, known, at = request.GET, rule_list(), now()
    days = whole(form.get("days", ""))
    days = days if days in PERIODS else USUAL_DAYS
    draft = _draft(form, known)
    context = {
        "now": at,
        "report": rehearse(until=at, days=days, draft=draft if draft != known.rows else None),
        "rules": draft,
        "days": days,
        "periods": PERIODS,
        "carried": [
            (name, value)
            for name, values in form.lists()
            if not name.startswith(OWN_FIELDS)
            for value in values
        ],
        "names": {one.id: one.name for one in directory()},
    }
    return render(request, "inquiries/rehearsal.html", context, here="inquiries")


def _told_in_address(request: HttpRequest) -> HttpResponse:
    """Take a rule from its form, where it is posted, into the address."""
    told = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "act")
        for value in values
        if value or name == "rule"
    ]
    where = f"{reverse('routing-rehearsal')}?{urlencode(told)}"
    return HttpResponseRedirect(where, status=303)


def _draft(form: QueryDict, known: RuleList) -> list[RuleRow]:
    edited = _edited(form, known) if "rule" in form else None
    rows = drafted(known.rows, {}, edited)
    if "draft" not in form:
        return rows
    changes = {
        row.id: RuleChange(
            whole(form.get(f"place.{row.id}", "")) or place,
            f"on.{row.id}" in form,
            _way(form.get(f"way.{row.id}", row.way)),
        )
        for place, row in enumerate(rows, start=1)
    }
    return drafted(rows, changes)


def _edited(form: QueryDict, known: RuleList) -> RuleRow:
    """Read a rule as it was edited; one that is not in the list is a new one."""
    draft, asked = rule_draft(form), form.get("rule", "")
    rule_id, is_last = whole(asked) or NEW, asked == "last"
    there = [one.id for one in known.rows if not one.is_last]
    rule_id = known.last.id if is_last else rule_id if rule_id in there else NEW
    was = next((one for one in known.rows if one.id == rule_id), None)
    return RuleRow(
        rule_id,
        " ".join(draft.name.split()),
        draft.wants,
        draft.target,
        _way(draft.way),
        draft.cap,
        is_on=was.is_on if was else True,
        is_last=is_last,
        fallback=draft.fallback if is_last else "open",
        falls_to_id=draft.falls_to_id if is_last else None,
    )


def _way(way: str) -> str:
    if way not in WAYS:
        raise BadFormError(name="way")
    return way
