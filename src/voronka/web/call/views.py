"""One call: who with whom, how long, its recording with the player, notes in it."""

import secrets

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.calls.card_queries import call_card, raw_events
from voronka.calls.sound.notes import drop_note, note_call
from voronka.calls.talk_queries import talk
from voronka.web.call import words as call_words
from voronka.web.call.wave import BARS, HEIGHT, time_marks, wave_of
from voronka.web.calls.outcome import panel
from voronka.web.pages import ADMINISTRATORS, EVERYBODY, SELLING, open_to, settings_of, viewer
from voronka.web.reading import BadFormError
from voronka.web.shell import now, render


@open_to(EVERYBODY)
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show one call; to the administrator also what the exchange said, word for word."""
    by = viewer(request)
    try:
        row = call_card(viewer=by, call_id=call_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    sound = row.recording
    is_there = bool(sound and sound.state == "stored" and row.is_heard)
    context = {
        "row": row,
        "sound": sound,
        "is_there": is_there,
        "wave": wave_of(sound.peaks) if sound and is_there else None,
        "box": (BARS, HEIGHT),
        "marks": time_marks(sound.seconds) if sound else [],
        "token": secrets.token_urlsafe(12),
        "events": raw_events(row) if by.role in ADMINISTRATORS else [],
        "said": call_words,
        "keeps_days": settings_of(request)["recording_days"],
        "may_note": is_there and by.may("call", "change"),
        "by_id": by.person_id,
    }
    if row.talk_seconds and by.role in SELLING and by.may("call", "change"):
        context |= panel(request, talk(viewer=by, call_id=call_id), now())
    return render(request, "call/call.html", context, here="calls")


@require_POST
@open_to(SELLING)
def note(request: HttpRequest, call_id: int) -> HttpResponse:
    """Put a note at a moment of the recording."""
    text, second = request.POST.get("text", ""), _second(request.POST.get("second", ""))
    note_call(call_id=call_id, second=second, text=text, by=viewer(request), at=now())
    messages.success(request, _("Пометка записана"))
    return _to(call_id)


@require_POST
@open_to(SELLING)
def note_drop(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take one's own note away."""
    call_id = drop_note(note_id=note_id, by=viewer(request), at=now())
    messages.success(request, _("Пометка убрана"))
    return _to(call_id)


def _second(text: str) -> int:
    """Read «1:12», «1:02:07» or «72». Raises: BadFormError."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(p.isdecimal() and len(p) <= 5 for p in parts):
        raise BadFormError(name="second")
    second = 0
    for part in parts:
        second = second * 60 + int(part)
    return second


def _to(call_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("call", args=[call_id]) + "#sound", status=303)
