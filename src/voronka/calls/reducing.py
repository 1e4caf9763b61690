"""One call out of all that was said of it: a pure function of a set, whatever the order.

What came late, twice or in disorder makes the same record. Talk is what the client and one of
our people shared: legs in one room, or in rooms that the exchange has joined, less the hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from voronka.calls.records import CallRecord, LegRecord
from voronka.calls.signals import KINDS, Signal
from voronka.calls.talking import Span, spans_in_rooms, spans_of_answers

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
SHORTEST_NUMBER = 5
"""Digits of a number of the outside world: what is shorter is one of the exchange's own."""


@dataclass(slots=True)
class Leg:
    """What is known of one leg while a call is being put together."""

    ref: str
    role: str
    began_at: float
    party: str = ""
    dialled: str = ""
    rang_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    cause: str = ""
    held: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """All signals of a call in their order, and its legs in the order of their beginning."""

    signals: list[Signal]
    legs: dict[str, Leg]
    summary: Signal | None
    is_closed: bool
    is_lost: bool

    @property
    def ended_at(self) -> float | None:
        """When the last leg ended, or the exchange said that nothing more will come."""
        if not self.is_over:
            return None
        ends = [leg.ended_at for leg in self.legs.values() if leg.ended_at is not None]
        said = [one.at for one in self.signals if one.kind in ("closed", "lost", "summary")]
        return max(ends) if ends and not self.is_lost else max([*ends, *said])

    @property
    def is_over(self) -> bool:
        """Nobody is on the line any more."""
        if self.is_closed or self.is_lost:
            return True
        return bool(self.legs) and all(leg.ended_at for leg in self.legs.values())


def reduce(signals: Iterable[Signal], *, answers_are_talk: bool = False) -> CallRecord | None:
    """Give the call that these signals tell of; None when they tell of no leg at all.

    `answers_are_talk`: the exchange tells of no rooms: whoever answers talks until the end.
    """
    told = _gathered(signals)
    if not told.legs:
        return None
    direction = _direction(told)
    persons, clients = _sides(told, direction)
    spans = _spans(told, persons, clients, answers_are_talk=answers_are_talk)
    talks = sorted((begin, ref) for ref, own in spans.items() for begin, _ in own)
    first_talk = talks[0][0] if talks else None
    started, ended = next(iter(told.legs.values())).began_at, told.ended_at
    rang = _rung_before(persons, first_talk) if direction == "in" else {}
    outcome = _outcome(told, direction, persons, clients, bool(talks))
    legs = tuple(
        _leg_record(leg, spans.get(ref, ()), bool(talks), made=direction == "out" and not at)
        for at, (ref, leg) in enumerate(persons.items())
    )
    ringing_since = _ringing_since(direction, rang, clients, started)
    until = first_talk or ended or max(one.at for one in told.signals)
    talk = sum(leg.talk_seconds for leg in legs)
    by_summary = told.summary.wait_seconds if told.summary else None
    return CallRecord(
        direction=direction,
        client=_client(told, direction, clients),
        line=_line(told, direction),
        started_at=started,
        ended_at=ended,
        state="ended" if told.is_over else "talking" if _is_talking(spans) else "ringing",
        outcome=outcome,
        answered_by=_first_person(direction, persons, talks),
        rang=tuple(rang),
        talked=tuple(dict.fromkeys(persons[ref].party for _, ref in talks)),
        answered_at=first_talk,
        talk_seconds=talk,
        wait_seconds=max(0.0, until - ringing_since) if by_summary is None else by_summary,
        menu_seconds=max(0.0, ringing_since - started) if direction == "in" else 0.0,
        hold_seconds=sum(leg.held_seconds for leg in legs),
        recordings=tuple(
            dict.fromkeys(one.name for one in told.signals if one.kind == "recording")
        ),
        is_closed=told.is_closed or told.is_lost,
        legs=legs,
    )


