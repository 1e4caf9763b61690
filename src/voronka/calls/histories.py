"""What an exchange says of days gone by: the contract of every kind that can be asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voronka.calls.exchange_models import CallEvent, Exchange
from voronka.foundation.errors import RefusalError


class NoHistoryError(RefusalError):
    """This exchange cannot be asked for its calls; details: kind."""

    code = "no_history"


class HistoryProblemError(RefusalError):
    """An exchange did not say what calls it had; details: why, as in its `problem`."""

    code = "history_problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All calls that began in a period. `events`: what it says of each, by its own name for
    the call, as they are to be stored; a live line and a history give an event one name.

    `counted`: where it can only count its calls with clients, and `events` is empty.
    """

    source: str
    events: Mapping[str, Sequence[CallEvent]] = field(default_factory=dict)
    counted: int | None = None


History = Callable[[Exchange, datetime, datetime], Past]
"""Gives the calls that began in [begin, end). Raises: NoHistoryError, HistoryProblemError."""
