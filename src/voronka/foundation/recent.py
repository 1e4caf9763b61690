"""Answers kept for a few seconds: names, settings and stages change rarely, pages ask often."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
_all: list["Recent[object]"] = []


class Recent(Generic[Answer]):
    """A question without arguments whose answer is kept for `seconds` in this process.

    Another process sees a change at the latest after that time; the process that made the
    change calls `forget` and sees it at once.
    """

    def __init__(self, ask: Callable[[], Answer], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._since = float("-inf")
        self._answer: Answer
        _all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> Answer:
        """Give the kept answer, or ask anew."""
        if monotonic() - self._since > self._seconds:
            self._answer = self._ask()
            self._since = monotonic()
        return self._answer

    def forget(self) -> None:
        """Ask anew at the next call."""
        self._since = float("-inf")


def recent(seconds: float) -> Callable[[Callable[[], Answer]], Recent[Answer]]:
    """Keep a function's answer for so many seconds."""

    def kept(ask: Callable[[], Answer]) -> Recent[Answer]:
        return Recent(ask, seconds)

    return kept


def forget_all() -> None:
    """Forget every kept answer: data were replaced under the process (restore, tests)."""
    for one in _all:
        one.forget()
