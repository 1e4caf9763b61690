"""After a talk: its outcome, a summary and the next step, in three clicks or keys."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.calls.outcomes import STEP_KINDS, note_call, outcome_list
from voronka.calls.talk_queries import TalkRow, talk, talks_to_note
from voronka.people.settings import calendar as calendar_of
from voronka.web import words
from voronka.web.pages import SELLING, open_to, settings_of, viewer
from voronka.web.reading import posted_moment
from voronka.web.shell import now, part, render


@open_to(SELLING)
def outcome(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show what was said to come of a talk, or write it down and go on to the deal."""
    by, at = viewer(request), now()
    row = talk(viewer=by, call_id=call_id)
    if request.method != "POST":
        context = panel(request, row, at)
        if request.headers.get("HX-Request"):
            return part(request, "calls/after_panel.html", context)
        return render(request, "calls/after.html", context, here="today")
    kind = request.POST.get("kind", "")
    note_call(
        call_id=call_id,
        outcome=request.POST.get("outcome", ""),
        summary=request.POST.get("summary", ""),
        step_kind=kind,
        due_at=posted_moment(request, "due") if kind else None,
        by=by,
        at=at,
    )
    messages.success(request, _("Записано, шаг поставлен") if kind else _("Записано"))
    if kind == "letter" and request.POST.get("then") == "write":
        # A caller without a card has one by now.
        return HttpResponseRedirect(_letter(talk(viewer=by, call_id=call_id)), status=303)
    return HttpResponseRedirect(_after(request, row.deal_id, row.client_id), status=303)


@open_to(SELLING)
def after_talks(request: HttpRequest) -> HttpResponse:
    """List the person's talks of today after which nothing was said; two queries."""
    at, known = now(), settings_of(request)
    calendar = calendar_of(known)
    talks = talks_to_note(
        person_id=viewer(request).person_id,
        since=calendar.midnight(calendar.day_of(at)),
        least_seconds=known["talk_seconds"],
    )
    if request.headers.get("HX-Request"):
        return part(request, "calls/talks.html", {"talks": talks})
    return render(request, "calls/after_talks.html", {"talks": talks}, here="today")


def panel(request: HttpRequest, row: Any, at: datetime) -> dict[str, Any]:
    """Give what the panel after a talk needs."""
    calendar = calendar_of(settings_of(request))
    opening = calendar.next_opening(at)
    if opening == at:
        opening = calendar.next_opening(calendar.closing(at) + timedelta(seconds=1))
    return {
        "now": at,
        "talk": row,
        "outcomes": [(one, words.CALL_OUTCOMES.get(one, one)) for one in outcome_list()],
        "kinds": STEP_KINDS,
        "due": opening + timedelta(hours=1),
        "back": request.GET.get("back", ""),
    }


def _letter(row: TalkRow) -> str:
    """Give the page where the letter is written that was promised in the talk."""
    if row.client_id is None:
        return reverse("today")
    deal = f"?deal={row.deal_id}" if row.deal_id else ""
    return reverse("letter-new", args=[row.client_id]) + deal


def _after(request: HttpRequest, deal_id: int | None, client_id: int | None) -> str:
    """Give the page to go on to: where the panel stood, else the deal or the client."""
    if request.POST.get("back") == "today":
        return reverse("today")
    if deal_id:
        return reverse("deal", args=[deal_id])
    return reverse("client", args=[client_id]) if client_id else reverse("today")
