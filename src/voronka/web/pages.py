"""Declaring a page: which roles may open it. An address that declares none is refused."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from voronka.journal.viewer import Viewer

EVERYBODY = frozenset({"head", "lead", "manager", "administrator", "auditor"})
SELLING = EVERYBODY - {"auditor"}
HEADS = frozenset({"head", "lead", "administrator", "auditor"})
RULERS = frozenset({"head", "administrator"})
ADMINISTRATORS = frozenset({"administrator"})
ANONYMOUS = frozenset({"anonymous"})

View = TypeVar("View", bound=Callable[..., Any])


def open_to(roles: frozenset[str]) -> Callable[[View], View]:
    """Declare the roles that may open a page."""

    def declare(view: View) -> View:
        cast(Any, view).open_to = roles
        return view

    return declare


def raw_door(view: View) -> View:
    """Declare that a page reads its body itself: nothing before it touches what was sent."""
    cast(Any, view).reads_raw = True
    return view


def viewer(request: HttpRequest) -> Viewer:
    """Give the reach of the person who asks."""
    return cast(Viewer, request.viewer)  # type: ignore[attr-defined]


def settings_of(request: HttpRequest) -> dict[str, Any]:
    """Give the installation's settings, read once per request."""
    return cast(dict[str, Any], request.settings)  # type: ignore[attr-defined]
