"""A rehearsal of rules on past inquiries: who would have had what, and what to expect of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from voronka.inquiries.decisions import barred_told, scored_told
from voronka.inquiries.rehearsal.past import Past, PastInquiry, read_past
from voronka.inquiries.rehearsal.replaying import Given, replay
from voronka.inquiries.routed import RoutedRow
from voronka.inquiries.rule_list import RuleRow, rule_list
from voronka.routing.expecting import Expected, Wins, expected_from

SHOWN = 12
LEAST = 0.05
"""Wins: a smaller end of an interval is written as nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody has: inquiries, those of them with a deal, wins to expect of these."""

    n: int
    deals: int
    wins: Wins


@dataclass(frozen=True, slots=True)
class Way:
    """One way to give the inquiries out: "real", "rules" (those in force) or "draft".

    `by_rules`: how many each rule gave, by its id; `own`: to the client's manager or who stands
    in; `nobody`: none could take it; `later`: nobody was on shift, so it would have waited for
    one to begin. For "real" only shares and wins are known.
    """

    name: str
    shares: dict[int, Share]
    wins: Wins
    by_rules: dict[int, int] = field(default_factory=dict)
    own: int = 0
    nobody: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """One way against another: how many go elsewhere, the wins gained; `enough`: by how much
    the gain is more than chance, "more", "less", or "" for too little data.
    """

    way: str
    against: str
    elsewhere: int
    gain: Wins
    enough: str


@dataclass(frozen=True, slots=True)
class Example:
    """An inquiry that would go elsewhere: who had it, who would get it by which way, and why.
    Ids are 0 for nobody. `came_before`: the client is theirs by the rehearsal alone, which
    gave them an earlier inquiry.
    """

    inquiry: PastInquiry
    by_way: dict[str, int]
    why: RoutedRow
    came_before: bool


@dataclass(frozen=True, slots=True)
class Check:
    """How well it is guessed: wins to expect of the deals that ended, and those there were."""

    deals: int
    expected: float
    won: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole of it. `ways` in the order real, rules, draft; `differences`: the tried one
    against the one before first; `people`: whoever has anything, the most at last first;
    `outcomes`: what the guess stands on, by person.
    """

    since: datetime
    until: datetime
    n: int
    left_out: int
    deals: int
    ways: list[Way]
    differences: list[Difference]
    people: list[int]
    outcomes: dict[int, int]
    check: Check
    examples: list[Example]

    @property
    def tried(self) -> Way:
        """The way that is tried: the draft, else the rules in force."""
        return self.ways[-1]

    @property
    def before(self) -> Way:
        """What it is tried against: the rules in force for a draft, else what really was."""
        return self.ways[-2]


def rehearse(
    *, until: datetime, days: int, draft: Sequence[RuleRow] | None = None
) -> Rehearsal:
    """Replay the inquiries of so many days before a moment by the rules in force, and by a
    draft of them. Writes nothing; five queries, about a second of one core for two thousand
    inquiries and a list, and never more than `past.MOST` inquiries.
    """
    past = read_past(since=until - timedelta(days=days), until=until)
    # The router learns from each inquiry of a deal; a win is expected once.
    once = {one.deal_id: one.outcome for one in reversed(past.ended)}
    known = expected_from([*once.values()], past.factors)
    lists = {"rules": rule_list().rows} | ({"draft": draft} if draft is not None else {})
    replayed = replay(past, lists)
    whose = {"real": [one.person_id for one in past.inquiries]}
    whose |= {name: [one.person_id for one in made] for name, made in replayed.items()}
    ways = [_way(name, whose[name], past, known, replayed.get(name, [])) for name in whose]
    pairs = [*combinations(whose, 2)][::-1]
    people = {pk for way in ways for pk in way.shares}
    return Rehearsal(
        past.since,
        past.until,
        len(past.inquiries),
        past.left_out,
        sum(one.deal_id is not None for one in past.inquiries),
        ways,
        [_difference(way, other, whose, past, known) for other, way in pairs],
        sorted(people, key=lambda pk: (not pk, -_n(ways[-1], pk), pk)),
        known.outcomes,
        _checked(past, known),
        _examples(past, whose, replayed),
    )


def _n(way: Way, person_id: int) -> int:
    share = way.shares.get(person_id)
    return share.n if share else 0


def _way(
    name: str, whose: Sequence[int], past: Past, known: Expected, made: Sequence[Given]
) -> Way:
    shares = {}
    for person_id in {*whose}:
        mine = [pk if pk == person_id else None for pk in whose]
        counts = _counts(mine, past, known)
        deals = int(sum(counts.values()))
        n = sum(pk is not None for pk in mine)
        shares[person_id] = Share(n, deals, known.wins(counts))
    hows = Counter(one.made.how for one in made)
    by_rules = Counter(one.made.rule_id for one in made if one.made.way)
    return Way(
        name,
        shares,
        known.wins(_counts(whose, past, known)),
        dict(by_rules),
        hows["owner"] + hows["stands_in"],
        hows["nobody"],
        sum(one.made.starts_at is not None for one in made),
    )


def _counts(
    whose: Sequence[int | None], past: Past, known: Expected
) -> Counter[tuple[int, tuple[str, ...]]]:
    """Count the inquiries that became deals, by person and kind."""
    return Counter(
        (pk, known.kind_of(one.asked.case))
        for pk, one in zip(whose, past.inquiries, strict=True)
        if pk is not None and one.deal_id is not None
    )


def _difference(
    way: str, against: str, whose: dict[str, list[int]], past: Past, known: Expected
) -> Difference:
    counts = _counts(whose[way], past, known)
    counts.subtract(_counts(whose[against], past, known))
    gain = known.wins(counts)
    enough = "more" if gain.low >= LEAST else "less" if gain.high <= -LEAST else ""
    elsewhere = sum(a != b for a, b in zip(whose[way], whose[against], strict=True))
    return Difference(way, against, elsewhere, gain, enough)


def _checked(past: Past, known: Expected) -> Check:
    ended = [one for one in past.inquiries if one.outcome]
    chances = (known.chance(one.person_id, known.kind_of(one.asked.case)) for one in ended)
    won = sum(one.outcome == "won" for one in ended)
    return Check(len(ended), sum(chances), won)


def _examples(
    past: Past, whose: dict[str, list[int]], replayed: dict[str, list[Given]]
) -> list[Example]:
    """Give the latest that go elsewhere than before: than by the rules, or than really."""
    before, tried = [*whose][-2:]
    found = [n for n in range(len(past.inquiries)) if whose[tried][n] != whose[before][n]]
    return [
        Example(
            past.inquiries[n],
            {name: people[n] for name, people in whose.items()},
            _why(past.inquiries[n], replayed[tried][n]),
            replayed[tried][n].is_own and whose[tried][n] != past.inquiries[n].owner_id,
        )
        for n in found[: -SHOWN - 1 : -1]
    ]


def _why(one: PastInquiry, given: Given) -> RoutedRow:
    made = given.made
    return RoutedRow(
        at=one.at,
        how=made.how,
        person_id=made.person_id,
        scored=scored_told(made, given.people),
        barred=barred_told(made, given.people, one.at),
        rule_id=made.rule_id,
        rule=made.rule,
        way=made.way,
        passed=list(made.passed),
        starts_at=made.starts_at,
    )
