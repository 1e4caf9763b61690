"""Waking the worker of this process: what was just enqueued need not wait for its next look."""

import threading

from django.db import transaction

_WAKE = threading.Event()


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
