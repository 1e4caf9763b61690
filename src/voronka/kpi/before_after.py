"""What changed with a version of the regulation: as many days after it as before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from voronka.journal.models import Fact
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import median

MOST_DAYS = 90
KINDS = ("deal.won", "deal.lost", "deal.stage_entered", "deal.demand_passed")


@dataclass(frozen=True, slots=True)
class Side:
    """One side: attempts won and lost in it, the won sum (kopecks), the median of working
    seconds to a win, moves along the funnel, and soft demands passed over.
    """

    won: int = 0
    lost: int = 0
    won_kopecks: int = 0
    seconds_to_win: float | None = None
    moves: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides; `days` each. An attempt counts on the side where it ended."""

    days: int
    before: Side
    after: Side


def before_and_after(
    *, viewer: Viewer, funnel_id: int, version_at: datetime, now: datetime
) -> Compared:
    """Compare the days since a version, at most ninety, with as many before; one query."""
    days = max(0, min(MOST_DAYS, (now - version_at).days))
    span = timedelta(days=days)
    facts = Fact.objects.visible_to(viewer).counted()
    facts = facts.filter(
        kind__in=KINDS, funnel_id=funnel_id, at__gte=version_at - span, at__lt=version_at + span
    )
    rows = list(facts.values_list("kind", "at", "body")) if days else []
    before = [(kind, body) for kind, at, body in rows if at < version_at]
    after = [(kind, body) for kind, at, body in rows if at > version_at]
    return Compared(days, _side(before), _side(after))


def _side(rows: list[tuple[str, dict[str, object]]]) -> Side:
    won = [body for kind, body in rows if kind == "deal.won"]
    kinds = [kind for kind, _body in rows]
    return Side(
        won=len(won),
        lost=kinds.count("deal.lost"),
        won_kopecks=sum(int(str(body["amount_kopecks"] or 0)) for body in won),
        seconds_to_win=median([int(str(body["working_seconds_open"])) for body in won]),
        # The version's own moving of deals stands at its very moment: on neither side.
        moves=kinds.count("deal.stage_entered"),
        passed=kinds.count("deal.demand_passed"),
    )
