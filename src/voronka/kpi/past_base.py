"""K1B: numbers we talked to past the base. Unit: share written down of those found.

Source: slip.opened and slip.closed of the rule "unregistered".
"""

from voronka.inquiries.strangers import PREFIX
from voronka.kpi.conventions import Figure, Row, share_parts
from voronka.kpi.kept_facts import Event
from voronka.kpi.source import Material

DISMISSED = "stranger.dismissed"


def figure(material: Material) -> Figure:
    """Give how many of the numbers found in the period have been written down by now.

    Each number counts once, by its first finding. Found to be no customer's counts in neither
    (C10): those stand apart in `dismissed`.
    """
    ended = {event.case: event for event in material.later("slip.closed") if _is(event)}
    found: dict[str, Event] = {}
    for event in material.of("slip.opened"):
        if _is(event):
            found.setdefault(event.case, event)
    rows, dismissed = [], 0
    for event in found.values():
        label = _label(ended.get(event.case))
        if label == "dismissed":
            dismissed += 1
            continue
        written = int(label == "written")
        rows.append(Row(event.case, event.at, event.owner_id, None, None, written, label))
    part, whole = sum(row.value for row in rows), len(rows)
    parts = share_parts(part, whole) | {"dismissed": dismissed}
    value = part / whole if whole else None
    return Figure("K1B", 1, "share", value, whole, tuple(rows), parts)


def _is(event: Event) -> bool:
    return event.case.startswith(PREFIX)


def _label(ending: Event | None) -> str:
    if ending is None:
        return "open"
    if ending.body["how"] == "accepted":
        return "accepted"
    return "dismissed" if ending.body["reason"] == DISMISSED else "written"
