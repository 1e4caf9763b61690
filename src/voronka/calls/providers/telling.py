"""What several providers are told alike: names, numbers, a telephone that rings."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from voronka.calls.exchange_models import CallEvent
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
