"""The stages of a sale: what every won case went through, in the order they all kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product
from operator import itemgetter

from voronka.discovery.log import Burst, Log
from voronka.discovery.outcomes import Ends

LEAST_MAIN, NO_GAP, LEAST_OPTIONAL = 0.4, 0.8, 0.1
REPEATS, SURELY_REPEATS, TOGETHER, OUT_OF_ORDER, IN_ORDER = 0.5, 0.65, 0.8, 0.02, 0.98
FEWEST_WON = 10
Order = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Activities that make one stage, by code. `kind`: main, optional or parallel."""

    activities: tuple[int, ...]
    kind: str
    support: float


@dataclass(frozen=True, slots=True)
class Found:
    """Stages in their order, and activities that are work inside stages."""

    stages: tuple[Stage, ...]
    work: frozenset[int]

    @property
    def row(self) -> list[Stage]:
        """The stages that follow each other."""
        return [stage for stage in self.stages if stage.kind == "main"]


@dataclass(slots=True)
class Profile:
    """Cases whose activities began in the same order; `repeats`: cases that did one twice.

    What the order tells is worked out once, also for the parts `some` takes of the cases.
    """

    outcome: str
    order: Order
    n: int
    repeats: dict[int, int]
    places: dict[int, int] = field(default_factory=dict)
    sides: dict[tuple[int, ...], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note at which step of the order each activity began."""
        if not self.places:
            self.places = {code: n for n, step in enumerate(self.order) for code in step}

    def some(self, n: int) -> "Profile":
        """Give `n` of the cases."""
        share = n / self.n
        repeats = {code: round(k * share) for code, k in self.repeats.items()}
        return Profile(self.outcome, self.order, n, repeats, self.places, self.sides)

    def sides_of(self, codes: tuple[int, ...]) -> list[int]:
        """Tell of each pair of codes that are here 3 * its number, + 0 where the first began
        first, + 1 where both at once, + 2 where the second did.
        """
        found = self.sides.get(codes)
        if found is None:
            at = [self.places.get(code, -1) for code in codes]
            found = self.sides[codes] = [
                3 * n + (one > two) - (one < two) + 1
                for n, (one, two) in enumerate(combinations(at, 2))
                if one >= 0 and two >= 0
            ]
        return found


def profiles_of(log: Log) -> list[Profile]:
    """Count the cases by outcome and by the order in which their activities began."""
    usual = _usual(log)
    parts: list[tuple[int, ...]] = []
    number: dict[Burst, int] = {}
    for burst in log.bursts:
        number[burst] = len(parts)
        parts.append(tuple(sorted(usual & set(burst))))
    groups: Counter[tuple[str, tuple[int, ...], frozenset[int]]] = Counter()
    for trace in log.traces:
        entered = tuple(dict.fromkeys([number[burst] for burst in trace.bursts]))
        groups[trace.outcome, entered, trace.again] += trace.n
    found: dict[tuple[str, Order], Profile] = {}
    for (outcome, entered, again), n in groups.items():
        key = (outcome, _firsts([parts[k] for k in entered]))
        profile = found.get(key)
        if profile is None:
            profile = found[key] = Profile(*key, 0, {})
        profile.n += n
        _add(profile.repeats, dict.fromkeys(again & usual, n))
    return list(found.values())


def _add(counts: dict[int, int], more: Mapping[int, int]) -> None:
    for code, n in more.items():
        counts[code] = counts.get(code, 0) + n


def _firsts(entered: Iterable[tuple[int, ...]]) -> Order:
    """Keep each activity where it stands first."""
    seen: set[int] = set()
    order: list[tuple[int, ...]] = []
    for part in entered:
        if new := tuple([code for code in part if code not in seen]):
            order.append(new)
            seen.update(new)
    return tuple(order)


def _usual(log: Log) -> frozenset[int]:
    """The activities of at least one case in a hundred, at most sixty of them."""
    cases: Counter[int] = Counter()
    for there, n in log.sets.items():
        for code in there:
            cases[code] += n
    least = max(2, 0.01 * log.cases)
    often = [code for code, n in cases.most_common(60) if n >= least]
    return frozenset(often)


def find_stages(
    profiles: Sequence[Profile],
    ends: Ends,
    *,
    long_acts: frozenset[int] = frozenset(),
    names: Sequence[str] = (),
) -> Found:
    """Find the stages of the cases given; none where there are too few won cases."""
    base = _base(profiles)
    n = sum(profile.n for profile in base)
    if n < FEWEST_WON:
        return Found((), frozenset())
    support, repeats = _support(base)
    work = frozenset(
        code
        for code in support
        if code not in ends.won
        and (repeats[code] >= REPEATS * support[code] or code in long_acts)
    )
    shares = {code: k / n for code, k in support.items() if code not in work}
    cut = _cut(sorted((shares[code] for code in shares), reverse=True))
    main = [code for code in shares if shares[code] >= cut and code not in ends.lost]
    if ends.won:
        main = [code for code in main if code not in ends.won]
    before = _before(base, [*main, *ends.won])
    joined = _joined(base, main)
    groups = [(group, _share(base, group, n)) for group in joined]
    everybody = _before(profiles, [*main, *ends.won])
    row = _longest_row(groups, everybody, before, shares)
    row = _all_in_order(profiles, row, ends.won)
    stages = [Stage(_sorted(group, names), "main", share) for group, share in row]
    beside = [group for group, share in groups if (group, share) not in row]
    if ends.won:
        stages.append(Stage(_sorted(ends.won, names), "main", 1.0))
    others = [(group, "parallel") for group in beside]
    others += [((code,), "optional") for code in _options(shares, cut, ends)]
    for group, kind in others:
        stage = Stage(_sorted(group, names), kind, _share(base, group, n))
        _put_between(stages, stage, base)
    return Found(tuple(stages), work)


def sure_work(profiles: Sequence[Profile], long_acts: frozenset[int]) -> frozenset[int]:
    """Tell what is work beyond doubt: half of a sample would not say otherwise."""
    support, repeats = _support(_base(profiles))
    often = {code for code, n in support.items() if repeats[code] >= SURELY_REPEATS * n}
    return frozenset(often | long_acts)


def without(profiles: Sequence[Profile], codes: frozenset[int]) -> list[Profile]:
    """Count the profiles together that differ by these activities alone."""
    found: dict[tuple[str, Order], Profile] = {}
    for profile in profiles:
        steps = (tuple(code for code in step if code not in codes) for step in profile.order)
        key = (profile.outcome, tuple(step for step in steps if step))
        there = found.get(key)
        if there is None:
            there = found[key] = Profile(*key, 0, {})
        there.n += profile.n
        _add(there.repeats, profile.repeats)
    return list(found.values())


def _base(profiles: Sequence[Profile]) -> list[Profile]:
    """The won cases; where nothing was won, all that were not lost."""
    won = [profile for profile in profiles if profile.outcome == "won"]
    return won or [profile for profile in profiles if profile.outcome != "lost"]


def _support(base: Iterable[Profile]) -> tuple[Counter[int], Counter[int]]:
    support: Counter[int] = Counter()
    repeats: Counter[int] = Counter()
    for profile in base:
        _add(repeats, profile.repeats)
        for group in profile.order:
            for code in group:
                support[code] += profile.n
    return support, repeats


def _cut(shares: list[float]) -> float:
    """Give the support from which an activity is a milestone: above the widest gap."""
    gaps = [(high - low, low) for high, low in pairwise([*shares, 0.0]) if high >= LEAST_MAIN]
    if not gaps:
        return NO_GAP
    width, low = max(gaps)
    return max(LEAST_MAIN, low + width / 2) if width >= 0.1 else NO_GAP


Pairs = Mapping[tuple[int, int], tuple[int, int, int]]


def _before(base: Iterable[Profile], codes: Sequence[int]) -> Pairs:
    """For each pair (a, b): cases where a began first, where both at once, where b did."""
    known = tuple(codes)
    pairs = list(combinations(known, 2))
    counts = [0] * (3 * len(pairs))
    for profile in base:
        n = profile.n
        for side in profile.sides_of(known):
            counts[side] += n
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for k, (one, two) in enumerate(pairs):
        first, same, last = counts[3 * k : 3 * k + 3]
        found[one, two], found[two, one] = (first, same, last), (last, same, first)
    return found


def _joined(base: Sequence[Profile], main: Sequence[int]) -> list[tuple[int, ...]]:
    """Join what begins in the same burst in four won cases of five."""
    pairs = _before(base, main)
    leader = {code: code for code in main}

    def top(code: int) -> int:
        while leader[code] != code:
            code = leader[code]
        return code

    for one, two in combinations(main, 2):
        first, same, last = pairs[one, two]
        if same >= TOGETHER * (first + same + last) > 0:
            leader[top(one)] = top(two)
    groups: dict[int, list[int]] = {}
    for code in main:
        groups.setdefault(top(code), []).append(code)
    return [tuple(sorted(group)) for group in groups.values()]


def _share(base: Sequence[Profile], group: Iterable[int], n: int) -> float:
    codes = set(group)
    return sum(p.n for p in base if not codes.isdisjoint(p.places)) / n


def _longest_row(
    groups: list[tuple[tuple[int, ...], float]],
    everybody: Pairs,
    before: Pairs,
    shares: Mapping[int, float],
) -> list[tuple[tuple[int, ...], float]]:
    """Give the heaviest row of groups that all cases enter in that order.

    What keeps no order with the row goes beside it: a check beside an approval.
    """
    ordered = _by_order(groups, before, shares)
    best: list[tuple[float, list[int]]] = []
    for n, (group, share) in enumerate(ordered):
        tails = [
            tail
            for tail in best
            if all(_follows(ordered[k][0], group, everybody) for k in tail[1])
        ]
        weight, row = max(tails, key=itemgetter(0), default=(0.0, []))
        best.append((weight + share + 0.001 * len(group), [*row, n]))
    chosen = max(best, key=itemgetter(0), default=(0.0, []))[1]
    return [ordered[n] for n in chosen]


def _all_in_order(
    profiles: Sequence[Profile],
    row: list[tuple[tuple[int, ...], float]],
    won: frozenset[int],
) -> list[tuple[tuple[int, ...], float]]:
    """Take groups out of the row until nearly all cases enter the whole of it in order."""
    whole = sum(profile.n for profile in profiles)
    while len(row) > 1:
        if _in_order(profiles, [set(group) for group, _ in row], won) >= IN_ORDER * whole:
            break
        fewer = [row[:n] + row[n + 1 :] for n in range(len(row))]
        row = max(
            fewer, key=lambda one: _in_order(profiles, [set(group) for group, _ in one], won)
        )
    return row


def _in_order(profiles: Sequence[Profile], row: Sequence[set[int]], won: frozenset[int]) -> int:
    """Count the cases that enter these groups, and are won, in their order."""
    n = 0
    steps = [*row, set(won)]
    for profile in profiles:
        places = profile.places
        began = [[places[code] for code in step if code in places] for step in steps]
        entered = [min(those) for those in began if those]
        if entered == sorted(entered):
            n += profile.n
    return n


def _follows(one: tuple[int, ...], two: tuple[int, ...], pairs: Pairs) -> bool:
    """Say whether hardly any case begins `two` before `one`."""
    for a, b in product(one, two):
        first, same, last = pairs[a, b]
        if last > OUT_OF_ORDER * (first + same + last) or first <= last:
            return False
    return True


def _by_order(
    groups: list[tuple[tuple[int, ...], float]], before: Pairs, shares: Mapping[int, float]
) -> list[tuple[tuple[int, ...], float]]:
    """Sort groups by Copeland's score: of how many others they begin before."""

    def rank(one: tuple[tuple[int, ...], float]) -> tuple[float, float, tuple[int, ...]]:
        group = one[0]
        score = 0
        others = [code for other, _ in groups if other != group for code in other]
        for a, b in product(group, others):
            first, _, last = before[a, b]
            score += (first > last) - (first < last)
        return (-score / len(group), -max(shares[code] for code in group), group)

    return sorted(groups, key=rank)


def _options(shares: Mapping[int, float], cut: float, ends: Ends) -> list[int]:
    """Activities of some won cases, that are neither an end nor work."""
    known = ends.won | ends.lost
    return [c for c in shares if LEAST_OPTIONAL <= shares[c] < cut and c not in known]


def _put_between(stages: list[Stage], stage: Stage, base: Sequence[Profile]) -> None:
    """Put a stage where most cases have it, without moving the row."""
    row = [n for n, one in enumerate(stages) if one.kind == "main"]
    codes = set(stage.activities)
    earlier, later = [0] * len(row), [0] * len(row)
    for profile in base:
        places = profile.places
        mine = min([places[code] for code in codes if code in places], default=None)
        if mine is None:
            continue
        for k, n in enumerate(row):
            theirs = [places[code] for code in stages[n].activities if code in places]
            if theirs:
                side = earlier if min(theirs) < mine else later
                side[k] += profile.n
    scores = [sum(earlier[:place]) + sum(later[place:]) for place in range(len(row) + 1)]
    best = max(range(len(scores)), key=lambda place: (scores[place], place))
    stages.insert(row[best] if best < len(row) else len(stages), stage)


def _sorted(codes: Iterable[int], names: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted(codes, key=lambda code: names[code] if names else str(code)))
