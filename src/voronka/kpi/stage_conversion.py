"""K14: who goes on from a stage. Unit: share per stage. Source: deal.stage_entered, won, lost.

Cohort (C7): attempts that entered the stage in the period, followed to now. Each counts once
per stage; skipping ahead passes; going back makes no new entry. Passed + lost + open = entered.
"""

from dataclasses import dataclass, replace

from voronka.deals import queries as deals
from voronka.deals.models import Stage
from voronka.foundation.shares import wilson
from voronka.journal.models import Fact, FactQuerySet
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import Period, Row

Attempt = tuple[int, int]
ENTERED = "deal.stage_entered"


@dataclass(frozen=True, slots=True)
class StageFlow:
    """What became of the attempts that entered a stage."""

    stage_id: int
    stage: str
    entered: int
    passed: int
    lost: int
    still: int
    low: float
    high: float


def flows(*, viewer: Viewer, period: Period, funnel_id: int) -> list[StageFlow]:
    """List the stages of a funnel in order with what became of their entries, one query."""
    stages = deals.stages(funnel_id)
    places = {stage.id: stage.place for stage in stages}
    cohort: dict[int, set[Attempt]] = {pk: set() for pk in places}
    furthest: dict[Attempt, int] = {}
    ended: dict[str, set[Attempt]] = {"deal.won": set(), "deal.lost": set()}
    columns = ("kind", "deal_id", "body__attempt", "stage_id", "at")
    rows = _facts(viewer, funnel_id, period, ENTERED, *ended).values_list(*columns)
    for kind, deal_id, number, stage_id, at in rows.iterator(chunk_size=5000):
        attempt = (deal_id or 0, number)
        if kind != ENTERED:
            ended[kind].add(attempt)
        elif stage_id in places and deal_id is not None:
            furthest[attempt] = max(furthest.get(attempt, -1), places[stage_id])
            if at < period.end:
                cohort[stage_id].add(attempt)
    won, lost = ended["deal.won"], ended["deal.lost"]
    return [
        _flow(stage.id, stage.name, stage.place, cohort[stage.id], furthest, won, lost)
        for stage in stages
    ]


def _facts(viewer: Viewer, funnel_id: int, period: Period, *kinds: str) -> FactQuerySet:
    facts = Fact.objects.visible_to(viewer).counted().filter(funnel_id=funnel_id)
    return facts.filter(kind__in=kinds, at__gte=period.start)


def _ends(viewer: Viewer, funnel_id: int, period: Period) -> tuple[set[Attempt], set[Attempt]]:
    won: set[Attempt] = set()
    lost: set[Attempt] = set()
    ended = _facts(viewer, funnel_id, period, "deal.won", "deal.lost")
    for kind, deal_id, number in ended.values_list("kind", "deal_id", "body__attempt"):
        (won if kind == "deal.won" else lost).add((deal_id or 0, number))
    return won, lost


def _flow(
    pk: int,
    name: str,
    place: int,
    cohort: set[Attempt],
    furthest: dict[Attempt, int],
    won: set[Attempt],
    lost: set[Attempt],
) -> StageFlow:
    passed = {attempt for attempt in cohort if attempt in won or furthest[attempt] > place}
    gone = (cohort - passed) & lost
    low, high = wilson(len(passed), len(cohort))
    still = len(cohort) - len(passed) - len(gone)
    return StageFlow(pk, name, len(cohort), len(passed), len(gone), still, low, high)


def stage_rows(*, viewer: Viewer, period: Period, stage_id: int) -> tuple[Row, ...]:
    """List the attempts behind one stage of K14: value 1 for those that went on.

    Labels: "passed", "lost", "still". Raises: Stage.DoesNotExist.
    """
    stage = Stage.objects.get(pk=stage_id)
    places = dict(Stage.objects.filter(funnel_id=stage.funnel_id).values_list("pk", "place"))
    entries = _facts(viewer, stage.funnel_id, period, ENTERED).order_by("at", "pk")
    columns = ("deal_id", "body__attempt", "stage_id", "at", "owner_id", "client_id")
    entered: dict[Attempt, Row] = {}
    furthest: dict[Attempt, int] = {}
    for deal_id, number, at_stage, at, owner, client in entries.values_list(*columns):
        attempt = (deal_id or 0, number)
        furthest[attempt] = max(furthest.get(attempt, -1), places.get(at_stage, -1))
        if at_stage == stage_id and at < period.end and attempt not in entered:
            entered[attempt] = Row(f"deal:{deal_id}", at, owner, client, deal_id, 0)
    won, lost = _ends(viewer, stage.funnel_id, period)
    found = []
    for attempt, row in entered.items():
        if attempt in won or furthest[attempt] > stage.place:
            found.append(replace(row, value=1, label="passed"))
        else:
            found.append(replace(row, label="lost" if attempt in lost else "still"))
    return tuple(found)
