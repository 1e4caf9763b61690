"""K18: refusals and their reasons. Unit: refusals. Source: deal.lost."""

from collections import Counter

from voronka.kpi.conventions import Figure, Row
from voronka.kpi.source import Material

OTHER_IS_TOO_MUCH = 0.15


def figure(material: Material) -> Figure:
    """Count the refusals; parts: by reason with the lost sum, and the share of "other"."""
    lost = material.of("deal.lost")
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            1,
            f"{event.body['reason_group']} → {event.body['reason']}",
        )
        for event in lost
    )
    counts = Counter(row.label for row in rows)
    money: Counter[str] = Counter()
    for row, event in zip(rows, lost, strict=True):
        money[row.label] += event.measure
    others = sum(event.body["is_other"] for event in lost)
    parts = {
        "reasons": [(label, n, money[label]) for label, n in counts.most_common()],
        "other_share": others / len(rows) if rows else None,
        "other_is_too_much": bool(rows) and others / len(rows) > OTHER_IS_TOO_MUCH,
    }
    return Figure("K18", 1, "count", len(rows), len(rows), rows, parts)
