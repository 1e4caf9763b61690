"""The regulation: each stage with its norm, its demands, and what a demand would have done."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from voronka.deals import demands, queries, regulation, versions
from voronka.deals.drafts import Draft, draft_of
from voronka.deals.replay import what_if
from voronka.kpi.conventions import share_parts
from voronka.people.queries import directory
from voronka.web.demand_words import demand_text
from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.regulation.change_words import change_texts
from voronka.web.regulation.kinds import kinds
from voronka.web.regulation.publishing import plan_context
from voronka.web.regulation.shown import move_lines, stage_lines
from voronka.web.shell import now, part, render

DAYS, FEW, MOST = 180, 6, 500


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule passed over with a reason: how often, by whom, the most first, and what of it."""

    said: str
    n: int
    people: list[tuple[str, int]]
    points_at: str


@open_to(EVERYBODY)
def regulation_page(request: HttpRequest) -> HttpResponse:
    """Show the stages of a funnel with what they demand; who rules edits the draft here."""
    funnels = queries.funnels()
    wanted = request.GET.get("funnel", "")
    known = [pk for pk, _name in funnels]
    funnel_id = int(wanted) if wanted.isdecimal() and int(wanted) in known else 0
    funnel_id = funnel_id or (known[0] if known else 0)
    may_change = viewer(request).may("settings", "change")
    draft = draft_of(funnel_id) if may_change else None
    shown = None if request.GET.get("now") else draft
    lines = stage_lines(funnel_id=funnel_id, draft_id=shown.pk if shown else None)
    chosen = request.GET.get("stage", "")
    context = {
        "funnels": funnels,
        "funnel_id": funnel_id,
        "lines": lines,
        "line": next(
            (one for one in lines if str(one.id) == chosen), lines[0] if lines else None
        ),
        "moves": move_lines(funnel_id=shown.pk if shown else funnel_id, lines=lines),
        "passed": _passed(request, funnel_id),
        "kinds": kinds(),
        # In force while a draft is open: to read, or an edit would write over the draft.
        "may_change": may_change and (draft is None or shown is not None),
        "today": now().date(),
        "draft": draft,
        "is_draft": shown is not None,
        "versions": versions.versions_of(funnel_id),
    }
    if shown is not None:
        context |= _publishing(shown)
    return render(request, "regulation/regulation.html", context, here="regulation")


@open_to(EVERYBODY)
def regulation_what_if(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Tell what a demand, in force or drafted, would have done in the last half year."""
    if viewer(request).reach("settings", "read") is not None:
        raise PermissionError("settings")
    row = demands.one_demand(demand_id)
    if row is None:
        raise Http404
    origin = queries.origin_of(row.stage_id)
    found = what_if(replace(row, stage_id=origin or 0), at=now(), days=DAYS)
    whole = bool(request.GET.get("all"))
    shown = found.deals[: MOST if whole else FEW]
    context = {
        "found": found,
        "demand": row,
        "is_new": origin is None,
        "rows": queries.deals_among(viewer=viewer(request), ids=shown),
        "days": DAYS,
        "without": share_parts(found.won, found.won + found.lost),
        "with_it": share_parts(found.met_won, found.met_won + found.met_lost),
    }
    if whole:
        return render(request, "regulation/flagged.html", context, here="regulation")
    return part(request, "regulation/_what_if.html", context)


@open_to(EVERYBODY)
def deal_demands(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what a deal's stage demands and what of it is there."""
    card = queries.deal(viewer=viewer(request), deal_id=deal_id)
    stages = queries.stages(card.funnel_id)
    here = next((n for n, one in enumerate(stages) if one.id == card.row.stage_id), 0)
    to_place = stages[here].place + 1 if stages else None
    found = regulation.checked(
        viewer=viewer(request), deal_id=deal_id, to_place=to_place, at=now()
    )
    return part(request, "deal/_demands.html", {"checked": found, "row": card.row})


def _publishing(draft: Draft) -> dict[str, Any]:
    """What differs from the version in force, and where the open deals would go."""
    told = versions.difference(draft)
    standing = versions.preview(draft=draft, plan=versions.plan_of(draft))
    kept = {"note": draft.plan.get("note", "")}
    return kept | {"changes": change_texts(told)} | plan_context(draft.pk, standing)


def _passed(request: HttpRequest, funnel_id: int) -> list[Passed]:
    """Gather what was passed over by rule: many people point at the rule, one at the work."""
    names = {one.id: one.name for one in directory()}
    counted = regulation.passed_over(viewer=viewer(request), funnel_id=funnel_id, at=now())
    found: dict[str, list[tuple[str, int]]] = {}
    for one in counted:
        said = demand_text(one.kind, one.what, one.least)
        found.setdefault(said, []).append((names.get(one.person_id, ""), one.n))
    rows = [
        Passed(said, sum(ns), people, regulation.points_at(ns))
        for said, people in found.items()
        for ns in [[n for _who, n in people]]
    ]
    return sorted(rows, key=lambda row: -row.n)[:20]
