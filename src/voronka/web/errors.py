"""The pages of last resort: a plain sentence whatever happened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from voronka.web import formats


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page: missing and forbidden look the same."""
    return _page(request, "missing", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the right is not there."""
    return _page(request, "forbidden", 403)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request cannot be read."""
    return _page(request, "stale", 400)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open for too long to be sent."""
    return _page(request, "stale", 403)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that we failed and that nothing is half written."""
    return _page(request, "broken", 500)


def _page(request: HttpRequest, what: str, status: int) -> HttpResponse:
    context = {"what": what, "LANG": formats.language()}
    return render(request, "error.html", context, status=status)
