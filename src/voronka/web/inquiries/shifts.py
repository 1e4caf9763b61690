"""The page of shifts: who is at work, hours, limits, skills, absences; and their changes."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.deals.queries import products
from voronka.inquiries.shifts import loads, shifts
from voronka.journal.viewer import Viewer
from voronka.people.absences import KINDS, cancel_absence, put_absence
from voronka.people.duties import duties
from voronka.people.duty_changes import set_duty, set_pause, set_skill
from voronka.people.queries import directory
from voronka.people.settings import calendar as calendar_of
from voronka.web.inquiries.rule_forms import week, whole
from voronka.web.pages import EVERYBODY, RULERS, SELLING, open_to, settings_of, viewer
from voronka.web.reading import BadFormError, posted_day, posted_id
from voronka.web.shell import now, render

Act = Callable[[HttpRequest, int, Viewer, datetime], None]


@open_to(EVERYBODY)
def shift_page(request: HttpRequest) -> HttpResponse:
    """Show everybody who sells with hours, limits, loads and skills."""
    by, at, known = viewer(request), now(), settings_of(request)
    rows = shifts(at=at)
    asked = request.GET.get("person", "")
    edited = [one for one in rows if str(one.who.id) == asked and by.role in RULERS]
    reach = by.reach("inquiry", "change")
    skills = {skill for one in duties().values() for skill in one.skills}
    context = {
        "now": at,
        "rows": rows,
        "loads": loads(at=at),
        "names": {one.id: one.name for one in directory()},
        "edited": edited[0] if edited else None,
        "may_change": by.role in RULERS,
        "reach": [one.who.id for one in rows if reach is None or one.who.id in reach],
        "kinds": KINDS,
        "skills": sorted(skills | {name for _pk, name, _price in products()}),
        "today": calendar_of(known).day_of(at),
        "firm_week": calendar_of(known).week,
    }
    return render(request, "inquiries/shifts.html", context, here="inquiries")


@require_POST
@open_to(RULERS)
def duty_put(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change a person's hours and limits, absences or skills: `act` says what."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadFormError(name="act")
    act(request, person_id, viewer(request), now())
    messages.success(request, _("Записано"))
    return HttpResponseRedirect(f"{reverse('shifts')}?person={person_id}#edit", status=303)


@require_POST
@open_to(SELLING)
def pause(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let a person take no new inquiries, or take them again."""
    is_paused, reason = request.POST.get("to") == "pause", request.POST.get("reason", "")
    set_pause(
        person_id=person_id, is_paused=is_paused, reason=reason, by=viewer(request), at=now()
    )
    said = _("Новых обращений не даём") if is_paused else _("Снова даём обращения")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("shifts"), status=303)


def _duty(request: HttpRequest, person_id: int, by: Viewer, at: datetime) -> None:
    form = request.POST
    set_duty(
        person_id=person_id,
        week=week(form),
        cap=whole(form.get("cap", "")),
        weight_percent=whole(form.get("weight", "")) or 0,
        most_open=whole(form.get("most_open", "")),
        by=by,
        at=at,
    )


def _absence(request: HttpRequest, person_id: int, by: Viewer, at: datetime) -> None:
    first_on, last_on = posted_day(request, "first_on"), posted_day(request, "last_on")
    if first_on is None or last_on is None:
        raise BadFormError(name="first_on")
    put_absence(
        person_id=person_id,
        kind=request.POST.get("kind", ""),
        first_on=first_on,
        last_on=last_on,
        stands_in_id=whole(request.POST.get("stands_in", "")),
        by=by,
        at=at,
    )


def _cancel(request: HttpRequest, person_id: int, by: Viewer, at: datetime) -> None:
    cancel_absence(absence_id=posted_id(request, "absence"), by=by, at=at)


def _skill(request: HttpRequest, person_id: int, by: Viewer, at: datetime) -> None:
    level = whole(request.POST.get("level", ""))
    if level is None:
        raise BadFormError(name="level")
    skill = request.POST.get("skill", "")
    set_skill(person_id=person_id, skill=skill, level=level, by=by, at=at)


_ACTS: dict[str, Act] = {
    "duty": _duty, "absence": _absence, "cancel": _cancel, "skill": _skill,
}  # fmt: skip
