"""A browser for each person of the cast, past the second factor."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.web.world import World, build


@pytest.fixture
def world(cast: SimpleNamespace, funnel: object, reasons: SimpleNamespace) -> World:
    """A small department with one of everything; all of it is olga's."""
    return build(cast, funnel, reasons)  # type: ignore[arg-type]


@pytest.fixture
def enter(cast: SimpleNamespace) -> Callable[..., Client]:
    """Give a signed-in browser: `enter("vera")`; `enter("")` is a stranger."""

    def made(name: str, *, language: str = "ru") -> Client:
        browser = Client(SERVER_NAME="localhost")
        if name:
            person = getattr(cast, name)
            type(person).objects.filter(pk=person.pk).update(language=language)
            browser.force_login(person)
            session = browser.session
            session["second_factor"] = True
            session.save()
        return browser

    return made
