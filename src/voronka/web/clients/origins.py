"""Where a client came from and what brought a deal: parts that the cards ask for last."""

from django.http import HttpRequest, HttpResponse

from voronka.clients.queries import card
from voronka.deals.queries import deal
from voronka.inquiries.touches import client_touches, touched_deals
from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.shell import part


@open_to(EVERYBODY)
def of_client(request: HttpRequest, client_id: int) -> HttpResponse:
    """Show the first touch of a client and the latest one."""
    one = card(viewer=viewer(request), client_id=client_id)
    found = client_touches([one.id, *one.merged_ids])
    context = {
        "first": found[0] if found else None,
        "last": found[-1] if len(found) > 1 else None,
        "n": len(found),
    }
    return part(request, "clients/_touches.html", context)


@open_to(EVERYBODY)
def of_deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the client's first touch and the last one before the deal."""
    deal(viewer=viewer(request), deal_id=deal_id)
    touched = touched_deals([deal_id])[deal_id]
    first, last = touched.first_touch, touched.last_touch
    context = {"first": first, "last": last if last != first else None, "is_deal": True}
    return part(request, "clients/_touches.html", context)
