"""Attempts at deals as the journal tells them: stages entered, talks, steps, the end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from voronka.deals.models import Deal, Stage
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer

ENTERED, WON, LOST = "deal.stage_entered", "deal.won", "deal.lost"
CLARIFIED, REOPENED, TALK, DONE = (
    "deal.refusal_clarified", "deal.reopened", "call.ended", "step.done",
)  # fmt: skip
KINDS = (ENTERED, WON, LOST, CLARIFIED, REOPENED, TALK, DONE)


@dataclass(slots=True)
class Attempt:
    """One attempt at a deal. `entries`: (stage id, when) in order; `talks`: (when, seconds);
    `done`: (when, kind of step). `outcome`: won, lost, "" while open, "undone" where a win was
    taken back. `reason`: (group, reason) of a refusal, as named last.
    """

    deal_id: int
    number: int
    entries: list[tuple[int, datetime]] = field(default_factory=list)
    talks: list[tuple[datetime, int]] = field(default_factory=list)
    done: list[tuple[datetime, str]] = field(default_factory=list)
    owners: Counter[int] = field(default_factory=Counter)
    outcome: str = ""
    ended_at: datetime | None = None
    reason: tuple[str, str] = ("", "")
    amount_kopecks: int = 0

    @property
    def leader(self) -> int:
        """Who owned the deal in most of what happened; 0 where nobody did."""
        return max(self.owners, key=lambda one: (self.owners[one], -one), default=0)

    def left(self, stage_id: int, places: dict[int, int]) -> datetime | None:
        """When the attempt first went on from a stage, or ended there; None where it did not.

        `places`: the order of the stages by id.
        """
        came = False
        for pk, at in self.entries:
            if came and places.get(pk, -1) > places[stage_id]:
                return at
            came |= pk == stage_id
        return self.ended_at if came else None


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage in force. `place` counts within its funnel, from 1."""

    id: int
    name: str
    place: int
    norm_seconds: int | None
    win_permille: int


def stages_of(funnel_id: int | None) -> list[StageOf]:
    """List the live stages of a funnel, or of all, in their order; one query."""
    rows = Stage.objects.filter(retired_at=None, funnel__is_active=True)
    if funnel_id is not None:
        rows = rows.filter(funnel_id=funnel_id)
    found: list[StageOf] = []
    counts: Counter[int] = Counter()
    columns = ("funnel_id", "pk", "name", "norm_seconds", "win_permille")
    ordered = rows.order_by("funnel__place", "funnel_id", "place", "pk")
    for funnel, pk, name, norm, chance in ordered.values_list(*columns):
        counts[funnel] += 1
        found.append(StageOf(pk, name, counts[funnel], norm, chance))
    return found


def attempts_of(*, viewer: Viewer, funnel_id: int | None = None) -> list[Attempt]:
    """Read the attempts at the deals of a funnel, one pass over the facts."""
    deals = Deal.objects.visible_to(viewer)
    if funnel_id is not None:
        deals = deals.filter(funnel_id=funnel_id)
    facts = Fact.objects.visible_to(viewer).counted().filter(kind__in=KINDS)
    facts = facts.filter(deal_id__in=deals.values("pk"))
    facts = facts.exclude(Q(kind=TALK) & Q(measure=0)).order_by("deal_id", "at", "pk")
    columns = ("deal_id", "kind", "at", "owner_id", "measure", "body")
    found: list[Attempt] = []
    for row in facts.values_list(*columns).iterator(chunk_size=5000):
        _take(found, *row)
    return [attempt for attempt in found if attempt.entries]


def _take(
    found: list[Attempt],
    deal_id: int,
    kind: str,
    at: datetime,
    owner_id: int | None,
    measure: int | None,
    body: dict[str, Any],
) -> None:
    mine = list(_of_deal(found, deal_id))
    if kind == REOPENED and mine and body["was"] == "won":
        mine[0].outcome = "undone"
    number = body.get("attempt") or (mine[0].number if mine else 1)
    now = next((one for one in mine if one.number == number), None)
    if now is None:
        now = Attempt(deal_id, number)
        found.append(now)
    if owner_id:
        now.owners[owner_id] += 1
    if kind == ENTERED:
        now.entries.append((body["to_stage_id"], at))
    elif kind == TALK:
        now.talks.append((at, measure or 0))
    elif kind == DONE:
        now.done.append((at, body["step_kind"]))
    elif kind in (WON, LOST, CLARIFIED):
        _end(now, kind, at, measure, body)


def _of_deal(found: list[Attempt], deal_id: int) -> Iterator[Attempt]:
    """Give the attempts at a deal that is being read, the last first."""
    for attempt in reversed(found):
        if attempt.deal_id != deal_id:
            return
        yield attempt


def _end(
    now: Attempt, kind: str, at: datetime, measure: int | None, body: dict[str, Any]
) -> None:
    if kind in (LOST, CLARIFIED):
        now.reason = (body["reason_group"], body["reason"])
    if kind in (WON, LOST):
        now.outcome, now.ended_at = kind.removeprefix("deal."), at
        now.amount_kopecks = measure or 0
