"""A demand replayed over the past: who would not have met it when they left its stage."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, prefetch_related_objects

from voronka.deals.demands import CLIENT_FIELDS, DemandRow, compare
from voronka.deals.funnels import stage_places
from voronka.deals.models import Deal, Stage
from voronka.deals.recorded_figures import is_recorded
from voronka.foundation.text import is_junk
from voronka.journal.models import Fact

Moments = Mapping[int, datetime]
"""By deal."""
# Nobody asked then: a step set in the same sitting would have been set before the move.
SITTING = timedelta(hours=1)
PROVEN = {
    "talk": "call.ended",
    "done": "step.done",
    "indicator": "deal.indicator_recorded",
}
"""What proves a demand of a kind; the other kinds look at fields as they were."""
SAID = {"source_id": "source"}
"""What the journal calls a field, where it is not the field's own name."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a demand would have done to deals that left its stage.

    `flagged` did not meet it, of `passed`; of those `won` and `lost`. `deals`: their ids,
    won ones first. `met_won`, `met_lost`: of those that met it.
    """

    passed: int
    flagged: int
    won: int
    lost: int
    met_won: int
    met_lost: int
    deals: tuple[int, ...]


def what_if(demand: DemandRow, *, at: datetime, days: int = 180) -> WhatIf:
    """Replay a demand over the deals that left its stage forward, or were won from it, in the
    last days. All counts as it stood when the deal first left.

    Phones, mails and people of the card are taken as they are now: the journal does not say
    what a card was without them.
    """
    left = _left(demand.stage_id, at - timedelta(days=days))
    deals = list(Deal.objects.live().filter(pk__in=left).select_related("stage", "client"))
    those = who_meets(deals, demand, by_when=left)
    flagged = [deal for deal in deals if deal.pk not in those]
    met = Counter(deal.outcome for deal in deals if deal.pk in those)
    ended = Counter(deal.outcome for deal in flagged)
    flagged.sort(key=lambda deal: (deal.outcome != "won", -deal.pk))
    return WhatIf(
        passed=len(deals),
        flagged=len(flagged),
        won=ended["won"],
        lost=ended["lost"],
        met_won=met["won"],
        met_lost=met["lost"],
        deals=tuple(deal.pk for deal in flagged),
    )


def who_meets(
    deals: Sequence[Deal], demand: DemandRow, *, by_when: Moments | None = None
) -> set[int]:
    """Tell which deals meet a demand, in few queries: by a moment each, or now."""
    if demand.kind == "indicator" and by_when is None:
        return {deal.pk for deal in deals if is_recorded(deal, demand.stage_id)}
    if demand.kind in PROVEN:
        since = {} if by_when else {deal.pk: deal.attempt_since for deal in deals}
        early = _earliest(demand, [deal.pk for deal in deals], since)
        return {pk for pk, at in early.items() if by_when is None or at <= by_when.get(pk, at)}
    if demand.kind == "next_step" and by_when is not None:
        return _with_step(by_when)
    lists = ("lines", "client__phones", "client__mails", "client__contacts")
    prefetch_related_objects(list(deals), *lists)
    met = {deal.pk for deal in deals if compare(deal, [demand])[0].is_met}
    if demand.kind == "field" and by_when is not None:
        for pk, value in _values_then(demand, deals, by_when).items():
            met = met | {pk} if _is_filled(value) else met - {pk}
    return met


def _left(stage_id: int, since: datetime) -> dict[int, datetime]:
    """When each deal first left a stage: forward, or won."""
    funnel_id = Stage.objects.filter(pk=stage_id).values_list("funnel_id", flat=True).first()
    places = {pk: place for pk, _name, place in stage_places(funnel_id or 0)}
    here = places.get(stage_id, 0)
    facts = Fact.objects.counted().filter(
        Q(kind="deal.stage_entered", body__from_stage_id=stage_id)
        | Q(kind="deal.won", stage_id=stage_id),
        at__gte=since,
    )
    left: dict[int, datetime] = {}
    for deal_id, kind, to, at in facts.order_by("-at").values_list(
        "deal_id", "kind", "body__to_stage_id", "at"
    ):
        if deal_id and (kind == "deal.won" or places.get(to, here + 1) > here):
            left[deal_id] = at
    return left


def _earliest(demand: DemandRow, deal_ids: list[int], since: Moments) -> dict[int, datetime]:
    """When each deal first had the talk, the step done, or the figure recorded, since then."""
    found: dict[int, datetime] = {}
    kind = PROVEN[demand.kind]
    for some in _chunks(deal_ids):
        facts = Fact.objects.counted().filter(kind=kind, deal_id__in=some)
        if demand.kind == "talk":
            facts = facts.filter(measure__gte=max(1, demand.least))
        elif demand.kind == "indicator":
            facts = facts.filter(body__stage_id=demand.stage_id).exclude(body__value=None)
        else:
            facts = facts.filter(body__step_kind=demand.what)
        for deal_id, moment in facts.order_by("-at").values_list("deal_id", "at"):
            if moment >= since.get(deal_id or 0, moment):
                found[deal_id or 0] = moment
    return found


def _with_step(by_when: Moments) -> set[int]:
    """Tell which deals had a step set, neither done nor dropped, at their moment or in the
    hour after it.
    """
    begun: dict[int, list[int]] = {}
    ended: set[int] = set()
    for some in _chunks(list(by_when)):
        kinds = ("step.set", "step.done", "step.cancelled")
        facts = Fact.objects.counted().filter(kind__in=kinds, deal_id__in=some)
        for deal_id, kind, at, step_id in facts.values_list(
            "deal_id", "kind", "at", "body__step_id"
        ):
            moment = by_when[deal_id or 0]
            if kind == "step.set" and at <= moment + SITTING:
                begun.setdefault(deal_id or 0, []).append(step_id)
            elif kind != "step.set" and at <= moment:
                ended.add(step_id)
    return {pk for pk, steps in begun.items() if any(step not in ended for step in steps)}


def _values_then(demand: DemandRow, deals: Sequence[Deal], by_when: Moments) -> dict[int, Any]:
    """Give the field's value at each deal's moment, where it was changed after it."""
    name, found = SAID.get(demand.what, demand.what), {}
    is_card = demand.what in CLIENT_FIELDS
    subjects: dict[int, list[int]] = {}
    for deal in deals:
        subjects.setdefault(deal.client_id if is_card else deal.pk, []).append(deal.pk)
    kind, column = ("client.changed", "client_id") if is_card else ("deal.changed", "deal_id")
    for some in _chunks(list(subjects)):
        facts = Fact.objects.counted().filter(kind=kind, **{f"{column}__in": some})
        for subject, at, body in facts.order_by("-at").values_list(column, "at", "body"):
            if name not in body["changes"]:
                continue
            for pk in subjects[subject]:
                if pk in by_when and at > by_when[pk]:
                    found[pk] = body["changes"][name][0]
    return found


def _is_filled(value: Any) -> bool:
    return value not in (None, "") and not (isinstance(value, str) and is_junk(value))


def _chunks(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]
