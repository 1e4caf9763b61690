"""K18: refusals and their reasons. Unit: refusals. Source: deal.lost.

A reason named better later counts instead of the one given at the closing.
"""

from collections import Counter

from voronka.kpi.conventions import Figure, Row
from voronka.kpi.source import Material

OTHER_IS_TOO_MUCH = 0.15


def figure(material: Material) -> Figure:
    """Count the refusals; parts: by reason with the lost sum, and the share of "other"."""
    lost = material.of("deal.lost")
    better = {
        (event.case, event.body["attempt"]): event.body
        for event in material.later("deal.refusal_clarified")
    }
    reasons = [better.get((event.case, event.body["attempt"]), event.body) for event in lost]
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            1,
            f"{reason['reason_group']} → {reason['reason']}",
        )
        for event, reason in zip(lost, reasons, strict=True)
    )
    counts = Counter(row.label for row in rows)
    money: Counter[str] = Counter()
    for row, event in zip(rows, lost, strict=True):
        money[row.label] += event.measure
    others = sum(reason["is_other"] for reason in reasons)
    parts = {
        "reasons": [(label, n, money[label]) for label, n in counts.most_common()],
        "other_share": others / len(rows) if rows else None,
        "other_is_too_much": bool(rows) and others / len(rows) > OTHER_IS_TOO_MUCH,
    }
    return Figure("K18", 1, "count", len(rows), len(rows), rows, parts)
