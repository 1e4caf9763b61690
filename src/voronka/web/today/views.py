"""The desks: the head's and the manager's."""

from django.http import HttpRequest, HttpResponse

from voronka.web.pages import EVERYBODY, open_to, viewer
from voronka.web.shell import now, render
from voronka.web.today.head import head_desk
from voronka.web.today.manager import manager_desk


@open_to(EVERYBODY)
def today(request: HttpRequest) -> HttpResponse:
    """Show whoever leads what is slipping, and whoever sells what to do now."""
    if viewer(request).role == "manager":
        return render(request, "today/manager.html", manager_desk(request, now()), here="today")
    return render(request, "today/head.html", head_desk(request, now()), here="today")
