"""Reads about demands for screens: what a deal meets, and what a rule would have done."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voronka.deals.demands import Checked, DemandRow, check, compare, demands_of
from voronka.deals.funnels import stages_between
from voronka.deals.models import Deal
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people import settings

PROVEN = {
    "talk": "call.ended",
    "done": "step.done",
    "indicator": "deal.indicator_recorded",
}
"""What proves a demand of a kind; the other kinds look at fields as they are."""


def checked(
    *, viewer: Viewer, deal_id: int, to_place: int | None, at: datetime
) -> list[Checked]:
    """Tell what a deal meets of the stages from its own up to a place (None: the end).

    Raises: Deal.DoesNotExist when it is not visible.
    """
    deal = Deal.objects.visible_to(viewer).select_related("stage").get(pk=deal_id)
    left = list(stages_between(deal.funnel_id, deal.stage.place, to_place))
    return check(deal, demands_of(left), day=_day(at))


def checked_here(*, deal: Deal, at: datetime) -> list[Checked]:
    """Tell what a deal meets of its own stage."""
    return check(deal, demands_of([deal.stage_id]), day=_day(at))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a demand would have done to deals that left its stage.

    `flagged` did not meet it, of `passed`; of those `won` and `lost`. `examples`: deal ids,
    won ones first. `met_won`, `met_lost`: of those that met it.
    """

    passed: int
    flagged: int
    won: int
    lost: int
    met_won: int
    met_lost: int
    examples: tuple[int, ...]


def what_if(demand: DemandRow, *, at: datetime, days: int = 180) -> WhatIf:
    """Replay a demand over the deals that left its stage forward in the last days.

    Talks, done steps and figures count as they stood when the deal left; fields as they
    are now.
    """
    since = at - timedelta(days=days)
    entered = Fact.objects.counted().filter(kind="deal.stage_entered", at__gte=since)
    rows = entered.filter(body__from_stage_id=demand.stage_id).order_by("-at")
    left = {deal_id: moment for deal_id, moment in rows.values_list("deal_id", "at") if deal_id}
    deals = Deal.objects.live().filter(pk__in=left).select_related("stage")
    deals = deals.exclude(stage_id=demand.stage_id).select_related("client")
    deals = deals.prefetch_related(
        "lines", "client__phones", "client__mails", "client__contacts"
    )
    early = _earliest(demand, list(left)) if demand.kind in PROVEN else {}
    flagged: list[Deal] = []
    met: Counter[str] = Counter()
    for deal in deals:
        if demand.kind in PROVEN:
            is_met = deal.pk in early and early[deal.pk] <= left[deal.pk]
        else:
            is_met = compare(deal, [demand])[0].is_met
        if is_met:
            met[deal.outcome] += 1
        else:
            flagged.append(deal)
    ended = Counter(deal.outcome for deal in flagged)
    flagged.sort(key=lambda deal: (deal.outcome != "won", -deal.pk))
    return WhatIf(
        passed=len(deals),
        flagged=len(flagged),
        won=ended["won"],
        lost=ended["lost"],
        met_won=met["won"],
        met_lost=met["lost"],
        examples=tuple(deal.pk for deal in flagged[:20]),
    )


def _earliest(demand: DemandRow, deal_ids: list[int]) -> dict[int, datetime]:
    """When each deal first had the talk, the step done, or the figure recorded."""
    found: dict[int, datetime] = {}
    kind = PROVEN[demand.kind]
    for start in range(0, len(deal_ids), 500):
        facts = Fact.objects.counted().filter(
            kind=kind, deal_id__in=deal_ids[start : start + 500]
        )
        if demand.kind == "talk":
            facts = facts.filter(measure__gte=max(1, demand.least))
        elif demand.kind == "indicator":
            facts = facts.filter(body__stage_id=demand.stage_id).exclude(body__value=None)
        else:
            facts = facts.filter(body__step_kind=demand.what)
        for deal_id, moment in facts.order_by("-at").values_list("deal_id", "at"):
            found[deal_id or 0] = moment
    return found


def passed_over(*, viewer: Viewer, at: datetime, days: int = 90) -> list[tuple[int, int, int]]:
    """Count the soft demands passed over: demand id, person id, how often; the most first."""
    facts = Fact.objects.visible_to(viewer).counted()
    facts = facts.filter(kind="deal.demand_passed", at__gte=at - timedelta(days=days))
    counts = Counter(
        (body["demand_id"], by_id or 0) for body, by_id in facts.values_list("body", "by_id")
    )
    return [(demand, person, n) for (demand, person), n in counts.most_common()]


def _day(at: datetime) -> date:
    return settings.calendar(settings.all_settings()).day_of(at)
