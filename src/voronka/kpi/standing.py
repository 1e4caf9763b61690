"""K24 and K25: what stands now. Open deals without a next step; steps that are overdue."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, Value

from voronka.agenda.models import Step
from voronka.deals.models import Deal
from voronka.journal.viewer import Viewer
from voronka.kpi.conventions import Figure, Row, share_parts


def without_step_rows(*, viewer: Viewer) -> tuple[Row, ...]:
    """List the open deals behind K24: value 1 for those without a step."""
    rows = Deal.objects.visible_to(viewer).filter(outcome="").order_by("stage_since")
    found = rows.values_list(
        "pk", "stage_since", "manager_id", "client_id", "title", "next_step_at"
    )
    return tuple(
        Row(f"deal:{pk}", since, owner, client, pk, int(step is None), title)
        for pk, since, owner, client, title, step in found
    )


def overdue_rows(*, viewer: Viewer, now: datetime) -> tuple[Row, ...]:
    """List the overdue steps behind K25, the oldest deadline first."""
    late = Step.objects.visible_to(viewer).open().filter(due_at__lt=now).order_by("due_at")
    found = late.values_list("pk", "due_at", "person_id", "client_id", "deal_id", "title")
    return tuple(
        Row(f"step:{pk}", due, person, client, deal, 1, title)
        for pk, due, person, client, deal, title in found
    )


def both(*, viewer: Viewer, now: datetime) -> dict[str, Figure]:
    """Give K24, open deals without a next step, and K25, steps overdue now; in one query.

    K24 is a share of the open deals. Beside K25 stand the steps moved three times or more.
    """
    deals = Deal.objects.visible_to(viewer).filter(outcome="")
    late = Step.objects.visible_to(viewer).open().filter(due_at__lt=now)
    parts = [
        rows.annotate(what=Value(letter))
        .values("what")
        .annotate(n=Count("pk"), part=Count("pk", filter=marked))
        for letter, rows, marked in (
            ("a", deals, Q(next_step_at=None)),
            ("b", late, Q(moved_count__gte=3)),
        )
    ]
    found = parts[0].union(parts[1], all=True).values_list("what", "n", "part")
    counts = {what: (n, part) for what, n, part in found}
    whole, bare = counts.get("a", (0, 0))
    overdue, moved = counts.get("b", (0, 0))
    share = bare / whole if whole else None
    return {
        "K24": Figure("K24", 1, "share", share, whole, (), share_parts(bare, whole)),
        "K25": Figure("K25", 1, "count", overdue, overdue, (), {"moved": moved}),
    }


def figure_of(code: str, rows: Sequence[Row]) -> Figure:
    """Make the figure that such rows sum up to: a share of those with value 1, or a count."""
    part, n = sum(row.value for row in rows), len(rows)
    if code == "K25":
        return Figure(code, 1, "count", part, n, tuple(rows))
    value = part / n if n else None
    return Figure(code, 1, "share", value, n, tuple(rows), share_parts(part, n))
