"""The chance of winning from each stage, from what happened before."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from voronka.deals.models import Deal, Stage
from voronka.foundation.recent import changed
from voronka.journal.models import Fact

# With fewer ended deals than this a stage leans on the funnel's own win rate.
PRIOR_WEIGHT = 20


@transaction.atomic
def refresh_chances(*, now: datetime, months: int = 12) -> int:
    """Work out, for every live stage, the share won of the ended attempts that entered it.

    A share of few deals is drawn to the funnel's win rate as if 20 more deals had shown it.
    Gives how many stages changed. Two queries, and one for the changes.
    """
    since = now - timedelta(days=30 * months)
    entered = (
        Fact.objects.counted()
        .filter(kind="deal.stage_entered", at__gte=since - timedelta(days=180))
        .values_list("stage_id", "deal_id")
        .distinct()
    )
    ended = dict(Deal.objects.live().filter(closed_at__gte=since).values_list("pk", "outcome"))
    counts: dict[int, list[int]] = {}
    for stage_id, deal_id in entered.iterator(chunk_size=20_000):
        if stage_id and (outcome := ended.get(deal_id or 0)):
            cell = counts.setdefault(stage_id, [0, 0])
            cell[0] += outcome == "won"
            cell[1] += 1
    return _write(counts, since)


def _write(counts: dict[int, list[int]], since: datetime) -> int:
    rows = Deal.objects.live().filter(closed_at__gte=since).values_list("funnel_id")
    totals = {
        funnel: won / n for funnel, won, n in
        rows.annotate(won=Count("pk", filter=Q(outcome="won")), n=Count("pk"))
    }  # fmt: skip
    moved = []
    for stage in Stage.objects.filter(retired_at=None):
        won, n = counts.get(stage.pk, [0, 0])
        prior = totals.get(stage.funnel_id)
        if prior is None:
            continue
        chance = round(1000 * (won + prior * PRIOR_WEIGHT) / (n + PRIOR_WEIGHT))
        if (stage.win_permille, stage.win_n) != (chance, n):
            stage.win_permille, stage.win_n = chance, n
            moved.append(stage)
    if moved:
        Stage.objects.bulk_update(moved, ["win_permille", "win_n"])
        changed()
    return len(moved)
