"""K2: the share of targeted inquiries. Unit: share. Source: inquiry.classified."""

from voronka.kpi.conventions import Figure, Row, share_parts
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Give targeted / (targeted + not targeted) of those that arrived; the rest stands apart.

    The latest classification up to now counts. Spam and duplicates are in neither (C10).
    """
    state = {event.case: event.body["state"] for event in material.later("inquiry.classified")}
    arrived = material.of("inquiry.registered")
    rows = tuple(
        Row(
            event.case,
            event.at,
            event.owner_id,
            event.client_id,
            event.deal_id,
            int(state[event.case] == "targeted"),
            state[event.case],
        )
        for event in arrived
        if state.get(event.case) in ("targeted", "not_targeted")
    )
    part, whole = sum(row.value for row in rows), len(rows)
    parts = share_parts(part, whole)
    parts["unclassified"] = sum(event.case not in state for event in arrived)
    return Figure("K2", 1, "share", part / whole if whole else None, whole, rows, parts)
