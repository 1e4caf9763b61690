"""`bench routing --olist`: the router replayed over who sold to real leads of Olist.

The file names who sold (SR) for won leads only, so that the chance to win can't be told. What
can: of leads that were won, how many within two weeks of the first contact.
"""

import csv
import gzip
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

from voronka.config.benching.off_policy import (
    Case,
    Gain,
    by_propensity,
    doubly_robust,
    told_by,
)
from voronka.config.benching.results import Result
from voronka.routing.barring import Candidate
from voronka.routing.choosing import choose
from voronka.routing.competence import Competence

LEADS, DEALS = "olist_marketing_qualified_leads.csv.gz", "olist_closed_deals.csv.gz"
FACTORS = ("source", "segment", "lead")
SOON = timedelta(days=14)
HERE = timedelta(days=60)
"""Who sold within so many days before a lead came could have got it."""
NEAR = timedelta(days=30)
"""Whom leads of so many days around were given to tells how likely each was."""
ALIKE_WEIGH = 5.0


@dataclass(frozen=True, slots=True)
class Lead:
    """A won lead: when it came and was won, what it is, who sold (numbered)."""

    came_on: date
    won_on: date
    case: dict[str, str]
    person: int

    @property
    def is_soon(self) -> bool:
        """Say whether it was won within two weeks."""
        return self.won_on - self.came_on <= SOON

    @property
    def known_on(self) -> date:
        """When it is known whether it was won soon."""
        return min(self.won_on, self.came_on + SOON)


def olist_results(folder: Path) -> Iterator[Result]:
    """Replay and estimate from two files of the folder. Raises: OSError, one is missing."""
    leads = won_leads(folder)
    cases = replayed(leads)
    share = mean(one.got for one in cases)
    how = f"of {len(leads)} won; the others were sold to by who began after they came"
    yield Result("leads that can be replayed", len(cases), "leads", None, how)
    yield Result("won within two weeks, as it was", 100 * share, "%")
    same = sum(one.is_same for one in cases)
    how = f"the router would choose the same; they tell as much as {told_by(cases):.0f} would"
    yield Result("choices shared", same, "leads", None, how)
    for name, estimate in (("doubly robust", doubly_robust), ("propensity", by_propensity)):
        found = estimate(cases)
        yield Result(f"router, by {name}", 100 * found.value, "points", None, words(found))
    how = "no lost lead names who had it; the revenue is 0 in 797 of 842: neither can be told"
    yield Result("chance to win, money won", 0, "known", None, how)


def words(found: Gain) -> str:
    """Say what an estimate tells."""
    between = f"95 % between {100 * found.low:+.1f} and {100 * found.high:+.1f}"
    if not found.is_told_apart:
        return f"{between}: cannot be told apart from what happened"
    return f"{between}: {'better' if found.value > 0 else 'worse'} than what happened"


def won_leads(folder: Path) -> list[Lead]:
    """Read the won leads, the first to come first."""
    came = {row["mql_id"]: row for row in _rows(folder / LEADS)}
    ids: dict[str, int] = {}
    leads = []
    for row in _rows(folder / DEALS):
        lead = came[row["mql_id"]]
        kind = {
            "source": lead["origin"] or "unknown",
            "segment": row["business_segment"],
            "lead": row["lead_type"],
        }
        came_on = date.fromisoformat(lead["first_contact_date"])
        won_on = date.fromisoformat(row["won_date"][:10])
        person = ids.setdefault(row["sr_id"], len(ids) + 1)
        leads.append(Lead(came_on, won_on, kind, person))
    return sorted(leads, key=lambda one: (one.came_on, one.won_on, one.person))


def replayed(leads: Sequence[Lead]) -> list[Case]:
    """Let the router choose for each lead among who sold then, knowing only what was known by
    that day of how others' choices ended. Left out are leads sold by who was not there yet:
    they lay long before anybody had them, which is no merit or fault of who sold.
    """
    there = {id(one): _there(leads, one) for one in leads}
    leads = [one for one in leads if one.person in there[id(one)]]
    known, heard = Competence(FACTORS), deque(sorted(leads, key=lambda one: one.known_on))
    cases = []
    for lead in leads:
        while heard and heard[0].known_on < lead.came_on:
            past = heard.popleft()
            known.learn(past.case, past.person, is_won=past.is_soon)
        here = there[id(lead)]
        guesses = {one.person_id: one.chance for one in known.score(lead.case, here)}
        chosen = choose(lead.case, [Candidate(one) for one in here], known).person_id or 0
        cases.append(
            Case(
                float(lead.is_soon),
                chosen == lead.person,
                propensity(leads, lead, here),
                guesses[chosen],
                guesses[lead.person],
                lead.came_on.toordinal() // 7,
            )
        )
    return cases


def _there(leads: Sequence[Lead], lead: Lead) -> list[int]:
    since = lead.came_on - HERE
    return sorted({one.person for one in leads if since <= one.won_on < lead.came_on})


def propensity(leads: Sequence[Lead], lead: Lead, here: Sequence[int]) -> float:
    """Tell how likely who got a lead was to get it: the share of the leads around, those of
    its kind first; every one who was there had some chance.
    """
    around = [
        one for one in leads if one.person in here and abs(one.came_on - lead.came_on) <= NEAR
    ]
    whole = Counter(one.person for one in around)
    alike = Counter(one.person for one in around if one.case["lead"] == lead.case["lead"])
    usual = (whole[lead.person] + 1) / (len(around) + len(here))
    return (alike[lead.person] + ALIKE_WEIGH * usual) / (alike.total() + ALIKE_WEIGH)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)
