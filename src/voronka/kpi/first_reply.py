"""K4: how long people wait for our first reply. Unit: working seconds.

Source: inquiry.registered, inquiry.answered. Whoever is still unanswered counts as having
waited until now: silence must never make the figure look better.
"""

from voronka.kpi.conventions import Figure, Row, median, percentile
from voronka.kpi.source import Material


def figure(material: Material) -> Figure:
    """Give the median wait by the company's clock, from arrival to the first human reply.

    Parts: p90, median of the person's clock, share within the norm, unanswered.
    Spam and duplicates are left out (C10); so is the past loaded without replies (`unknown`).
    """
    dropped = {
        event.case
        for event in material.later("inquiry.classified")
        if event.body["state"] in ("spam", "duplicate")
    }
    replies = {event.case: event for event in reversed(material.later("inquiry.answered"))}
    rows, own, unanswered, unknown = [], [], 0, 0
    for event in material.of("inquiry.registered"):
        if event.case in dropped:
            continue
        reply = replies.get(event.case)
        if reply is None and not event.body.get("is_reply_known", True):
            unknown += 1
            continue
        if reply is None:
            unanswered += 1
            waited = int(material.calendar.between(event.at, material.now).total_seconds())
        else:
            waited = reply.measure
            own.append(reply.body["person_seconds"])
        owner_id = reply.owner_id if reply else event.owner_id
        label = "" if reply else "unanswered"
        rows.append(
            Row(event.case, event.at, owner_id, event.client_id, event.deal_id, waited, label)
        )
    waits = [row.value for row in rows]
    norm = material.settings["answer_norm_minutes"] * 60
    parts = {
        "p90": percentile(waits, 0.9),
        "person": median(own),
        "in_norm": sum(wait <= norm for wait in waits) / len(waits) if waits else None,
        "norm": norm,
        "unanswered": unanswered,
        "unknown": unknown,
    }
    return Figure("K4", 1, "seconds", median(waits), len(waits), tuple(rows), parts)
