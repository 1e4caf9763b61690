"""How sales run, as nested blocks: sequence, choice, parallel, loop and optional parts.

The blocks accept the courses that are usual, each with every order of its parallel parts.
Rare courses are left out: a model that allows everything tells nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from voronka.discovery.log import Log

USUAL, RARE, COVERED = 0.05, 0.002, 0.98
MIXED = 0.1
MOST_TRANSITIONS = 60
MOST_LABELS = 20
LONGEST_ROUND = 4
Word = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the model. `kind`: activity, sequence, choice, parallel, loop, nothing."""

    kind: str
    parts: "tuple[Block, ...]" = ()
    code: int = -1

    def to_json(self, names: Sequence[str]) -> Any:
        """Give the block as plain values; `nothing` inside a choice makes it optional."""
        if self.kind == "activity":
            return names[self.code]
        if self.kind == "choice" and any(part.kind == "nothing" for part in self.parts):
            others = tuple(part for part in self.parts if part.kind != "nothing")
            inner = others[0] if len(others) == 1 else Block("choice", others)
            return {"optional": inner.to_json(names)}
        if self.kind == "loop":
            return {"loop": self.parts[0].to_json(names)}
        return {self.kind: [part.to_json(names) for part in self.parts]}

    def transitions(self) -> int:
        """Count the transitions of its net, silent ones included."""
        own = {"activity": 1, "nothing": 1, "loop": 3, "parallel": 2}.get(self.kind, 0)
        return own + sum(part.transitions() for part in self.parts)


NOTHING = Block("nothing")


def find_model(log: Log, *, work: frozenset[int]) -> Block:
    """Find the blocks that most cases run through; `nothing` for an empty log."""
    labels = _labels(log, work)
    kept = {burst: [code for code in burst if code in labels] for burst in log.bursts}
    words: Counter[tuple[int, ...]] = Counter()
    for trace in log.traces:
        words[tuple(chain.from_iterable([kept[b] for b in trace.bursts]))] += trace.n
    words.pop((), None)
    if not words:
        return NOTHING
    lanes = _lanes(words)
    courses: Counter[Word] = Counter()
    for word, n in words.items():
        courses[_rounded(_tokens(word, lanes))] += n
    return _best(courses)


def _labels(log: Log, work: frozenset[int]) -> frozenset[int]:
    cases: Counter[int] = Counter()
    for there, n in log.sets.items():
        for code in there:
            cases[code] += n
    usual = [code for code, n in cases.most_common() if n >= USUAL * log.cases]
    return frozenset([code for code in usual if code not in work][:MOST_LABELS])


def _lanes(words: Counter[tuple[int, ...]]) -> dict[int, tuple[int, int]]:
    """Give each activity that runs beside others its group and its lane in it."""
    orders: Counter[tuple[int, ...]] = Counter()
    for word, n in words.items():
        orders[tuple(dict.fromkeys(word))] += n
    first: Counter[tuple[int, int]] = Counter()
    for order, n in orders.items():
        for pair in combinations(order, 2):
            first[pair] += n
    codes = sorted({code for order in orders for code in order})
    mixed = {
        (a, b)
        for a, b in combinations(codes, 2)
        if min(first[a, b], first[b, a]) >= max(1, MIXED * (first[a, b] + first[b, a]))
    }
    beside = mixed | {(b, a) for a, b in mixed}
    placed: dict[int, tuple[int, int]] = {}
    for group, members in enumerate(_components(codes, beside)):
        if len(members) > 1:
            apart = {
                (a, b) for a in members for b in members if a != b and (a, b) not in beside
            }
            for lane, own in enumerate(_components(members, apart)):
                placed.update(dict.fromkeys(own, (group, lane)))
    return placed


def _components(codes: Iterable[int], edges: set[tuple[int, int]]) -> list[list[int]]:
    left, found = list(codes), []
    while left:
        part, queue = [], [left[0]]
        while queue:
            code = queue.pop()
            if code not in left:
                continue
            left.remove(code)
            part.append(code)
            queue += [other for other in left if (code, other) in edges]
        found.append(sorted(part))
    return found


