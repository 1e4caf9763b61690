"""The funnel found in one's own past: what is proposed, why, and making a funnel of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals import queries as deals
from voronka.discovery import finding
from voronka.discovery.jobs import find_in_background
from voronka.foundation.job_backend import enqueue_once
from voronka.web.discovery.insight import deals_named, insight
from voronka.web.discovery.words import activity_word
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.reading import BadFormError, posted_id
from voronka.web.shell import now, render

HOUR, DAY_HOURS = 3600, 9
END, FIRM, GIVEN_UP = "deal:", 0.8, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of the page: a stage as found, with what a person decides about it."""

    name: str
    found: dict[str, Any]
    stage_id: int | None
    is_known: bool
    is_end: bool
    is_taken: bool
    norm_days: float | None


@open_to(RULERS)
def discovery(request: HttpRequest) -> HttpResponse:
    """Show what was found in a funnel's past, or offer to look."""
    funnels = deals.funnels()
    wanted = request.GET.get("funnel", "")
    known = [pk for pk, _name in funnels]
    funnel_id = int(wanted) if wanted.isdecimal() and int(wanted) in known else 0
    funnel_id = funnel_id or (known[0] if known else 0)
    asked_at, made_at, report = finding.finding(funnel_id=funnel_id)
    live = deals.stages(funnel_id)
    stages = {stage.name: stage.id for stage in live}
    lines = [_proposal(stage, stages) for stage in report.get("stages", [])]
    named = {name for line in lines for name in line.found["activities"]}
    context = {
        "funnels": funnels,
        "funnel_id": funnel_id,
        "funnel": dict(funnels).get(funnel_id, ""),
        "made_at": made_at,
        "is_busy": _is_busy(asked_at, made_at),
        "report": report,
        "lines": lines,
        "row": [line for line in lines if line.found["kind"] == "main"],
        "gone": [name for name in stages if name not in named],
        "word": activity_word,
        "numbers": _numbers(request, lines, deals_named(report)),
        "today": now().date().isoformat(),
        **insight(report, [stage.id for stage in live]),
    }
    return render(request, "discovery/discovery.html", context, here="discovery")


@require_POST
@open_to(RULERS)
def discovery_ask(request: HttpRequest) -> HttpResponse:
    """Look into the past of a funnel, in the background."""
    funnel_id = posted_id(request, "funnel")
    with transaction.atomic():
        finding.ask(funnel_id=funnel_id, by=viewer(request), at=now())
        enqueue_once(find_in_background, key=f"find:{funnel_id}", funnel_id=funnel_id)
    return HttpResponseRedirect(f"{reverse('discovery')}?funnel={funnel_id}", status=303)


@require_POST
@open_to(RULERS)
def discovery_publish(request: HttpRequest) -> HttpResponse:
    """Make a draft of the accepted stages, or a new funnel beside this one."""
    if request.POST.get("draft"):
        funnel_id = posted_id(request, "funnel")
        finding.draft(
            funnel_id=funnel_id, stages=list(_accepted(request)), by=viewer(request), at=now()
        )
        messages.success(request, _("Этапы лежат в черновике. Проверьте карту и публикуйте."))
        where = f"{reverse('regulation')}?funnel={funnel_id}#publish"
        return HttpResponseRedirect(where, status=303)
    made = finding.publish(
        name=request.POST.get("name", ""),
        stages=list(_accepted(request)),
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Воронка «%(name)s» заведена") % {"name": made.name})
    return HttpResponseRedirect(f"{reverse('board')}?funnel={made.pk}", status=303)


def _is_busy(asked_at: datetime | None, made_at: datetime | None) -> bool:
    """Say whether a report is being made; one that died may be asked for again."""
    if asked_at is None or now() - asked_at > GIVEN_UP:
        return False
    return made_at is None or made_at < asked_at


def _proposal(stage: dict[str, Any], stages: dict[str, int]) -> Proposal:
    is_end = all(name.startswith(END) for name in stage["activities"])
    is_firm = stage["kind"] == "main" and stage["stability"] >= FIRM
    hours = stage["p80_hours"]
    return Proposal(
        name=" + ".join(activity_word(name) for name in stage["activities"]),
        found=stage,
        stage_id=next((stages[name] for name in stage["activities"] if name in stages), None),
        is_known=any(name in stages for name in stage["activities"]),
        is_end=is_end,
        is_taken=is_firm and not is_end,
        norm_days=max(0.1, round(hours / DAY_HOURS, 1)) if hours and hours >= 0.1 else None,
    )


def _numbers(request: HttpRequest, lines: list[Proposal], more: set[str]) -> dict[str, int]:
    """Give the number of each deal that is named, one query."""
    cases = {
        case
        for line in lines
        for case in (*line.found["examples"], *line.found["counter_examples"])
    }
    ids = {case: int(case.partition("/")[0]) for case in cases | more}
    known = deals.deal_titles(viewer=viewer(request), ids=ids.values())
    return {case: known[pk][0] for case, pk in ids.items() if pk in known}


def _accepted(request: HttpRequest) -> Any:
    numbered = [key for key in request.POST if key[:1] == "t" and key[1:].isdecimal()]
    for key in sorted(numbered, key=lambda key: int(key[1:6])):
        name = request.POST.get(f"n{key[1:]}", "").strip()
        days = request.POST.get(f"d{key[1:]}", "").strip().replace(",", ".")
        try:
            norm = round(float(days) * DAY_HOURS * HOUR) if days else None
        except (ValueError, OverflowError):
            raise BadFormError(name="days") from None
        if norm is not None and not 0 < norm < 10**9:
            raise BadFormError(name="days")
        origin = request.POST.get(f"o{key[1:]}", "")
        stage_id = int(origin) if origin.isdecimal() and len(origin) < 18 else None
        yield finding.Accepted(name=name, norm_seconds=norm, stage_id=stage_id)
