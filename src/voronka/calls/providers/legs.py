"""The two ends of a call, as adapters of providers tell of them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from voronka.calls.exchange_models import CallEvent
from voronka.calls.providers.closing import wound_up
from voronka.calls.reducing import SHORTEST_NUMBER
from voronka.calls.signals import Signal, UnreadableError
from voronka.foundation.text import storable

CLIENT, TOP_REF, LONGEST_NUMBER = "client", 120, 15
OUTCOMES = {"busy": "busy", "unreachable": "failed"}
"""What a call out of ours came to, by why it ended."""


def own_word(event: CallEvent) -> Signal:
    """Read back what the door itself said of a call: that it is over."""
    said = json.loads(event.body)
    return Signal(kind=said["kind"], at=float(said["at"]), name=said.get("name", ""))


def text_of(fields: Mapping[str, str], *names: str, most: int = 40) -> str:
    """Give the first of these fields that is filled in, trimmed; "" when none is."""
    found = next((value for name in names if (value := fields.get(name, "").strip())), "")
    return storable(found)[:most]


def short_ref(name: str) -> str:
    """Give which call is spoken of; a long name is told by its fingerprint."""
    ref = storable(name).strip()
    if len(ref) <= TOP_REF:
        return ref
    return f"{ref[:50]} {hashlib.sha256(ref.encode()).hexdigest()}"


def is_extension(number: str) -> bool:
    """Say whether a number is one of the exchange's own, by its length."""
    return 0 < sum(sign.isdigit() for sign in number) < SHORTEST_NUMBER


def is_same_number(one: str, other: str) -> bool:
    """Compare two numbers however each is written: by their last ten digits."""
    digits = ["".join(sign for sign in number if sign.isdigit()) for number in (one, other)]
    return bool(digits[0]) and digits[0][-10:] == digits[1][-10:]


def leg_of(extension: str) -> str:
    """Name a person's telephone within the call."""
    return f"ext {extension}"


def client(
    at: float, number: str, *, line: str = "", direction: str, rank: int = 0
) -> Iterator[Signal]:
    """Tell of the client, and of our number on the other side where it is known."""
    yield Signal(
        kind="began",
        at=at,
        order=0 if direction == "out" else -1,
        leg=CLIENT,
        role="client",
        party=number,
        dialled=line,
        direction=direction,
        rank=rank,
    )
    if line:
        yield Signal(kind="line", at=at, party=line)


def person(
    at: float, extension: str, *, dialled: str = "", direction: str = "", rank: int = 0
) -> Signal:
    """Tell of a person's telephone: it rings, or with `dialled` it calls. `rank` 1: told only
    when all is over.
    """
    return Signal(
        kind="began",
        at=at,
        order=-1 if dialled else 0,
        leg=leg_of(extension),
        role="person",
        party=extension,
        dialled=dialled,
        direction=direction,
        rank=rank,
    )


def answered(at: float, extension: str, *, rank: int = 0) -> Signal:
    """Tell that a person's telephone took the call, or got through."""
    return Signal(kind="answered", at=at, order=1, leg=leg_of(extension), rank=rank)


def ended(at: float, leg: str, *, cause: str = "") -> Signal:
    """Tell that one end is out of the call."""
    return Signal(kind="ended", at=at, order=2, leg=leg, cause=cause)


def over(at: float, *, cause: str = "") -> Iterator[Signal]:
    """Tell that the whole call is over."""
    yield ended(at, CLIENT, cause=cause)
    yield Signal(kind="closed", at=at, order=4)


def demand_number(number: str) -> None:
    """Raises: UnreadableError for more digits than a number has."""
    if sum(sign.isdigit() for sign in number) > LONGEST_NUMBER:
        raise UnreadableError("long_number")


def first_hand(told: Sequence[tuple[str, Signal]]) -> list[Signal]:
    """Choose: what was told as it happened counts more than what the end tells of it, and a
    talk that was seen more than the word that there was none. With a client on the line a call
    is no internal one, though our people speak among themselves while they pass it on.
    """
    signals = [one for _, one in told]
    if any(one.role == "client" for one in signals):
        signals = [
            replace(one, direction="") if one.direction == "internal" else one
            for one in signals
        ]
    seen = {one.leg for one in signals if one.kind == "began" and not one.rank}
    has_answer = any(one.kind == "answered" and not one.rank for one in signals)
    return wound_up([one for one in signals if _counts(one, seen, has_answer=has_answer)])


def _counts(one: Signal, seen: set[str], *, has_answer: bool) -> bool:
    if one.kind == "began":
        return not one.rank or one.leg not in seen
    if one.kind == "answered":
        return not one.rank or not has_answer
    return one.kind != "summary" or one.talk_seconds != 0 or not has_answer
