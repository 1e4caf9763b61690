"""The figures of any set of calls, in a form that adds up: days to weeks, people to a team.

Lengths of talks and waits are kept as "how many of so many seconds", so that medians of
many days are exact. What people hung up before anybody could answer is counted apart (C10).
"""

import json
import sys
from array import array
from base64 import b64decode, b64encode
from dataclasses import astuple, dataclass, field, fields
from functools import cache
from hashlib import blake2b, sha256
from typing import NamedTuple, TypeVar

from django.conf import settings

from voronka.calls.missing import BROKEN_OFF

Key = TypeVar("Key", int, str)
Value = TypeVar("Value")
LONG_SECONDS = 600


class Norms(NamedTuple):
    """Seconds: hung up before `short`, a real talk from `talk`, quickly answered in `quick`."""

    short: int
    talk: int
    quick: int


class Told(NamedTuple):
    """A call as figures read it. `hour`: on the department's clock; `is_open`: they worked."""

    hour: int
    is_open: bool
    direction: str
    manager_id: int | None
    is_answered: bool
    outcome: str
    wait_seconds: int
    talk_seconds: int
    stage_id: int | None
    source_id: int | None
    line: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of calls. `quick`: answered within the norm; `open`: came in working hours;
    `connected`: outgoing ones with a talk of `Norms.talk` or more; `talked`: with any talk.
    """

    incoming: int = 0
    answered: int = 0
    quick: int = 0
    open: int = 0
    open_answered: int = 0
    missed: int = 0
    missed_off: int = 0
    given_up: int = 0
    outgoing: int = 0
    connected: int = 0
    no_answer: int = 0
    busy: int = 0
    failed: int = 0
    talked: int = 0
    talk_seconds: int = 0

    @property
    def whole(self) -> int:
        """All calls that count, in and out."""
        return self.incoming + self.outgoing


_PLACE = {one.name: place for place, one in enumerate(fields(Tally))}
_NOTHING = list(astuple(Tally()))
Counts = list[int]
Lengths = dict[int, int]
"""How many by their seconds."""


@dataclass(slots=True)
class Sums:
    """The figures of a set of calls; key 0: without a person, stage or source; "" a line.

    `dialled`, `reached`: the numbers called out to, and those with a real talk, as `mark_of`.
    """

    whole: Counts = field(default_factory=_NOTHING.copy)
    hours: dict[int, Counts] = field(default_factory=dict)
    people: dict[int, Counts] = field(default_factory=dict)
    sources: dict[int, Counts] = field(default_factory=dict)
    lines: dict[str, Counts] = field(default_factory=dict)
    stages: dict[int, Lengths] = field(default_factory=dict)
    talks_in: Lengths = field(default_factory=dict)
    talks_out: Lengths = field(default_factory=dict)
    waits: Lengths = field(default_factory=dict)
    dialled: set[int] = field(default_factory=set)
    reached: set[int] = field(default_factory=set)

    @property
    def tally(self) -> Tally:
        """Everything together."""
        return Tally(*self.whole)

    def add(self, call: Told, norms: Norms) -> None:
        """Count one call more."""
        places = _places(
            call.direction,
            call.is_answered,
            call.is_open,
            call.wait_seconds < norms.short and call.outcome not in BROKEN_OFF,
            call.wait_seconds <= norms.quick,
            call.talk_seconds >= max(1, norms.talk),
            call.outcome,
        )
        talk = call.talk_seconds
        for group in (
            self.whole,
            _of(self.hours, call.hour),
            _of(self.people, call.manager_id or 0),
            _of(self.sources, call.source_id or 0),
            _of(self.lines, call.line),
        ):
            for place in places:
                group[place] += 1
            if talk:
                group[_TALKED] += 1
                group[_TALK_SECONDS] += talk
        if places == _GIVEN_UP:
            return
        _count(self.stages.setdefault(call.stage_id or 0, {}), talk)
        if talk:
            _count(self.talks_in if call.direction == "in" else self.talks_out, talk)
        if call.direction == "out":
            self._note_number(call.phone, talk >= max(1, norms.talk))
        elif call.is_answered:
            _count(self.waits, call.wait_seconds)

    def _note_number(self, phone: str, is_reached: bool) -> None:
        number = mark_of(phone)
        self.dialled.add(number)
        if is_reached:
            self.reached.add(number)

    def merge(self, other: "Sums") -> None:
        """Add another set to this one; no call may be in both."""
        _add(self.whole, other.whole)
        for mine, theirs in (
            (self.hours, other.hours), (self.people, other.people),
            (self.sources, other.sources),
        ):  # fmt: skip
            for key, counts in theirs.items():
                _add(_of(mine, key), counts)
        for line, counts in other.lines.items():
            _add(_of(self.lines, line), counts)
        for stage, lengths in other.stages.items():
            _pour(self.stages.setdefault(stage, {}), lengths)
        _pour(self.talks_in, other.talks_in)
        _pour(self.talks_out, other.talks_out)
        _pour(self.waits, other.waits)
        self.dialled |= other.dialled
        self.reached |= other.reached

    def to_text(self) -> str:
        """Write it down; `from_text` gives the same again."""
        return json.dumps(
            [
                self.whole, self.hours, self.people, self.sources, self.lines, self.stages,
                self.talks_in, self.talks_out, self.waits, _packed(self.dialled),
                _packed(self.reached),
            ],
            separators=(",", ":"),
        )  # fmt: skip


def from_text(text: str) -> Sums:
    """Read what `to_text` wrote."""
    whole, hours, people, sources, lines, stages, *lengths, dialled, reached = json.loads(text)
    talks_in, talks_out, waits = (_numbered(one) for one in lengths)
    return Sums(
        whole=whole,
        hours=_numbered(hours),
        people=_numbered(people),
        sources=_numbered(sources),
        lines=lines,
        stages={int(stage): _numbered(one) for stage, one in stages.items()},
        talks_in=talks_in,
        talks_out=talks_out,
        waits=waits,
        dialled=_unpacked(dialled),
        reached=_unpacked(reached),
    )


def mark_of(phone: str) -> int:
    """Stand for a number by 64 bits that lead back to it only with this installation's key."""
    digest = blake2b(phone.encode(), digest_size=8, key=_key()).digest()
    return int.from_bytes(digest, sys.byteorder)


