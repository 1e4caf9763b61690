"""Waking who waits in this process: what was just written need not wait for the next look."""

import threading
from collections.abc import Callable

from django.db import transaction

_WAKE = threading.Event()
_HEARERS: list[Callable[[], None]] = []


def wake_after_commit() -> None:
    """Wake the worker once the surrounding transaction has committed."""
    transaction.on_commit(_WAKE.set)


def wake() -> None:
    """Wake the worker now."""
    _WAKE.set()


def wait(seconds: float) -> None:
    """Sleep until woken, for `seconds` at most."""
    _WAKE.wait(seconds)
    _WAKE.clear()


def hear_news(act: Callable[[], None]) -> None:
    """Let `act` be called, from any thread, whenever news were committed in this process."""
    _HEARERS.append(act)


def news_after_commit() -> None:
    """Call who hears news once the surrounding transaction has committed."""
    transaction.on_commit(_call_hearers)


def _call_hearers() -> None:
    for act in list(_HEARERS):
        act()
