"""K1: how many turned to us. Unit: inquiries. Source: inquiry.registered."""

from voronka.kpi.conventions import Figure, Row
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Count the inquiries that arrived in the period; duplicates apart, in `unique` (C6)."""
    doubles = {
        event.case
        for event in material.later("inquiry.classified")
        if event.body["state"] == "duplicate"
    }
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            1,
            event.body["source"] or event.body["channel"],
        )
        for event in material.of("inquiry.registered")
    )
    unique = sum(row.case not in doubles for row in rows)
    return Figure("K1", 1, "count", len(rows), len(rows), rows, {"unique": unique})
