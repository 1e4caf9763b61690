"""Histories of providers, as days are compared: asked in pieces, put together by call."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.calls.histories import History, HistoryProblemError, Past
from voronka.calls.providers.asking import AskingError
from voronka.calls.signals import Signal
from voronka.foundation.sealing import LostKeyError

Ask = Callable[[Exchange, datetime, datetime], list[CallEvent]]
"""Gives the calls of a span of time as events not stored yet. Raises: AskingError."""
Count = Callable[[Exchange, datetime, datetime], int]
"""Gives how many calls with clients began in a span of time. Raises: AskingError."""
PAST, COUNTED = "history", "cdr"
"""By which way it is told: call by call, or as a number alone."""


def past_by(ask: Ask, *, longest: timedelta) -> History:
    """Make of what asks a provider what days are compared by. `longest`: of one question."""

    def past(exchange: Exchange, begin: datetime, end: datetime) -> Past:
        calls: dict[str, dict[str, CallEvent]] = defaultdict(dict)
        for event in _told(ask, exchange, _pieces(begin, end, longest)):
            if event.call_ref:
                calls[event.call_ref].setdefault(event.source_key, event)
        return Past(
            source=PAST, events={ref: list(those.values()) for ref, those in calls.items()}
        )

    return past


def counted_by(count: Count, *, longest: timedelta) -> History:
    """Make of what counts a provider's calls what days are compared by."""

    def past(exchange: Exchange, begin: datetime, end: datetime) -> Past:
        with _problems():
            pieces = list(_pieces(begin, end, longest))
            n = sum(count(exchange, since, until) for since, until in pieces)
        return Past(source=COUNTED, counted=n)

    return past


def _told(
    ask: Ask, exchange: Exchange, pieces: Iterator[tuple[datetime, datetime]]
) -> list[CallEvent]:
    with _problems():
        return [event for since, until in pieces for event in ask(exchange, since, until)]


@contextmanager
def _problems() -> Iterator[None]:
    """Say why a provider told nothing as days are compared. Raises: HistoryProblemError."""
    try:
        yield
    except AskingError as error:
        raise HistoryProblemError(why=f"asked_{error.code}") from error
    except LostKeyError as error:
        raise HistoryProblemError(why="lost_key") from error


def _pieces(
    begin: datetime, end: datetime, longest: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    while begin < end:
        until = min(end, begin + longest)
        yield begin, until
        begin = until


def lived_first(told: Sequence[tuple[str, Signal]]) -> list[tuple[str, Signal]]:
    """Choose between what was told as it happened and what a history tells afterwards.

    A call that we heard whole stays as it was heard, and takes from the history but a
    recording of which nothing was said. One that we did not hear to its end, or of which we
    missed the answer, is made of both.
    """
    lived = [one for source, one in told if source != PAST]
    past = [one for source, one in told if source == PAST]
    is_over = any(one.kind == "closed" for one in lived)
    if not past or not is_over or (_has_talk(past) and not _has_talk(lived)):
        return list(told)
    is_recorded = any(one.kind == "recording" for one in lived)
    return [
        (source, one)
        for source, one in told
        if source != PAST or (one.kind == "recording" and not is_recorded)
    ]


def _has_talk(signals: Sequence[Signal]) -> bool:
    return any(
        one.kind == "answered" or (one.kind == "summary" and bool(one.talk_seconds))
        for one in signals
    )