def hours_from_text(text: str) -> Sums:
    """Read only the counts by hour of what `to_text` wrote: a tenth of the work."""
    hours: dict[str, Counts] = json.loads(text[text.index("{") : text.index("}") + 1])
    return Sums(hours=_numbered(hours))


def middle(*lengths: Lengths) -> float | None:
    """Give the median of lengths counted by their seconds; None when there is none."""
    found: Lengths = {}
    for one in lengths:
        _pour(found, one)
    n = sum(found.values())
    if not n:
        return None
    low, high, seen, first = (n - 1) // 2, n // 2, 0, None
    for seconds in sorted(found):
        seen += found[seconds]
        if first is None and seen > low:
            first = seconds
        if seen > high:
            return ((first or 0) + seconds) / 2
    return None


def together_counts(mine: Counts | None, theirs: Counts) -> Counts:
    """Add one set of counts to another, or to nothing, and give the sum."""
    found = (mine or _NOTHING).copy()
    _add(found, theirs)
    return found


def longer(lengths: Lengths, seconds: int) -> int:
    """Count those of so many seconds or more."""
    return sum(n for length, n in lengths.items() if length >= seconds)


_GIVEN_UP = (_PLACE["given_up"],)
_TALKED, _TALK_SECONDS = _PLACE["talked"], _PLACE["talk_seconds"]
_OUT_ENDS = {"busy": "busy", "failed": "failed", "lost": "failed"}


@cache
def _places(
    direction: str,
    is_answered: bool,
    is_open: bool,
    is_short: bool,
    is_quick: bool,
    is_talk: bool,
    outcome: str,
) -> tuple[int, ...]:
    """Name what such a call counts to, by places of `Tally`."""
    if direction == "out":
        names = ["outgoing"]
        if is_talk:
            names.append("connected")
        elif not is_answered:
            names.append(_OUT_ENDS.get(outcome, "no_answer"))
    elif is_answered:
        names = ["incoming", "answered"]
        names += ["quick"] if is_quick else []
        names += ["open", "open_answered"] if is_open else []
    elif is_short:
        return _GIVEN_UP
    else:
        names = ["incoming", "missed", "open" if is_open else "missed_off"]
    return tuple(_PLACE[name] for name in names)


@cache
def _key() -> bytes:
    return sha256(settings.SECRET_KEY.encode()).digest()


def _packed(numbers: set[int]) -> str:
    return b64encode(array("Q", sorted(numbers)).tobytes()).decode()


def _unpacked(text: str) -> set[int]:
    found = array("Q")
    found.frombytes(b64decode(text))
    return set(found)


def _of(groups: dict[Key, Counts], key: Key) -> Counts:
    found = groups.get(key)
    if found is None:
        found = groups[key] = _NOTHING.copy()
    return found


def _add(mine: Counts, theirs: Counts) -> None:
    for place, amount in enumerate(theirs):
        if amount:
            mine[place] += amount


def _count(lengths: Lengths, seconds: int) -> None:
    lengths[seconds] = lengths.get(seconds, 0) + 1


def _pour(mine: Lengths, theirs: Lengths) -> None:
    if not mine:
        mine.update(theirs)
        return
    for seconds, n in theirs.items():
        mine[seconds] = mine.get(seconds, 0) + n


def _numbered(of: dict[str, Value]) -> dict[int, Value]:
    # Half the time of a comprehension; a month's page reads a thousand of these.
    return dict(zip(map(int, of), of.values(), strict=True))
