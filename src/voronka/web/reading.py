"""Reading what a form sends: numbers, moments, days; what cannot be read is a plain refusal."""

from datetime import date, datetime
from typing import ClassVar

from django.http import HttpRequest

from voronka.foundation.errors import RefusalError
from voronka.web import formats


class BadFormError(RefusalError):
    """A form came without what it always holds, or with something else in its place."""

    code: ClassVar[str] = "bad_form"


def posted_id(request: HttpRequest, name: str) -> int:
    """Give a number that the form must hold. Raises: BadFormError."""
    value = request.POST.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise BadFormError(name=name)
    return int(value)


def posted_moment(request: HttpRequest, name: str) -> datetime:
    """Give a moment in the department's zone. Raises: BadFormError."""
    try:
        return formats.read_local(request.POST.get(name, ""))
    except (ValueError, OverflowError):
        raise BadFormError(name=name) from None


def posted_day(request: HttpRequest, name: str) -> date | None:
    """Give a day, or None where the field is empty. Raises: BadFormError."""
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadFormError(name=name) from None
