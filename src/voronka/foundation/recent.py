"""Answers kept while nothing changed: names and settings change rarely, pages ask often.

One counter in the database, the stamp, moves whenever such things change, in any process.
The read of who asks brings it along, so that a page knows for free whether what it keeps is
still true. A process that reads no stamp (a command, a worker) asks anew after three seconds.
"""

from collections.abc import Callable
from threading import local
from time import monotonic
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import F

from voronka.foundation.models import Stamp

SECONDS = 3.0
Answer = TypeVar("Answer")
_all: list["Recent[object]"] = []
_known: dict[str, float] = {"stamp": -1, "seen_at": float("-inf")}
# Another thread must not take this one's open transaction for a finished one.
_here = local()


class Recent(Generic[Answer]):
    """A question without arguments whose answer is kept in this process.

    It is asked anew when the stamp has moved, or when neither the answer nor a look at the
    stamp is younger than `seconds`. With `only_seconds` the age of the answer alone counts.
    """

    def __init__(
        self, ask: Callable[[], Answer], seconds: float, *, only_seconds: bool = False
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._only_seconds = only_seconds
        self._since = float("-inf")
        self._answer: Answer
        _all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> Answer:
        """Give the kept answer, or ask anew."""
        sure_at = self._since if self._only_seconds else max(self._since, _known["seen_at"])
        if self._since > float("-inf") and monotonic() - sure_at <= self._seconds:
            return self._answer
        answer = self._ask()
        if _is_settled():
            self._answer, self._since = answer, monotonic()
        return answer

    def forget(self) -> None:
        """Ask anew at the next call."""
        self._since = float("-inf")


def recent(seconds: float = SECONDS) -> Callable[[Callable[[], Answer]], Recent[Answer]]:
    """Keep a function's answer until the stamp moves."""

    def kept(ask: Callable[[], Answer]) -> Recent[Answer]:
        return Recent(ask, seconds)

    return kept


def kept_for(seconds: float) -> Callable[[Callable[[], Answer]], Recent[Answer]]:
    """Keep a function's answer for so many seconds, or until the stamp moves."""

    def kept(ask: Callable[[], Answer]) -> Recent[Answer]:
        return Recent(ask, seconds, only_seconds=True)

    return kept


def seen(stamp: int) -> None:
    """Take note of the stamp as just read: another one than before means "ask anew"."""
    if stamp != _known["stamp"]:
        forget_all()
    _known.update(stamp=stamp, seen_at=monotonic())
    _here.is_changing = False


def changed() -> None:
    """Say that names, settings, stages or fields changed: every process asks anew.

    Belongs into the transaction of the change, so that both stand or neither.
    """
    if not Stamp.objects.filter(pk=1).update(n=F("n") + 1):
        # Two processes may make the first row at the same moment.
        Stamp.objects.bulk_create([Stamp(pk=1)], ignore_conflicts=True)
        Stamp.objects.filter(pk=1).update(n=F("n") + 1)
    _here.is_changing = True
    forget_all()


def forget_all() -> None:
    """Forget every kept answer: data were replaced under the process (restore, tests)."""
    for one in _all:
        one.forget()


def _is_settled() -> bool:
    # What a transaction sees of its own changes must not outlive its rollback.
    if not connection.in_atomic_block:
        _here.is_changing = False
    return not getattr(_here, "is_changing", False)
