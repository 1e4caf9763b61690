"""The search palette: clients by any fragment, deals by number or client."""

from django.http import HttpRequest, HttpResponse

from voronka.clients.finding import find_clients
from voronka.deals.queries import find_deals
from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.shell import part


@open_to(EVERYBODY)
def search(request: HttpRequest) -> HttpResponse:
    """Give the palette's lines for what is typed, three queries."""
    by, query = viewer(request), request.GET.get("q", "").strip()[:100]
    if len(query) < 2:
        return part(request, "_palette_lines.html", {})
    clients = find_clients(viewer=by, query=query)
    deals = find_deals(viewer=by, query=query, client_ids=[one.id for one in clients])
    context = {"query": query, "found_clients": clients, "found_deals": deals}
    return part(request, "_palette_lines.html", context)