def _tokens(word: Sequence[int], lanes: dict[int, tuple[int, int]]) -> Word:
    """Write a run of activities that have no fixed order as one parallel token."""
    found: list[Any] = []
    run: dict[int, list[int]] = {}
    group = -1

    def close() -> None:
        if len(run) > 1:
            found.append(tuple(sorted(tuple(part) for part in run.values())))
        else:
            found.extend(code for part in run.values() for code in part)
        run.clear()

    for code in word:
        its, lane = lanes.get(code, (-1, 0))
        if its != group or its < 0 or code in run.get(lane, ()):
            close()
        group = its
        if its < 0:
            found.append(code)
        else:
            run.setdefault(lane, []).append(code)
    close()
    return tuple(found)


def _rounded(word: Word) -> Word:
    """Write what is done again at once, up to four steps long, as a round: ("again", steps)."""
    done: list[Any] = list(word)
    for size in range(1, LONGEST_ROUND + 1):
        place = 0
        while place + 2 * size <= len(done):
            part = done[place : place + size]
            if done[place + size : place + 2 * size] != part:
                place += 1
                continue
            end = place + size
            while done[end : end + size] == part:
                end += size
            done[place:end] = [("again", tuple(part))]
            place += 1
    return tuple(done)


def _best(courses: Counter[Word]) -> Block:
    whole = sum(courses.values())
    chosen: list[Word] = []
    covered, block = 0, NOTHING
    ordered = sorted(courses.items(), key=lambda one: (-one[1], str(one[0])))
    for word, n in ordered:
        if chosen and (n < RARE * whole or covered >= COVERED * whole):
            break
        tried = factored([*chosen, word])
        if chosen and tried.transitions() > MOST_TRANSITIONS:
            continue
        chosen.append(word)
        covered, block = covered + n, tried
    return block


def factored(words: Sequence[Word]) -> Block:
    """Write a set of courses with their common beginnings and ends only once."""
    words = list(dict.fromkeys(words))
    if len(words) == 1:
        return _sequence([_token(token) for token in words[0]])
    start = _common(words)
    rest = [word[start:] for word in words]
    end = _common([word[::-1] for word in rest])
    middle = [word[: len(word) - end] for word in rest]
    parts = [_token(token) for token in words[0][:start]]
    tail = [_token(token) for token in rest[0][len(rest[0]) - end :]] if end else []
    return _sequence([*parts, _choice(middle), *tail])


def _choice(words: Sequence[Word]) -> Block:
    by_start = _grouped(words, 0)
    by_end = _grouped(words, -1)
    options = [tuple(factored(group) for group in groups) for groups in (by_start, by_end)]
    best = min(options, key=lambda blocks: sum(block.transitions() for block in blocks))
    # Once or again holds once: the round alone says both.
    best = tuple(one for one in best if Block("loop", (one,)) not in best)
    if any(not word for word in words):
        best = (*best, NOTHING)
    return best[0] if len(best) == 1 else Block("choice", best)


def _grouped(words: Sequence[Word], place: int) -> list[list[Word]]:
    groups: dict[Any, list[Word]] = {}
    for word in words:
        if word:
            groups.setdefault(word[place], []).append(word)
    return list(groups.values())


def _common(words: Sequence[Word]) -> int:
    n = 0
    shortest = min(len(word) for word in words)
    while n < shortest and len({word[n] for word in words}) == 1:
        n += 1
    return n


def _sequence(parts: Sequence[Block]) -> Block:
    flat: list[Block] = []
    for part in parts:
        flat += part.parts if part.kind == "sequence" else [part]
    flat = [part for part in flat if part.kind != "nothing"] or [NOTHING]
    return flat[0] if len(flat) == 1 else Block("sequence", tuple(flat))


def _token(token: Any) -> Block:
    if isinstance(token, int):
        return Block("activity", code=token)
    if token[0] == "again":
        return Block("loop", (_sequence([_token(one) for one in token[1]]),))
    lanes = [_sequence([Block("activity", code=code) for code in lane]) for lane in token]
    return Block("parallel", tuple(lanes))
