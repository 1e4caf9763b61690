"""Calling by a click, from any number on any page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from voronka.calls.dialling import dial
from voronka.foundation.errors import RefusalError
from voronka.web import formats
from voronka.web.pages import SELLING, open_to, viewer
from voronka.web.refusals import sentence
from voronka.web.shell import now, part


@require_POST
@open_to(SELLING)
def call_by_click(request: HttpRequest) -> HttpResponse:
    """Have the person's own telephone ring, then the number; a refusal is told in its place."""
    try:
        made = dial(phone=request.POST.get("phone", ""), by=viewer(request), at=now())
    except RefusalError as error:
        if not request.headers.get("HX-Request"):
            raise
        return part(request, "telephony/_dialled.html", {"said": sentence(error)})
    said = _("Сейчас зазвонит ваш телефон. Возьмите трубку, и АТС наберёт %(phone)s") % {
        "phone": formats.phone(made.phone).striptags()
    }
    if request.headers.get("HX-Request"):
        return part(request, "telephony/_dialled.html", {"said": said})
    messages.success(request, said)
    back = request.headers.get("Referer", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if is_ours else "/", status=303)
