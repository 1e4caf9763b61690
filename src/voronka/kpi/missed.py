"""K5: missed calls. Unit: calls. Source: call.ended.

Inbound, unanswered, not given up within `short_call_seconds`; off hours stand apart, and so do
those who hung up in the voice menu before anybody was rung.
"""

from voronka.calls.missing import BROKEN_OFF
from voronka.kpi.conventions import Figure, Row
from voronka.kpi.kept_facts import Event
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Count the missed calls; parts: off hours; given up at once and in the menu (left out)."""
    short = material.settings["short_call_seconds"]
    unanswered = [
        event
        for event in material.of("call.ended")
        if event.body["direction"] == "in" and not event.body["is_answered"]
    ]
    rung = [event for event in unanswered if not event.body.get("is_menu_only", False)]
    missed = [event for event in rung if _is_missed(event, short)]
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
    )
    parts = {
        "off_hours": sum(not event.body["in_hours"] for event in missed),
        "given_up": len(rung) - len(missed),
        "menu": len(unanswered) - len(rung),
        "short": short,
    }
    return Figure("K5", 2, "count", len(rows), len(rows), rows, parts)


def _is_missed(event: Event, short: int) -> bool:
    if event.body.get("outcome") in BROKEN_OFF:
        return True
    return bool(event.body["wait_seconds"] >= short)
