"""Keys of programs: an exchange, a site, an aggregator of inquiries."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.people import api_keys
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.shell import now, render


@open_to(RULERS)
def programs(request: HttpRequest) -> HttpResponse:
    """List the keys; make one, whose secret is shown this once."""
    token = ""
    if request.method == "POST":
        form = request.POST
        token = api_keys.make_key(
            name=form.get("name", ""),
            scopes=form.getlist("scope"),
            by=viewer(request),
            at=now(),
        )
    context = {
        "keys": api_keys.keys(),
        "scopes": api_keys.SCOPES,
        "token": token,
        "root": request.build_absolute_uri("/").rstrip("/"),
    }
    answer = render(request, "setup/programs.html", context, here="settings")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@open_to(RULERS)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Take a key back."""
    api_keys.revoke_key(key_id=key_id, by=viewer(request), at=now())
    messages.success(request, _("Ключ отозван: больше ничего не открывает"))
    return HttpResponseRedirect(reverse("programs"), status=303)
