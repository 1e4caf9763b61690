"""The figures of any set of calls, in a form that adds up: days to weeks, people to a team.

Pure. Lengths of talks and waits are kept as "how many of so many seconds", so that medians of
many days are exact. What people hung up before anybody could answer is counted apart (C10).
"""

import json
from dataclasses import astuple, dataclass, field, fields
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", int, str)
Value = TypeVar("Value")
LONG_SECONDS = 600
BROKEN_OFF = ("failed", "lost")
"""Ends that no caller chose: such a call is missed however short it was."""


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
    """The figures of a set of calls; key 0: without a person, stage or source; "" a line."""

    whole: Counts = field(default_factory=_NOTHING.copy)
    hours: dict[int, Counts] = field(default_factory=dict)
    people: dict[int, Counts] = field(default_factory=dict)
    sources: dict[int, Counts] = field(default_factory=dict)
    lines: dict[str, Counts] = field(default_factory=dict)
    stages: dict[int, Lengths] = field(default_factory=dict)
    talks_in: Lengths = field(default_factory=dict)
    talks_out: Lengths = field(default_factory=dict)
    waits: Lengths = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        """Everything together."""
        return Tally(*self.whole)

    def add(self, call: Told, norms: Norms) -> None:
        """Count one call more."""
        marks = _marks(call, norms)
        groups = [
            self.whole,
            _of(self.hours, call.hour),
            _of(self.people, call.manager_id or 0),
            _of(self.sources, call.source_id or 0),
            _of(self.lines, call.line),
        ]
        for place, amount in marks:
            for group in groups:
                group[place] += amount
        if marks[0][0] == _GIVEN_UP:
            return
        talk = call.talk_seconds
        _count(self.stages.setdefault(call.stage_id or 0, {}), talk)
        if talk:
            _count(self.talks_in if call.direction == "in" else self.talks_out, talk)
        if call.direction == "in" and call.is_answered:
            _count(self.waits, call.wait_seconds)

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

    def to_text(self) -> str:
        """Write it down; `from_text` gives the same again."""
        return json.dumps(
            [
                self.whole, self.hours, self.people, self.sources, self.lines, self.stages,
                self.talks_in, self.talks_out, self.waits,
            ],
            separators=(",", ":"),
        )  # fmt: skip


def from_text(text: str) -> Sums:
    """Read what `to_text` wrote."""
    whole, hours, people, sources, lines, stages, *lengths = json.loads(text)
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
    )


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


_GIVEN_UP = _PLACE["given_up"]
_IN_ANSWERED = [(_PLACE["incoming"], 1), (_PLACE["answered"], 1)]
_IN_MISSED = [(_PLACE["incoming"], 1), (_PLACE["missed"], 1)]
_OUT_ENDS = {"busy": "busy", "failed": "failed", "lost": "failed"}


def _marks(call: Told, norms: Norms) -> list[tuple[int, int]]:
    """Name what this call adds to, by places of `Tally`."""
    if call.direction == "out":
        return _marks_out(call, norms)
    if call.is_answered:
        marks = _IN_ANSWERED.copy()
        if call.wait_seconds <= norms.quick:
            marks.append((_PLACE["quick"], 1))
        if call.is_open:
            marks += [(_PLACE["open"], 1), (_PLACE["open_answered"], 1)]
        return marks + _talk(call)
    if call.wait_seconds < norms.short and call.outcome not in BROKEN_OFF:
        return [(_GIVEN_UP, 1)]
    return [*_IN_MISSED, (_PLACE["open" if call.is_open else "missed_off"], 1)]


def _marks_out(call: Told, norms: Norms) -> list[tuple[int, int]]:
    marks = [(_PLACE["outgoing"], 1)]
    if call.talk_seconds >= max(1, norms.talk):
        marks.append((_PLACE["connected"], 1))
    elif not call.is_answered:
        marks.append((_PLACE[_OUT_ENDS.get(call.outcome, "no_answer")], 1))
    return marks + _talk(call)


def _talk(call: Told) -> list[tuple[int, int]]:
    if not call.talk_seconds:
        return []
    return [(_PLACE["talked"], 1), (_PLACE["talk_seconds"], call.talk_seconds)]


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
    for seconds, n in theirs.items():
        mine[seconds] = mine.get(seconds, 0) + n


def _numbered(of: dict[str, Value]) -> dict[int, Value]:
    return {int(key): value for key, value in of.items()}
