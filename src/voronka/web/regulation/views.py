"""The regulation: each stage with its norm, its demands, and what a demand would have done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.clients.custom_fields import fields_of
from voronka.deals import demands, queries, regulation
from voronka.deals.funnels import put_hint
from voronka.kpi.conventions import share_parts
from voronka.people.queries import directory
from voronka.web import words
from voronka.web.demand_words import demand_text
from voronka.web.pages import EVERYBODY, RULERS, open_to, viewer
from voronka.web.reading import BadFormError, posted_id
from voronka.web.shell import now, part, render

DAYS = 180


@open_to(EVERYBODY)
def regulation_page(request: HttpRequest) -> HttpResponse:
    """Show what each stage of a funnel demands, and how often soft demands were passed over."""
    funnels = queries.funnels()
    wanted = request.GET.get("funnel", "")
    known = [pk for pk, _name in funnels]
    funnel_id = int(wanted) if wanted.isdecimal() and int(wanted) in known else 0
    funnel_id = funnel_id or (known[0] if known else 0)
    stages = queries.stages(funnel_id)
    rows = demands.demands_of(stage.id for stage in stages)
    context = {
        "funnels": funnels,
        "funnel_id": funnel_id,
        "stages": [(stage, [r for r in rows if r.stage_id == stage.id]) for stage in stages],
        "passed": _passed(request, rows),
        "kinds": _kinds(),
        "may_change": viewer(request).may("settings", "change"),
        "today": now().date(),
        "stage": request.GET.get("stage", ""),
    }
    return render(request, "regulation/regulation.html", context, here="regulation")


@require_POST
@open_to(RULERS)
def regulation_put(request: HttpRequest) -> HttpResponse:
    """Add a demand, change its level, take it away, or write a stage's hint."""
    by, at, form = viewer(request), now(), request.POST
    if "hint" in form:
        put_hint(stage_id=posted_id(request, "stage"), text=form["hint"], by=by, at=at)
    elif form.get("drop"):
        demands.drop_demand(demand_id=posted_id(request, "demand"), by=by, at=at)
    elif form.get("demand"):
        demands.change_demand(
            demand_id=posted_id(request, "demand"),
            level=form.get("level", ""),
            since=_since(request),
            by=by,
            at=at,
        )
    else:
        kind, _sep, what = form.get("kind", "").partition(":")
        least = form.get("least", "")
        demands.put_demand(
            stage_id=posted_id(request, "stage"),
            kind=kind,
            what=what,
            least=int(least) if kind == "talk" and least.isdecimal() else 0,
            level=form.get("level", "warn"),
            since=_since(request),
            by=by,
            at=at,
        )
    messages.success(request, _("Регламент изменён"))
    funnel = form.get("funnel", "")
    return HttpResponseRedirect(f"{reverse('regulation')}?funnel={funnel}", status=303)


@open_to(EVERYBODY)
def regulation_what_if(request: HttpRequest, demand_id: int) -> HttpResponse:
    """Tell what a demand would have done in the last half year."""
    if viewer(request).reach("settings", "read") is not None:
        raise PermissionError("settings")
    stages = [stage.id for pk, _name in queries.funnels() for stage in queries.stages(pk)]
    row = next((one for one in demands.demands_of(stages) if one.id == demand_id), None)
    if row is None:
        raise Http404
    found = regulation.what_if(row, at=now(), days=DAYS)
    titles = queries.deal_titles(viewer=viewer(request), ids=found.examples)
    context = {
        "found": found,
        "demand": row,
        "titles": titles,
        "days": DAYS,
        "without": share_parts(found.won, found.won + found.lost),
        "with_it": share_parts(found.met_won, found.met_won + found.met_lost),
    }
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


def _kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    deal = [(f"field:{name}", demand_text("field", name, 0)) for name in demands.DEAL_FIELDS]
    deal += [
        (f"field:{one.key}", demand_text("field", one.key, 0)) for one in fields_of("deal")
    ]
    client = [
        (f"field:{name}", demand_text("field", name, 0)) for name in demands.CLIENT_FIELDS
    ]
    acts = [("talk:", _("Разговор от N секунд"))]
    acts += [(f"done:{name}", demand_text("done", name, 0)) for name in words.STEPS]
    acts.append(("next_step:", demand_text("next_step", "", 0)))
    acts.append(("indicator:", _("Записан показатель этапа")))
    return [(_("Дела, по журналу"), acts), (_("Сделка"), deal), (_("Карточка"), client)]


def _passed(request: HttpRequest, rows: list[demands.DemandRow]) -> list[dict[str, Any]]:
    names = {one.id: one.name for one in directory()}
    known = {row.id: row for row in rows}
    counted = regulation.passed_over(viewer=viewer(request), at=now())
    return [
        {"demand": known[pk], "who": names.get(person, ""), "n": n}
        for pk, person, n in counted
        if pk in known
    ][:20]


def _since(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("since", ""))
    except ValueError:
        raise BadFormError(name="since") from None
