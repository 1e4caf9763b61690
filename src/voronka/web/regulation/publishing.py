"""Publishing a draft: where open deals go, from when on; and the page of a version."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals import queries, versions
from voronka.deals.drafts import draft_of
from voronka.kpi.before_after import before_and_after
from voronka.kpi.conventions import share_parts
from voronka.web import formats
from voronka.web.pages import EVERYBODY, RULERS, open_to, viewer
from voronka.web.reading import BadFormError, posted_id, posted_moment
from voronka.web.regulation.change_words import change_texts
from voronka.web.regulation.kinds import kinds
from voronka.web.shell import now, part, render

FARTHEST = timedelta(days=366)


@require_POST
@open_to(RULERS)
def regulation_plan(request: HttpRequest) -> HttpResponse:
    """Show anew where open deals would go, as chosen; nothing is written."""
    draft = draft_of(posted_id(request, "funnel"))
    if draft is None:
        raise BadFormError(name="funnel")
    context = plan_context(draft.pk, versions.preview(draft=draft, plan=_plan(request)))
    context |= {name: request.POST.get(name, "") for name in ("note", "when")}
    context |= {"is_part": True}
    context["funnel_id"] = posted_id(request, "funnel")
    return part(request, "regulation/_plan.html", context)


@require_POST
@open_to(RULERS)
def regulation_publish(request: HttpRequest) -> HttpResponse:
    """Put the draft in force, now or at a moment to come."""
    by, at, funnel_id = viewer(request), now(), posted_id(request, "funnel")
    note, plan = request.POST.get("note", ""), _plan(request)
    if request.POST.get("later"):
        when = posted_moment(request, "when")
        if not at < when < at + FARTHEST:
            raise BadFormError(name="when")
        versions.publish_later(
            funnel_id=funnel_id, plan=plan, by=by, at=at, when=when, note=note
        )
        messages.success(request, _("Вступит в силу %(when)s") % {"when": formats.moment(when)})
    else:
        made = versions.publish(funnel_id=funnel_id, plan=plan, by=by, at=at, note=note)
        messages.success(request, _("Версия %(n)s действует") % {"n": made.number})
    return HttpResponseRedirect(f"{reverse('regulation')}?funnel={funnel_id}", status=303)


@open_to(EVERYBODY)
def regulation_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show a version: what it changed, its text, and the figures before and after it."""
    version = versions.version(version_id)
    compared = before_and_after(
        viewer=viewer(request),
        funnel_id=version.funnel_id,
        version_at=version.at,
        now=now(),
    )
    context = {
        "version": version,
        "changes": change_texts(version.changes),
        "compared": compared,
        "shares": [
            share_parts(s.won, s.won + s.lost) for s in (compared.before, compared.after)
        ],
        "latest": versions.versions_of(version.funnel_id)[0].pk,
        "may_change": viewer(request).may("settings", "change"),
    }
    return render(request, "regulation/version.html", context, here="regulation")


def plan_context(draft_id: int, standing: list[versions.Standing]) -> dict[str, Any]:
    """Give what the plan's panel shows: the stages with open deals, and those that go."""
    rows = [one for one in standing if one.n or one.goes]
    return {
        "plan": rows,
        "targets": queries.stages(draft_id),
        "facts": [one for title, some in kinds()[:1] for one in some],
        "n": sum(one.n for one in rows),
        "amount": sum(one.amount_kopecks for one in rows),
        "going": sum(_going(one) for one in rows),
        "homeless": sum(one.n for one in rows if not one.way.to),
    }


def _going(one: versions.Standing) -> int:
    """How many deals leave the stage."""
    rest = one.n - one.split if one.way.to and one.way.to != one.stays_as else 0
    return rest + (one.split if one.way.with_fact != one.stays_as else 0)


def _plan(request: HttpRequest) -> versions.Plan:
    """Read the ways: t17 the target of stage 17, f17 the fact that parts, w17 where with it."""
    found = {}
    form = {key: str(value) for key, value in request.POST.items()}
    for key, value in form.items():
        if key[:1] != "t" or not key[1:].isdecimal() or not value.isdecimal():
            continue
        stage_id, fact = int(key[1:]), form.get(f"f{key[1:]}", "")
        with_fact = form.get(f"w{key[1:]}", "")
        with_fact = with_fact if with_fact.isdecimal() else value
        if fact:
            kind, _sep, what = fact.partition(":")
            least = 30 if kind == "talk" else 0
            found[stage_id] = versions.Way(int(value), (kind, what, least), int(with_fact))
        else:
            found[stage_id] = versions.Way(int(value))
    return found
