"""K13: money won and the usual deal. Unit: kopecks. Source: deal.won, deal.reopened (C2)."""

from voronka.kpi.conventions import Figure, Row, median
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Sum what was won in the period; a reopened win is taken back on its own day.

    Parts: wins, mean and median of a win, wins of nothing.
    """
    events = [*material.of("deal.won"), *material.of("deal.reopened")]
    rows = tuple(
        Row(e.case, e.at, e.owner_id, e.client_id, e.deal_id, e.measure, e.kind)
        for e in sorted(events, key=lambda event: event.at)
        if e.kind == "deal.won" or e.measure
    )
    sums = [row.value for row in rows if row.label == "deal.won"]
    money = sum(row.value for row in rows)
    parts = {
        "wins": len(sums),
        "mean": sum(sums) / len(sums) if sums else None,
        "median": median(sums),
        "zero": sum(value == 0 for value in sums),
    }
    return Figure("K13", 1, "kopecks", money, len(sums), rows, parts)
