"""Which calls were missed, and how missed calls and talks of one number follow each other.

Pure: the same calls in any order give the same spells of waiting.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

BROKEN_OFF = ("busy", "failed", "lost")
"""The caller did not give up: everybody was busy or declined, or the exchange broke down."""


def is_missed(
    *,
    direction: str,
    outcome: str,
    is_answered: bool,
    wait_seconds: int,
    is_menu_only: bool,
    short_seconds: int,
    with_menu: bool,
) -> bool:
    """Say whether somebody rang, got nobody, and is to be rung back.

    Who gave up within `short_seconds` of ringing is not; who hung up in the voice menu before
    anybody was rung only `with_menu`.
    """
    if direction != "in" or is_answered:
        return False
    if outcome in BROKEN_OFF:
        return True
    if is_menu_only:
        return with_menu
    return wait_seconds >= short_seconds


def is_menu_only(*, direction: str, outcome: str, n_rung: int, tells_of_legs: bool) -> bool:
    """Say whether a caller hung up in the voice menu, before anybody was rung.

    Only an exchange that `tells_of_legs` can tell that from a call nobody took.
    """
    return direction == "in" and outcome == "missed" and tells_of_legs and not n_rung


@dataclass(frozen=True, slots=True)
class Ring:
    """A call of one number that matters: missed (`at`: it began), or a talk (from then on)."""

    at: datetime
    call_id: int
    is_talk: bool
    ended_at: datetime
    direction: str = "in"
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """From the first missed call of a number to the first talk; `talk` None: not yet.

    `last_missed_at` is the hang-up of the last of `times` missed calls.
    """

    first: Ring
    last_missed_at: datetime
    times: int
    talk: Ring | None


def spells(rings: Iterable[Ring], *, with_task: Collection[int] = ()) -> list[Spell]:
    """Put the missed calls of one number together, each spell up to the talk that ends it.

    Left out is what has a task of its own: from a call of `with_task` to the talk after it.
    """
    found: list[Spell] = []
    waiting: Spell | None = None
    is_told = False
    for ring in sorted(rings, key=lambda one: (one.at, one.call_id)):
        if ring.is_talk:
            found += [replace(waiting, talk=ring)] if waiting else []
            waiting, is_told = None, False
        elif is_told or ring.call_id in with_task:
            is_told = True
        elif waiting is None:
            waiting = Spell(ring, ring.ended_at, 1, None)
        else:
            last = max(waiting.last_missed_at, ring.ended_at)
            waiting = replace(waiting, last_missed_at=last, times=waiting.times + 1)
    return [*found, waiting] if waiting else found