def _gathered(signals: Iterable[Signal]) -> Told:
    said = sorted(
        set(signals), key=lambda one: (one.at, one.order, _RANK[one.kind], one.leg, one.room)
    )
    told = Told(said, {}, None, False, False)
    for one in said:
        if one.kind == "began" and one.leg not in told.legs:
            told.legs[one.leg] = Leg(one.leg, one.role, one.at, one.party, one.dialled)
        elif one.kind == "summary":
            told.summary = one
    for one in said:
        told.is_closed |= one.kind == "closed"
        told.is_lost |= one.kind == "lost"
        if leg := told.legs.get(one.leg):
            _note(leg, one)
    # A call whose legs all ended in good order was not lost, whoever said so before.
    told.is_closed |= told.is_lost and all(leg.ended_at for leg in told.legs.values())
    told.is_lost &= not told.is_closed
    return told


def _note(leg: Leg, one: Signal) -> None:
    if one.kind == "answered" and leg.answered_at is None:
        leg.answered_at = one.at
    elif one.kind == "rang" and leg.rang_at is None:
        leg.rang_at = one.at
    elif one.kind == "ended":
        leg.ended_at = one.at if leg.ended_at is None else min(leg.ended_at, one.at)
        leg.cause = leg.cause or one.cause
    elif one.kind == "held":
        leg.held.append((one.at, float("inf")))
    elif one.kind == "resumed" and leg.held:
        leg.held[-1] = (leg.held[-1][0], min(leg.held[-1][1], one.at))
    elif one.kind == "began" and not leg.party:
        leg.party = one.party


def _direction(told: Told) -> str:
    said = [one.direction for one in told.signals if one.direction]
    if told.summary and told.summary.direction:
        return told.summary.direction
    if said:
        return said[0]
    roles = [leg.role for leg in told.legs.values() if leg.role != "between"]
    if roles[:1] == ["client"]:
        return "in"
    return "out" if "client" in roles else "internal"


def _sides(told: Told, direction: str) -> tuple[dict[str, Leg], dict[str, Leg]]:
    """Our people's legs and the client's. Of an inbound call only the first outer leg is the
    client's: a later one is somebody of ours who is rung outside, on a mobile.
    """
    persons = {ref: leg for ref, leg in told.legs.items() if leg.role == "person"}
    clients = {ref: leg for ref, leg in told.legs.items() if leg.role == "client"}
    if direction == "in":
        for ref in list(clients)[1:]:
            persons[ref] = clients.pop(ref)
            numbers = [one for one in told.signals if one.kind == "number" and one.leg == ref]
            persons[ref].party = persons[ref].party or "".join(
                one.party for one in sorted(numbers, key=lambda one: one.rank)[:1]
            )
    return persons, clients


def _spans(
    told: Told, persons: dict[str, Leg], clients: dict[str, Leg], *, answers_are_talk: bool
) -> dict[str, tuple[Span, ...]]:
    until = told.ended_at or max(one.at for one in told.signals)
    if answers_are_talk:
        found = spans_of_answers(
            {ref: (leg.answered_at, leg.ended_at) for ref, leg in persons.items()}, until
        )
    else:
        found = spans_in_rooms(told.signals, set(persons), set(clients), until)
    talks = {ref: _less_hold(own, persons[ref].held) for ref, own in found.items()}
    return _as_summed_up(talks, told, persons)


def _less_hold(own: list[Span], held: list[Span]) -> tuple[Span, ...]:
    for begin, end in held:
        own = [
            part
            for span in own
            for part in ((span[0], min(span[1], begin)), (max(span[0], end), span[1]))
            if part[1] > part[0]
        ]
    return tuple(own)


