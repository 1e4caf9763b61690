"""What several providers are told alike: names, numbers, a telephone that rings."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from voronka.calls.exchange_models import CallEvent
from voronka.calls.reducing import SHORTEST_NUMBER
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.text import storable

CLIENT = "client"
TOP_REF, TOP_NUMBER, TOP_LINK, LONGEST_NUMBER = 120, 40, 1000, 15


def short_ref(text: str) -> str:
    """Give a provider's name of a call; one too long is told by its fingerprint."""
    ref = storable(text).strip()
    if len(ref) <= TOP_REF:
        return ref
    return f"{ref[:50]} {hashlib.sha256(ref.encode()).hexdigest()}"


def own_signals(event: CallEvent) -> Iterator[Signal]:
    """Translate what we have said of a call ourselves: that it is over."""
    own = json.loads(event.body)
    yield Signal(kind=own["kind"], at=float(own["at"]), name=own.get("name", ""))


def number_of(text: object) -> str:
    """Give a number or an extension as it is told, fit to be stored; "" for none."""
    return storable(str(text)).strip()[:TOP_NUMBER] if text is not None else ""


def digits_in(number: str) -> int:
    """Count the digits of a number; one of a SIP account has none that count."""
    return 0 if "@" in number or ":" in number else sum(sign.isdigit() for sign in number)


def check_number(number: str) -> None:
    """Raise UnreadableError for a number longer than any is."""
    if digits_in(number) > LONGEST_NUMBER:
        raise UnreadableError("long_number")


def there(
    at: float,
    direction: str,
    *,
    number: str,
    line: str,
    extension: str,
    client_at: float | None = None,
) -> Iterator[Signal]:
    """Say who is in the call: each event tells of it, for the first one may be lost.

    A number as short as an extension is one: our people speak among themselves.
    """
    is_out = direction == "out"
    yield Signal(
        kind="began",
        at=at if client_at is None else client_at,
        order=0 if is_out else -1,
        leg=CLIENT,
        role="client",
        party=number,
        dialled="" if is_out else line,
        direction="internal" if 0 < digits_in(number) < SHORTEST_NUMBER else direction,
    )
    if extension:
        yield Signal(
            kind="began",
            at=at,
            order=-1 if is_out else 0,
            leg=leg_of(extension),
            role="person",
            party=extension,
            dialled=number if is_out else "",
        )
    if line:
        yield Signal(kind="line", at=at, party=line)


def leg_of(extension: str) -> str:
    """Name the telephone of an extension within a call."""
    return f"ext {extension}"


def over(at: float, *, cause: str, order: int = 2) -> Iterator[Signal]:
    """Say that the whole call is over."""
    yield Signal(kind="ended", at=at, order=order, leg=CLIENT, cause=cause)
    yield Signal(kind="closed", at=at, order=order + 2)


def without_legs(signals: Sequence[Signal], names: Sequence[str]) -> list[Signal]:
    """Leave out all that is said of some legs."""
    return [one for one in signals if one.leg not in names]


def best_links(signals: Sequence[Signal]) -> list[Signal]:
    """Of several names of a recording keep the best: the lowest `rank`."""
    ranks = [one.rank for one in signals if one.kind == "recording"]
    return [one for one in signals if one.kind != "recording" or one.rank == min(ranks)]


def in_their_count(signals: Sequence[Signal]) -> list[Signal]:
    """Trust a provider's own count within a leg more than its clock: what has a higher
    `order` is never earlier than what has a lower one.
    """
    last: dict[str, float] = {}
    found = []
    for one in sorted(signals, key=lambda one: (one.order, one.at)):
        if one.leg and one.kind != "began":
            last[one.leg] = max(one.at, last.get(one.leg, one.at))
            one = replace(one, at=last[one.leg])
        found.append(one)
    return found


def handed_over(signals: Sequence[Signal]) -> list[Signal]:
    """End the talk of whoever had the client when the next one answers, where the provider
    tells of no end of a single telephone.
    """
    answers: dict[str, float] = {}
    for one in signals:
        if one.kind == "answered":
            answers[one.leg] = min(one.at, answers.get(one.leg, one.at))
    order = sorted(answers, key=lambda leg: (answers[leg], leg))
    ends = [
        Signal(kind="ended", at=answers[after], order=2, leg=leg)
        for leg, after in pairwise(order)
    ]
    return [*signals, *ends]
