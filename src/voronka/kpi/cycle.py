"""K16: how long a won deal took. Unit: seconds. Source: deal.won."""

from voronka.kpi.conventions import Figure, Row, median, percentile
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Give the median calendar time from an attempt's start to its win; working time too."""
    won = material.of("deal.won")
    rows = tuple(
        Row(e.case, e.at, e.owner_id, e.client_id, e.deal_id, e.body["seconds_open"])
        for e in won
    )
    spans = [row.value for row in rows]
    parts = {
        "p90": percentile(spans, 0.9),
        "working": median([event.body["working_seconds_open"] for event in won]),
    }
    return Figure("K16", 1, "seconds", median(spans), len(rows), rows, parts)
