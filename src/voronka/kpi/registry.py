"""All figures by their K-number."""

from collections.abc import Callable
from datetime import datetime

from voronka.journal.viewer import Viewer
from voronka.kpi import (
    called_back,
    cycle,
    first_reply,
    inquiries_arrived,
    missed,
    past_base,
    refusals,
    standing,
    targeted,
    win_rate,
    won_money,
)
from voronka.kpi.conventions import Figure, Row
from voronka.kpi.source import Material

FROM_JOURNAL: dict[str, Callable[[Material], Figure]] = {
    "K1": inquiries_arrived.figure,
    "K1B": past_base.figure,
    "K2": targeted.figure,
    "K3": first_reply.replied,
    "K4": first_reply.figure,
    "K5": missed.figure,
    "K6": called_back.lost,
    "K7": called_back.figure,
    "K13": won_money.figure,
    "K15": win_rate.figure,
    "K16": cycle.figure,
    "K18": refusals.figure,
}


def standing_rows(code: str, *, viewer: Viewer, now: datetime) -> tuple[Row, ...]:
    """List the rows behind a figure of what stands now. Raises: KeyError for another code."""
    if code == "K24":
        return standing.without_step_rows(viewer=viewer)
    if code == "K25":
        return standing.overdue_rows(viewer=viewer, now=now)
    raise KeyError(code)