def _as_summed_up(
    spans: dict[str, tuple[Span, ...]], told: Told, persons: dict[str, Leg]
) -> dict[str, tuple[Span, ...]]:
    """What the exchange says at the end is truer than what was seen on the way."""
    said = told.summary
    if said is None or said.talk_seconds is None:
        return spans
    if said.talk_seconds == 0:
        return {}
    talkers = [ref for ref, own in spans.items() if own]
    if len(talkers) > 1:
        return spans
    named = [ref for ref, leg in persons.items() if said.party and leg.party == said.party]
    ref = (talkers or named or list(persons))[:1]
    if not ref:
        return spans
    own = spans.get(ref[0], ())
    begin = own[0][0] if own else (told.ended_at or said.at) - said.talk_seconds
    return {ref[0]: ((begin, begin + said.talk_seconds),)}


def _rung_before(persons: dict[str, Leg], first_talk: float | None) -> dict[str, float]:
    rung: dict[str, float] = {}
    for leg in persons.values():
        if first_talk is None or leg.began_at <= first_talk:
            rung.setdefault(leg.party, leg.rang_at or leg.began_at)
    return rung


def _outcome(
    told: Told,
    direction: str,
    persons: dict[str, Leg],
    clients: dict[str, Leg],
    has_talk: bool,
) -> str:
    if has_talk:
        return "answered"
    if not told.is_over:
        return ""
    if told.is_lost:
        return "lost"
    if direction == "in":
        declined = [leg.cause == "rejected" or leg.cause == "busy" for leg in persons.values()]
        return "busy" if declined and all(declined) else "missed"
    if told.summary and told.summary.outcome:
        return told.summary.outcome
    causes = {leg.cause for leg in clients.values()}
    if causes & {"busy", "rejected"}:
        return "busy"
    return "failed" if causes and causes <= {"unreachable"} else "no_answer"


def _leg_record(leg: Leg, spans: tuple[Span, ...], has_talk: bool, *, made: bool) -> LegRecord:
    outcome = leg.cause if leg.cause in ("rejected", "unreachable") else ""
    if spans:
        outcome = "talked"
    elif made:
        outcome = "made"
    elif leg.cause == "busy":
        outcome = "rejected"
    elif not outcome and leg.ended_at is not None:
        outcome = "not_first" if has_talk else "missed"
    return LegRecord(
        ref=leg.ref,
        extension=leg.party,
        began_at=leg.rang_at or leg.began_at,
        answered_at=spans[0][0] if spans else None,
        ended_at=leg.ended_at,
        outcome=outcome,
        spans=spans,
        held_seconds=sum(
            min(end, leg.ended_at or end) - begin
            for begin, end in leg.held
            if end != float("inf") or leg.ended_at
        ),
        is_rung=not made,
    )


def _ringing_since(
    direction: str, rang: dict[str, float], clients: dict[str, Leg], started: float
) -> float:
    if direction == "in":
        return min(rang.values(), default=started)
    return min((leg.began_at for leg in clients.values()), default=started)


def _is_talking(spans: dict[str, tuple[Span, ...]]) -> bool:
    return any(own for own in spans.values())


def _first_person(
    direction: str, persons: dict[str, Leg], talks: list[tuple[float, str]]
) -> str:
    if direction == "in":
        return persons[talks[0][1]].party if talks else ""
    return next((leg.party for leg in persons.values()), "")


def _client(told: Told, direction: str, clients: dict[str, Leg]) -> str:
    parties = [leg.party for leg in clients.values() if _is_outer(leg.party)]
    if direction == "in" and parties:
        return parties[0]
    numbers = sorted(
        (one for one in told.signals if one.kind == "number" and _is_outer(one.party)),
        key=lambda one: (one.rank, one.at, one.order),
    )
    dialled = [leg.dialled for leg in told.legs.values() if _is_outer(leg.dialled)]
    found = [
        *parties,
        *(one.party for one in numbers),
        *(dialled if direction == "out" else ()),
    ]
    return found[0] if found else ""


def _is_outer(number: str) -> bool:
    return sum(sign.isdigit() for sign in number) >= SHORTEST_NUMBER


def _line(told: Told, direction: str) -> str:
    lines = [one.party for one in told.signals if one.kind == "line" and one.party]
    if lines:
        return lines[0]
    first = next(iter(told.legs.values()))
    return first.dialled if direction == "in" else ""
