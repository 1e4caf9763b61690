"""K5: missed calls. Unit: calls. Source: call.ended.

Inbound, unanswered, not given up within `short_call_seconds`; off hours stand apart.
"""

from voronka.kpi.conventions import Figure, Row
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Count the missed calls; parts: off hours, and those given up at once (left out)."""
    short = material.settings["short_call_seconds"]
    missed = [
        event
        for event in material.of("call.ended")
        if event.body["direction"] == "in" and not event.body["is_answered"]
    ]
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            1,
            event.body["phone"],
        )
        for event in missed
        if event.body["wait_seconds"] >= short
    )
    off = sum(not e.body["in_hours"] and e.body["wait_seconds"] >= short for e in missed)
    parts = {"off_hours": off, "given_up": len(missed) - len(rows), "short": short}
    return Figure("K5", 1, "count", len(rows), len(rows), rows, parts)
