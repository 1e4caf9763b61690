"""Adapters by kind of exchange: each turns what was stored into signals. One line each."""

from collections.abc import Callable, Iterator, Sequence

from voronka.calls.asterisk.reading import best_of, ref_of, signals_of
from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.signals import Signal


class UnreadableError(Exception):
    """An event no machine can make sense of; `code` says why. It stays stored, raw."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Reader = Callable[[Exchange, CallEvent], Iterator[Signal]]
Namer = Callable[[Exchange, CallEvent], str]
Chooser = Callable[[Sequence[tuple[str, Signal]]], list[Signal]]

READERS: dict[str, Reader] = {"asterisk": signals_of}
NAMERS: dict[str, Namer] = {"asterisk": ref_of}
"""Gives which call an event speaks of; "" when of none."""
TELL_OF_ROOMS = ("asterisk",)
"""Those that tell who heard whom; of the others an answer is taken for a talk."""
CHOOSERS: dict[str, Chooser] = {"asterisk": best_of}
"""Where an exchange tells the same twice by two ways: which of both counts."""


def all_of(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Take everything that was said, by whichever way it came."""
    return [one for _, one in told]
