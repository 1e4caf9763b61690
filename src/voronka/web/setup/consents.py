"""The texts that people agree to: written by the administrator or the head, kept by version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.inquiries.consent_queries import text_versions
from voronka.inquiries.consents import current_texts, set_text
from voronka.web.pages import RULERS, open_to, viewer
from voronka.web.shell import now, render


@open_to(RULERS)
def consent_texts(request: HttpRequest) -> HttpResponse:
    """Show the text in force for each purpose with its past versions; POST writes one."""
    if request.method == "POST":
        purpose, text = request.POST.get("purpose", ""), request.POST.get("text", "")
        set_text(purpose=purpose, text=text, by=viewer(request), at=now())
        messages.success(request, _("Записано"))
        return HttpResponseRedirect(reverse("consent-texts"), status=303)
    context = {"texts": current_texts(), "versions": text_versions()}
    return render(request, "setup/consents.html", context, here="settings")
