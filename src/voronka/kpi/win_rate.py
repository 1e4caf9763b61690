"""K15: won of all attempts that ended. Unit: share. Source: deal.won, deal.lost."""

from voronka.kpi.conventions import Figure, Row, share_parts
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Give won / (won + lost) over the attempts closed in the period (C5)."""
    ended = [*material.of("deal.won"), *material.of("deal.lost")]
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            int(event.kind == "deal.won"),
            event.kind,
        )
        for event in sorted(ended, key=lambda event: event.at)
    )
    part, whole = sum(row.value for row in rows), len(rows)
    value = part / whole if whole else None
    return Figure("K15", 1, "share", value, whole, rows, share_parts(part, whole))
