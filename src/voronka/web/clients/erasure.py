"""Two pages for heads and administrators: all that is held of a client, and its erasing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.privacy.erasing import erase, in_work
from voronka.privacy.held import held
from voronka.privacy.subject import subject
from voronka.web.clients import personal_words
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.shell import now, render

READABLE = {"ensure_ascii": False, "indent": 1}


@open_to(RULERS)
def held_page(request: HttpRequest, client_id: int) -> HttpResponse:
    """Draw up all that is kept of a client or one person there: to print, or as a file."""
    form = "file" if request.GET.get("form") == "file" else "page"
    found = held(
        client_id=client_id,
        contact_id=_contact(request),
        form=form,
        by=viewer(request),
        at=now(),
    )
    if form == "file":
        answer = JsonResponse(found.to_json(), json_dumps_params=READABLE)
        named = f'attachment; filename="client-{client_id}.json"'
        answer.headers["Content-Disposition"] = named
        return answer
    context = {
        "held": found,
        "client_id": client_id,
        "parts": personal_words.told(found),
        "contact": _contact(request) or "",
    }
    return render(request, "clients/held.html", context, here="clients")


@open_to(RULERS)
def erasure(request: HttpRequest, client_id: int) -> HttpResponse:
    """Say what goes and what stays, and erase when the name was typed."""
    by = viewer(request)
    if request.method == "POST":
        form = request.POST
        done = erase(
            client_id=client_id,
            contact_id=_contact(request),
            also=[int(one) for one in form.getlist("also") if one.isdecimal()],
            reason=form.get("reason", ""),
            typed=form.get("typed", ""),
            by=by,
            at=now(),
        )
        messages.success(request, _("Стёрто. Записей журнала: %(n)s") % {"n": done.facts})
        return HttpResponseRedirect(reverse("client", args=[client_id]), status=303)
    one = subject(client_id=client_id, contact_id=_contact(request), viewer=by)
    left = in_work(one)
    context = {
        "one": one,
        "contact": one.contact_id or "",
        "left": left,
        "is_free": not any(left.values()),
        "same": one.same_elsewhere if one.is_whole else (),
    }
    return render(request, "clients/erasure.html", context, here="clients")


def _contact(request: HttpRequest) -> int | None:
    said = request.POST.get("contact") or request.GET.get("contact", "")
    return int(said) if said.isdecimal() else None
