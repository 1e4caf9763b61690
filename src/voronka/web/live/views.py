"""The pages around the live stream: its ticket, one notice, the list behind the bell."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from voronka.calls.popping import caller_card
from voronka.people import notices
from voronka.web.live.stream import ticket
from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.shell import now, part


@open_to(EVERYBODY)
def live_ticket(request: HttpRequest) -> HttpResponse:
    """Give the ticket by which an open page listens."""
    answer = JsonResponse({"ticket": ticket(viewer(request).person_id)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@open_to(EVERYBODY)
def one(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Draw one notice, to be shown over the page."""
    person_id = viewer(request).person_id
    found = notices.notice(person_id=person_id, notice_id=notice_id)
    if found.kind.startswith(notices.OF_CALLS):
        card = caller_card(call_id=found.about["call_id"], person_id=person_id)
        return part(request, "telephony/_caller.html", {"card": card})
    return part(request, "live/_toast.html", {"one": found})


@open_to(EVERYBODY)
def several(request: HttpRequest) -> HttpResponse:
    """Draw the list behind the bell."""
    rows = notices.notices(person_id=viewer(request).person_id)
    return part(request, "live/_list.html", {"rows": rows})


@require_POST
@open_to(EVERYBODY)
def seen(request: HttpRequest) -> HttpResponse:
    """Take all as seen."""
    notices.see_all(person_id=viewer(request).person_id, at=now())
    return HttpResponse(status=204)
