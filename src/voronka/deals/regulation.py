"""Reads about demands for screens: what a deal meets, and how often they were passed over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count

from voronka.deals.demands import Checked, check, demands_of
from voronka.deals.funnels import stages_between
from voronka.deals.models import Deal, Stage
from voronka.deals.move_rules import MoveForbiddenError, demand_move, move_kind
from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.people import settings

ENOUGH, MANY = 5, 4
"""Passings from which on a rule is judged, and people who make it the rule's own matter."""


def checked(
    *, viewer: Viewer, deal_id: int, to_place: int | None, at: datetime
) -> list[Checked]:
    """Tell what a deal meets of the stages from its own up to a place (None: the end).

    Raises: Deal.DoesNotExist when it is not visible.
    """
    deal = Deal.objects.visible_to(viewer).select_related("stage").get(pk=deal_id)
    left = list(stages_between(deal.funnel_id, deal.stage.place, to_place))
    return check(deal, demands_of(left), day=_day(at))


def move_reasons(*, viewer: Viewer, deal_id: int, to_stage_id: int | None) -> list[Checked]:
    """Tell why a move itself wants a reason (None: a win), by the table of moves.

    Raises: Deal.DoesNotExist when it is not visible.
    """
    deal = Deal.objects.visible_to(viewer).select_related("stage").get(pk=deal_id)
    to = Stage.objects.get(pk=to_stage_id) if to_stage_id else None
    move = move_kind(deal, to.place) if to else "win"
    try:
        return [Checked(row, False) for row in demand_move(deal, move, by=viewer, to=to)]
    except MoveForbiddenError:
        return []


def checked_here(*, deal: Deal, at: datetime) -> list[Checked]:
    """Tell what a deal meets of its own stage."""
    return check(deal, demands_of([deal.stage_id]), day=_day(at))


def open_by_stage(funnel_id: int) -> dict[int, int]:
    """Count the open deals on each stage of a funnel; one query."""
    rows = Deal.objects.live().filter(funnel_id=funnel_id, outcome="")
    return dict(rows.values_list("stage_id").annotate(n=Count("pk")).order_by())


@dataclass(frozen=True, slots=True)
class PassedOver:
    """How often a person passed over something soft: a demand, or a reason for a move."""

    kind: str
    what: str
    least: int
    person_id: int
    n: int


def passed_over(
    *, viewer: Viewer, funnel_id: int, at: datetime, days: int = 90
) -> list[PassedOver]:
    """Count what was passed over in a funnel, by rule and person; the most first. One query."""
    facts = Fact.objects.visible_to(viewer).counted()
    facts = facts.filter(
        kind="deal.demand_passed", funnel_id=funnel_id, at__gte=at - timedelta(days=days)
    )
    counts = Counter(
        (body["demand_kind"], body["what"], body["least"], by_id or 0)
        for body, by_id in facts.values_list("body", "by_id")
    )
    return [PassedOver(*key, n) for key, n in counts.most_common()]


def points_at(counts: Sequence[int]) -> str:
    """Tell what the passings of a rule point at: "rule" (many people pass it over), "work" (one
    has more than half), or "" while there are few. `counts`: by person, the most first.
    """
    if sum(counts) < ENOUGH:
        return ""
    if counts[0] > sum(counts) / 2:
        return "work"
    return "rule" if len(counts) >= MANY else ""


def _day(at: datetime) -> date:
    return settings.calendar(settings.all_settings()).day_of(at)
