"""Who heard the client, and when: rooms of an exchange, or answered telephones."""

from collections.abc import Iterator, Mapping, Sequence

from voronka.calls.signals import Signal

Span = tuple[float, float]
SEAM_SECONDS = 0.05
"""A shorter gap is the exchange putting the line together anew, not a pause."""


def spans_in_rooms(
    signals: Sequence[Signal], persons: set[str], clients: set[str], until: float
) -> dict[str, list[Span]]:
    """Give for each person's leg when it shared a room with a client's.

    `signals` in order. The two ends of a local line stand in two rooms and join them.
    """
    ends = _ends_of_lines(signals)
    where: dict[str, str] = {}
    since: dict[str, float] = {}
    found: dict[str, list[Span]] = {}
    for one in signals:
        if not _moves(one, where):
            continue
        heard = _heard(where, ends, persons, clients)
        for ref in [ref for ref in since if ref not in heard]:
            _add(found.setdefault(ref, []), since.pop(ref), one.at)
        for ref in heard:
            since.setdefault(ref, one.at)
    for ref, begin in since.items():
        _add(found.setdefault(ref, []), begin, max(begin, until), is_open=True)
    return found


def spans_of_answers(
    legs: Mapping[str, tuple[float | None, float | None]], until: float
) -> dict[str, list[Span]]:
    """Give for each leg its talk where an exchange tells only of answers and ends."""
    found = {}
    for ref, (answered_at, ended_at) in legs.items():
        if answered_at is not None:
            found[ref] = [(answered_at, max(answered_at, ended_at or until))]
    return found


def _moves(one: Signal, where: dict[str, str]) -> bool:
    if one.kind == "joined":
        where[one.leg] = one.room
        return True
    if one.kind == "left" and where.get(one.leg) == one.room:
        del where[one.leg]
        return True
    return one.kind == "ended" and where.pop(one.leg, None) is not None


def _ends_of_lines(signals: Sequence[Signal]) -> list[tuple[str, str]]:
    """Pair the legs of local lines, which bear one name but for the last sign."""
    first: dict[str, str] = {}
    pairs = []
    for one in signals:
        if one.kind == "began" and one.role == "between" and one.name[-2:] in (";1", ";2"):
            line = one.name[:-2]
            if first.setdefault(line, one.leg) != one.leg:
                pairs.append((first[line], one.leg))
    return pairs


def _heard(
    where: Mapping[str, str],
    ends: Sequence[tuple[str, str]],
    persons: set[str],
    clients: set[str],
) -> set[str]:
    rooms = {where[ref] for ref in clients if ref in where}
    while more := set(_next_rooms(rooms, where, ends)):
        rooms |= more
    return {ref for ref in persons if where.get(ref) in rooms}


def _next_rooms(
    rooms: set[str], where: Mapping[str, str], ends: Sequence[tuple[str, str]]
) -> Iterator[str]:
    for one, other in ends:
        here, there = where.get(one), where.get(other)
        if here and there and (here in rooms) != (there in rooms):
            yield there if here in rooms else here


def _add(spans: list[Span], begin: float, end: float, *, is_open: bool = False) -> None:
    if spans and begin - spans[-1][1] < SEAM_SECONDS:
        spans[-1] = (spans[-1][0], end)
    elif end > begin or is_open:
        spans.append((begin, end))
