"""GET /api/route?phone=: whom an exchange should ring. Answers in any case."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse

from voronka.api.doors import KeyRow, by_key, now
from voronka.inquiries.ringing import Ringing, whom_to_ring
from voronka.people.settings import DEFAULTS, all_settings

log = logging.getLogger("voronka.api")


@by_key("route", "GET")
def route(request: HttpRequest, key: KeyRow) -> HttpResponse:
    """Answer with the extension of the responsible; the default one when anything fails.

    `format=text` answers with the bare extension, for a dial plan that reads no JSON.
    """
    found = _found(request.GET.get("phone", ""))
    if request.GET.get("format") == "text":
        return HttpResponse(found.extension, content_type="text/plain; charset=utf-8")
    return JsonResponse(
        {
            "extension": found.extension,
            "why": found.why,
            "person": found.person,
            "client": found.client,
            "client_id": found.client_id,
        }
    )


def _found(phone: str) -> Ringing:
    default = str(DEFAULTS["default_extension"])
    try:
        default = str(all_settings()["default_extension"])
        return whom_to_ring(phone, default=default, at=now())
    except Exception:
        log.exception("whom to ring could not be told; the default extension is given")
        return Ringing(default, "default")
