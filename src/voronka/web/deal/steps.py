"""Setting, finishing, moving and cancelling steps."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.agenda import steps
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.reading import posted_moment
from voronka.web.shell import now

STEP_KINDS = ("call_back", "letter", "quote", "meeting", "presentation", "task")


@require_POST
@open_to(SELLING)
def new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Set the next step of a deal."""
    person = request.POST.get("person", "")
    steps.set_step(
        kind=request.POST.get("kind", ""),
        title=request.POST.get("title", ""),
        due_at=_due(request),
        deal_id=deal_id,
        person_id=int(person) if person.isdecimal() else None,
        by=viewer(request),
        at=now(),
    )
    messages.success(request, _("Шаг поставлен"))
    return HttpResponseRedirect(reverse("deal", args=[deal_id]), status=303)


@require_POST
@open_to(SELLING)
def finish(request: HttpRequest, step_id: int) -> HttpResponse:
    """Say that a step is done and how it ended."""
    outcome = request.POST.get("outcome", "")
    done = steps.finish_step(step_id=step_id, outcome=outcome, by=viewer(request), at=now())
    messages.success(request, _("Сделано"))
    return _to(done.deal_id, done.client_id)


@require_POST
@open_to(SELLING)
def move(request: HttpRequest, step_id: int) -> HttpResponse:
    """Give a step a new deadline."""
    moved = steps.move_step(step_id=step_id, due_at=_due(request), by=viewer(request), at=now())
    messages.success(request, _("Срок перенесён"))
    return _to(moved.deal_id, moved.client_id)


@require_POST
@open_to(SELLING)
def cancel(request: HttpRequest, step_id: int) -> HttpResponse:
    """Cancel a step and say why."""
    reason = request.POST.get("reason", "")
    gone = steps.cancel_step(step_id=step_id, reason=reason, by=viewer(request), at=now())
    messages.success(request, _("Дело отменено"))
    return _to(gone.deal_id, gone.client_id)


def _due(request: HttpRequest) -> datetime:
    return posted_moment(request, "due")


def _to(deal_id: int | None, client_id: int | None) -> HttpResponse:
    if deal_id:
        return HttpResponseRedirect(reverse("deal", args=[deal_id]), status=303)
    return HttpResponseRedirect(reverse("client", args=[client_id]), status=303)
