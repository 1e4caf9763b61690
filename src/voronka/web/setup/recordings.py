"""Recordings of talks: how long they are kept, who may listen, whether callers are warned."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.calls.exchange_queries import exchanges
from voronka.calls.exchanges import say_warned
from voronka.calls.sound.queries import stored_sums
from voronka.calls.sound.rights import SPANS, listeners, set_listener
from voronka.journal.viewer import Viewer
from voronka.people.settings import change_setting
from voronka.web.call.words import LISTENING
from voronka.web.pages import RULERS, open_to, settings_of, viewer
from voronka.web.reading import posted_id
from voronka.web.shell import now, render

MOST_DAYS = 36_500


@open_to(RULERS)
def recordings(request: HttpRequest) -> HttpResponse:
    """Show and change how recordings are kept and heard."""
    by, at = viewer(request), now()
    if request.method == "POST":
        if "exchange" in request.POST:
            is_warned = bool(request.POST.get("warned"))
            exchange_id = posted_id(request, "exchange")
            say_warned(exchange_id=exchange_id, is_warned=is_warned, by=by, at=at)
        else:
            _put(request, by, at)
        messages.success(request, _("Записано"))
        return HttpResponseRedirect(reverse("recordings"), status=303)
    context = {
        "known": settings_of(request),
        "listeners": listeners(),
        "spans": [(span, LISTENING[span]) for span in SPANS],
        "exchanges": exchanges(),
        "sums": stored_sums(),
    }
    return render(request, "setup/recordings.html", context, here="settings")


def _put(request: HttpRequest, by: Viewer, at: datetime) -> None:
    form = request.POST
    if form.get("days", "").isdecimal():
        days = min(int(form["days"][:9]), MOST_DAYS)
        change_setting(name="recording_days", value=days, by=by, at=at)
        is_sealed = bool(form.get("sealed"))
        change_setting(name="recordings_sealed", value=is_sealed, by=by, at=at)
    for role in listeners():
        if span := form.get(f"listen_{role}", ""):
            set_listener(role=role, span=span, by=by, at=at)
